"""Tests the running local system against the contract with schemathesis, once as each kind of caller. The argument is the
file with openapi.yaml and what strict.yaml adds to it, which StrictContract wrote.

EXAMPLES (10) is the number of requests that are generated for each operation, caller and phase. SEED (1) makes them
reproducible. Prints the number of requests, and fails if a response violates openapi.yaml."""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from local_system import PROJECT, System

ALL_PHASES = "examples,coverage,fuzzing,stateful"


def main():
    seed = os.environ.get("SEED") or "1"
    examples = os.environ.get("EXAMPLES") or "10"
    with tempfile.TemporaryDirectory() as folder, System(folder) as system:
        token = system.token
        forged = token("user=alice")[:-8] + "AAAAAAAA"
        runs = [
            ("operator", "operator", token("operator=olga"), ALL_PHASES),
            ("device", "device", token("device=DEVICEID1"), ALL_PHASES),
            ("device with a key of its own", "device", device_token(system, "DEVICEID2", folder), ALL_PHASES),
            ("user", "user", token("user=alice"), ALL_PHASES),
            ("expired token", "expired-token", token("user=alice&lifetime=-60"), "examples,fuzzing"),
            ("forged token", "forged-token", forged, "examples,fuzzing"),
            ("no token", "no-token", None, "examples,fuzzing"),
        ]
        counts = [check(system.url, [f"--seed={seed}", f"--max-examples={examples}"], *run) for run in runs]
    print(f"{sum(counts):,} requests, seed {seed}: all responses match openapi.yaml")


def device_token(system, device, folder):
    """Registers a key of the device as an operator, and signs a token with it."""
    key = f"{folder}/device.pem"
    output("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    point = output("openssl", "ec", "-in", key, "-pubout", "-outform", "DER")[-64:]
    jwk = {"kty": "EC", "crv": "P-256", "x": base64url(point[:32]), "y": base64url(point[32:])}
    headers = {
        "Authorization": "Bearer " + system.token("operator=factory"),
        "Content-Type": "application/json",
    }
    url = f"{system.url}/v1/devices/{device}/keys/own"
    put = urllib.request.Request(url, json.dumps(jwk).encode(), headers, method="PUT")
    urllib.request.urlopen(put).close()
    return output(PROJECT / "tools/device-token", device, "own", key).decode().strip()


def output(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def check(url, options, title, caller, token, phases):
    """Tests as one caller, and returns the number of requests; exits if a response violates openapi.yaml."""
    command = [
        Path(sys.executable).with_name("schemathesis"),
        f"--config-file={HERE}/schemathesis.toml",
        "run",
        Path(sys.argv[1]).absolute(),
        f"--url={url}",
        f"--phases={phases}",
        *options,
        "--no-color",
        "--warnings=off",
    ]
    if token:
        command.append(f"--header=Authorization: Bearer {token}")
    environment = {**os.environ, "CALLER": caller, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    started = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    found = re.search(r"^ +(\d+) generated", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not found:
        sys.exit(f"As {title}, {' '.join(options)}:\n{shortened(done.stdout + done.stderr)}")
    print(f"  {title}: {int(found[1]):,} requests in {time.monotonic() - started:.0f} s", flush=True)
    return int(found[1])


def shortened(text):
    """Truncates lines, because a body may be a mebibyte on one line."""
    return "\n".join(line[:2_000] for line in text.splitlines())


if __name__ == "__main__":
    main()
