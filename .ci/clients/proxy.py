"""A proxy that adds a member to every object of every JSON answer, as a later release may. A client must ignore it."""

import http.client
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

ADDED = "addedlater"
TIMEOUT = 60
# These headers are about one connection only. Java's client asks to change to HTTP/2 by them.
OF_THE_CONNECTION = {"connection", "keep-alive", "upgrade", "http2-settings", "te", "transfer-encoding"}
# The proxy makes these itself.
OWN = {"host", "accept-encoding", "content-length"}


def widened(value):
    if isinstance(value, dict):
        return {name: widened(member) for name, member in value.items()} | {ADDED: {"since": ["a later release"]}}
    if isinstance(value, list):
        return [widened(item) for item in value]
    return value


class Proxy:
    """Runs on a free port of 127.0.0.1, in front of the system at a URL."""

    def __init__(self, target):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(urlsplit(target)))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()


def handler(target):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = TIMEOUT

        def forward(self):
            if "transfer-encoding" in self.headers:
                return self.send_error(411)
            body = self.rfile.read(int(self.headers.get("content-length", 0))) or None
            connection = http.client.HTTPConnection(target.hostname, target.port, timeout=TIMEOUT)
            connection.request(self.command, self.path, body, kept(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if answer.headers.get_content_type() in ("application/json", "application/problem+json"):
                content = json.dumps(widened(json.loads(content))).encode()
            self.send_response_only(answer.status, answer.reason)
            for name, value in kept(answer.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = forward

        def log_message(self, *message):
            pass

    return Handler


def kept(headers):
    return {name: value for name, value in headers.items() if name.lower() not in OF_THE_CONNECTION | OWN}
