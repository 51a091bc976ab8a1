"""Compares checkov's findings with accepted.yaml: no other finding may occur, and each accepted one must still occur."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml


def unmatched(report: dict, accepted: list[dict]) -> Iterator[str]:
    used = set()
    for finding in report["results"]["failed_checks"]:
        check, (kind, name) = finding["check_id"], finding["resource"].rsplit(".", 1)
        matches = {(it["check"], place) for it in accepted if it["check"] == check for place in it["where"] if place in (kind, name)}
        used |= matches
        if not matches:
            yield f"{check} {name}: {finding['check_name']}"
    for check, place in sorted({(it["check"], place) for it in accepted for place in it["where"]} - used):
        yield f"{check} {place} is accepted, but no longer found"


def unread(report: dict, template: dict) -> Iterator[str]:
    summary = report["summary"]
    if summary["parsing_errors"] or summary["resource_count"] != len(template["Resources"]):
        yield f"checkov did not read the whole template: {summary}"


if __name__ == "__main__":
    template, report = (json.loads(Path(it).read_text()) for it in sys.argv[1:])
    accepted = yaml.safe_load(Path(__file__).with_name("accepted.yaml").read_text())["findings"]
    sys.exit("\n".join([*unread(report, template), *unmatched(report, accepted)]) or None)
