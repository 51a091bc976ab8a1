"""What the scenarios in Python share. run.py says what they do and print."""

import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE, NAME, ZIP = sys.argv[1:]
DEVICE = f"{NAME}-1"
OTHER_DEVICES = [f"{NAME}-2", f"{NAME}-3"]
KEY_X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
KEY_Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"


def token(query: str) -> str:
    with urllib.request.urlopen(f"{BASE}/local/token?{query}") as response:
        return str(response.read().decode())


def zip_file() -> bytes:
    return Path(ZIP).read_bytes()


@contextmanager
def task(title: str) -> Iterator[None]:
    try:
        yield
        print(f"{title}: ok")
    except Exception as failure:
        print(f"{title}: {type(failure).__name__}:", " ".join(str(failure).split()))


def expect(actual: object, expected: object) -> None:
    if actual != expected:
        raise AssertionError(f"{actual}, expected {expected}")
