import pathlib
import socket
import subprocess
import tempfile
import threading
import unittest

import launcher

ARN = "arn:aws:lambda:eu-west-1:000000000000:function:check:live"
ROUTE = "arn:aws:execute-api:eu-west-1:000000000000:api1/$default/GET/v1/devices/firmware"


def policy(**changes):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": ARN,
        "Condition": {"ArnLike": {
            "AWS:SourceArn": "arn:aws:execute-api:eu-west-1:000000000000:api1/*/GET/v1/devices/firmware"}},
    }
    return {"Statement": [statement | changes]}


class FunctionPolicyTest(unittest.TestCase):
    def test_a_permission_for_the_route_allows_its_calls(self):
        self.assertTrue(launcher.is_allowed(policy(), ARN, ROUTE))

    def test_without_a_permission_nobody_calls(self):
        self.assertFalse(launcher.is_allowed({"Statement": []}, ARN, ROUTE))

    def test_a_permission_for_the_function_is_none_for_its_alias(self):
        self.assertFalse(launcher.is_allowed(policy(Resource=ARN.removesuffix(":live")), ARN, ROUTE))

    def test_a_permission_for_another_service_is_none(self):
        self.assertFalse(launcher.is_allowed(policy(Principal={"Service": "events.amazonaws.com"}), ARN, ROUTE))

    def test_a_permission_for_another_route_is_none(self):
        self.assertFalse(launcher.is_allowed(policy(), ARN, ROUTE.replace("GET", "PUT")))
        self.assertFalse(launcher.is_allowed(policy(), ARN, ROUTE.replace("api1", "api2")))


class ProxyTest(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server((launcher.LOOPBACK, 0))
        self.addCleanup(self.server.close)
        threading.Thread(target=self.echo_once, daemon=True).start()
        self.proxy = launcher.Proxy(self.server.getsockname()[1])

    def echo_once(self):
        connection, _ = self.server.accept()
        with connection:
            connection.sendall(connection.recv(100).upper())

    def send(self, head):
        connection = socket.create_connection((launcher.LOOPBACK, self.proxy.port), timeout=10)
        self.addCleanup(connection.close)
        connection.sendall(head)
        return connection, connection.recv(100)

    def test_every_host_is_the_target(self):
        connection, answer = self.send(b"CONNECT dynamodb.eu-west-1.amazonaws.com:443 HTTP/1.1\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "))
        connection.sendall(b"hello")
        self.assertEqual(connection.recv(100), b"HELLO")

    def test_only_https_passes(self):
        for head in (b"CONNECT localhost:22 HTTP/1.1\r\n\r\n", b"GET http://localhost/ HTTP/1.1\r\n\r\n"):
            _, answer = self.send(head)
            self.assertTrue(answer.startswith(b"HTTP/1.1 403 "))


class CertificatesTest(unittest.TestCase):
    def test_openssl_accepts_them_for_the_names_of_aws(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            launcher.make_certificates(folder, "eu-west-1")
            for host in ("dynamodb.eu-west-1.amazonaws.com", "abc.execute-api.eu-west-1.amazonaws.com",
                         "pool.auth.eu-west-1.amazoncognito.com", "iam.amazonaws.com"):
                subprocess.run(
                    ["openssl", "verify", "-x509_strict", "-CAfile", folder / "ca.pem", "-verify_hostname", host,
                     folder / "server.pem"], check=True, capture_output=True)


if __name__ == "__main__":
    unittest.main()
