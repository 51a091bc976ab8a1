"""The local system, for checks that call it."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).parent.parent
START_SECONDS = 60
END_SECONDS = 30


class System:
    """The local system, on a free port, with empty stores in a folder."""

    def __init__(self, folder):
        self.log = Path(folder, "out.txt")
        java = os.environ.get("JAVA", "java")
        # A high limit, because most uploads would otherwise be refused as too many.
        command = [java, "-cp", "local/target/lib/*", "io.fleetwell.local.Main", "UploadsPerDay=100000"]
        environment = {**os.environ, "PORT": "0", "FLEETWELL_DATA": f"{folder}/data"}
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=environment, stdout=out, stderr=subprocess.STDOUT
            )

    def __enter__(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            ready = re.search(r"Fleetwell is ready .* at (http\S+)/\s", self.log.read_text())
            if ready:
                self.url = ready[1]
                return self
            time.sleep(0.1)
        self.__exit__()
        sys.exit("The system did not start:\n" + self.log.read_text())

    def __exit__(self, *exception):
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def token(self, query):
        with urllib.request.urlopen(f"{self.url}/local/token?{query}") as response:
            return response.read().decode()
