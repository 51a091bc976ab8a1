import json
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import proxy


class Echo(BaseHTTPRequestHandler):
    """Answers with the request: as JSON, as a problem on /problem, and as text on /text."""

    def do_PUT(self):
        problem = self.path == "/problem"
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        content = json.dumps({"path": self.path, "list": [{"body": body}], "upgrade": self.headers["upgrade"]}).encode()
        kind = "text/plain" if self.path == "/text" else "application/problem+json" if problem else "application/json"
        self.send_response(409 if problem else 201)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *message):
        pass


class ProxyTest(unittest.TestCase):
    def setUp(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = self.enterContext(proxy.Proxy(f"http://127.0.0.1:{server.server_port}")).url

    def put(self, path, **headers):
        request = urllib.request.Request(self.url + path, b"hello", headers, method="PUT")
        try:
            answer = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as failure:
            answer = failure
        with answer:
            return answer.status, answer.headers, json.loads(answer.read())

    def test_every_object_has_one_more_member(self):
        status, headers, answer = self.put("/device?a=b")
        self.assertEqual((status, headers["etag"], answer["path"]), (201, '"1"', "/device?a=b"))
        self.assertIn(proxy.ADDED, answer)
        self.assertEqual(answer["list"][0].keys(), {"body", proxy.ADDED})
        self.assertEqual(answer["list"][0]["body"], "hello")

    def test_a_problem_has_one_more_member(self):
        status, _, answer = self.put("/problem")
        self.assertEqual(status, 409)
        self.assertIn(proxy.ADDED, answer)

    def test_what_is_not_json_passes(self):
        self.assertNotIn(proxy.ADDED, self.put("/text")[2])

    def test_headers_of_the_connection_do_not_pass(self):
        self.assertIsNone(self.put("/device", Upgrade="h2c")[2]["upgrade"])


if __name__ == "__main__":
    unittest.main()
