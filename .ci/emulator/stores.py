"""Runs a command while ministack plays DynamoDB and S3, whose address the command finds in STORES.

usage: stores.py COMMAND [ARGUMENT...]

Exits as the command does. Nothing is left running.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from launcher import LOOPBACK, free_port

START_SECONDS = 60


def environment(port, folder):
    """Without TLS and without roles: the tests of the stores have neither."""
    return os.environ | {
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SERVICES": "dynamodb,s3",
        "TMPDIR": folder,
        "LOG_LEVEL": "WARNING",
    }


def wait_for(process, address):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit("test-emulated-stores: the emulator ended")
        with contextlib.suppress(OSError), urllib.request.urlopen(address + "/_ministack/health", timeout=5):
            return
        time.sleep(0.2)
    sys.exit(f"test-emulated-stores: the emulator did not answer within {START_SECONDS} s")


def main(command):
    address = f"http://{LOOPBACK}:{(port := free_port())}"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack.app"], env=environment(port, folder), start_new_session=True,
            stdin=subprocess.DEVNULL)
        try:
            wait_for(process, address)
            return subprocess.run(command, env=os.environ | {"STORES": address}).returncode
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(sys.argv[1:]))
