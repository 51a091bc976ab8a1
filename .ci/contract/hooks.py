"""Extends schemathesis: serializers for bodies that it does not know, the constraints on valid data that a schema cannot
express, and further checks of every response."""

import io
import itertools
import json
import os
import re
import zipfile
from decimal import Decimal
from urllib.parse import unquote, urlsplit

import schemathesis

CALLER = os.environ["CALLER"]
"""The kind of the caller, as in x-callers, or what is wrong with their token."""

REFUSED = {
    "no-token": (401, {"message": "Unauthorized"}),
    "forged-token": (403, {"message": "Forbidden"}),
    "expired-token": (401, "token-expired"),
}

TOO_LONG = (414, 431)
"""The gateway's statuses if the request line and headers exceed 10,240 bytes, on every route."""

FOR_OTHERS = re.compile(
    r"Only an operator can change when a key expires\.|The key \S+, which signed the token, was revoked or has expired\."
)
"""The details of 403s that depend on the content of a request or on the caller's key, not on the kind of caller."""

CHECKS = ("CheckFirmware", "ProbeFirmware")

CLAIM_CODE = "7H3K-9QZM-2XW4-TD6P"
KEYS = {
    "EC": {
        "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    },
    "OKP": {"crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    "RSA": {"n": "s" + "A" * 340 + "Q", "e": "AQAB"},
}


def zip_of(content):
    """A valid zip file as ASCII text. It takes a few tries until the checksum consists of ASCII bytes."""
    entry = zipfile.ZipInfo("log.txt")
    entry.external_attr = 0o400 << 16
    for i in itertools.count():
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(entry, f"{i} {content}")
        if file.getvalue().isascii():
            return file.getvalue().decode("ascii")


# Serializers. strict.yaml describes one line of a body of lines.


@schemathesis.serializer("application/x-ndjson")
def write_line(context, value):
    return json.dumps(value).encode()


@schemathesis.serializer("application/zip")
def write_zip(context, value):
    return str(value).encode()


@schemathesis.deserializer("application/x-ndjson")
def read_line(context, response):
    """The first line, because the request had one."""
    return json.loads(response.content.splitlines()[0])


def line_statuses(response):
    return [json.loads(line)["status"] for line in response.content.splitlines()]


# Valid data: the constraints that are in descriptions, because a schema cannot express them.


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    name = case.operation.definition.raw["operationId"]
    if case.query or name in ("WithdrawFirmware", *CHECKS):
        case.query = case.query or {}
        complete_query(name, case)
    for header in ("If-Match", "If-None-Match"):
        # The coverage phase ignores the pattern of a header.
        if header in (case.headers or {}) and not re.match(r'\*$|(W/)?"', str(case.headers[header])):
            case.headers[header] = '"0"'
    if isinstance(case.body, dict):
        case.body = complete_body(name, case, with_storable_numbers(case.body))


def complete_query(name, case):
    # A valid cursor comes from a list, by a link. Generated cursors are for the negative tests.
    if not linked(case, "cursor"):
        case.query.pop("cursor", None)
    if name == "WithdrawFirmware" and not case.query.get("id"):
        case.query["devicetype"] = case.query.get("devicetype") or "Device Type"
        case.query["region"] = case.query.get("region") or "eu"
    if name in CHECKS and not case.query.get("devicetype"):
        case.query["devicetype"] = "Device Type"
    if "version" in case.query:
        case.query["version"] = readable(case.query["version"])


def linked(case, parameter):
    override = getattr(case, "_override", None)
    return override is not None and parameter in override.query


def complete_body(name, case, body):
    if name in ("PutDevice", "RegisterDevice") and "deviceid" in body:
        body["deviceid"] = unquote(case.path_parameters["deviceid"])
    if name == "PutDeviceKey":
        complete_key(body, unquote(case.path_parameters["kid"]))
    if name == "ImportDeviceKeys" and "key" in body:
        complete_key(body["key"], body["key"]["kid"])
    if name == "ImportDeviceKeys" and "facts" in body:
        complete_facts(body["facts"])
    if isinstance(body.get("claimcode"), str):
        body["claimcode"] = CLAIM_CODE
    if name == "PublishFirmware":
        complete_firmware(body)
    if name == "UploadLog":
        body["file"] = zip_of(ascii(body["file"])[:64])
    return body


def complete_facts(facts):
    """Other members of these objects have the limits of details, and are not null, because the factory only adds facts."""
    known = {
        "versioninfo": ("firmware", "module", "mcu", "dsp", "bt"),
        "power": ("bootcount", "runtime", "batteryruntime", "powersupplyruntime", "chargingtime"),
    }
    for name, members in known.items():
        if name in facts:
            facts[name] = {member: value for member, value in facts[name].items() if member in members}


def complete_key(key, kid):
    key.update(KEYS[key["kty"]])
    if "kid" in key:
        key["kid"] = kid
    if key.get("expires") is not None:
        key["expires"] = "2035-01-01T00:00:00Z"


def readable(version):
    """The numbers of a version. What follows them may have no order, and is then refused."""
    numbers = re.match(r"[vV]?[0-9]+(\.[0-9]+)*", version)
    return numbers.group() if numbers else version


def complete_firmware(body):
    body["version"] = readable(body["version"])
    if "serial-regex" in body:
        body["serial-regex"] = "SERIAL[A-Z]*[0-9]+"
    if "releasenotes" in body:
        notes = {short(note["lang"]).lower(): {**note, "lang": short(note["lang"])} for note in body["releasenotes"]}
        body["releasenotes"] = list(notes.values())


def short(language):
    """Long tags may have extensions, which have further rules, and duplicate subtags."""
    return language if len(language) <= len("zh-Hans-CN") else language.split("-")[0]


def with_storable_numbers(value):
    """The value, with 0 for each number that cannot be stored exactly."""
    if isinstance(value, dict):
        return {name: with_storable_numbers(item) for name, item in value.items()}
    if isinstance(value, list):
        return [with_storable_numbers(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if is_storable(value) else 0
    return value


def is_storable(number):
    if number == 0:
        return True
    digits = Decimal(repr(number)).normalize()
    return len(digits.as_tuple().digits) <= 38 and -130 <= digits.adjusted() <= 125


# Further checks.


@schemathesis.check
def a_caller_who_is_not_allowed_is_refused(ctx, response, case):
    """A caller without a valid token, or of a kind that the operation is not for, gets the documented refusal."""
    if not reaches_its_operation(response, case):
        return
    refusal = REFUSED.get(CALLER)
    if refusal is None:
        allowed = CALLER in case.operation.definition.raw["x-callers"]
        forbidden = problem(response) == "forbidden" and not FOR_OTHERS.fullmatch(response.json()["detail"])
        assert allowed != forbidden, f"{CALLER}: {response.status_code}"
        return
    status, what = refusal
    assert response.status_code == status
    if response.request.method != "HEAD":
        assert what in (problem(response), response.json())


def reaches_its_operation(response, case):
    """A generated path may match another route or none, and the gateway answers too large headers itself."""
    request = response.request
    return (
        request.method == case.operation.method.upper()
        and route(case, request) == case.operation.path
        and response.status_code not in TOO_LONG
    )


def route(case, request):
    """The path in openapi.yaml that the gateway selects for a request: the one with the fewest variables."""
    path = urlsplit(request.url).path
    found = [
        template
        for template, operations in case.operation.schema.raw_schema["paths"].items()
        if request.method.lower() in operations and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path)
    ]
    return min(found, key=lambda template: template.count("{"), default=None)


def problem(response):
    """The name of the problem in a body; empty if there is none, as in an answer to HEAD."""
    if not response.content or response.headers.get("content-type", [""])[0] != "application/problem+json":
        return ""
    return response.json()["type"].removeprefix("urn:fleetwell:problem:")


@schemathesis.check
def an_unknown_route_is_404(ctx, response, case):
    """Replaces unsupported_method, which expects 405."""
    if route(case, response.request) is None and response.status_code not in TOO_LONG:
        assert response.status_code == 404
        if response.request.method != "HEAD":
            assert response.json() == {"message": "Not Found"}


@schemathesis.check
def valid_lines_succeed(ctx, response, case):
    """A call with lines gets 200; each line has a status of its own."""
    if case.meta is None or response.status_code != 200 or not is_import(case):
        return
    if case.meta.generation.mode.is_positive:
        assert set(line_statuses(response)) <= {200, 201, 409}


def is_import(case):
    return case.operation.definition.raw["operationId"] == "ImportDeviceKeys"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Ignores failures that are expected."""
    return not (
        response.status_code in TOO_LONG
        or is_of_another_route(response, case)
        or is_refusal_of_lines(failure, response, case)
        or has_empty_parameter(failure, case)
    )


def is_of_another_route(response, case):
    """GET /v1/devices/{deviceid} with the deviceid `firmware`, which no device can have, is GET /v1/devices/firmware."""
    return route(case, response.request) not in (case.operation.path, None)


def is_refusal_of_lines(failure, response, case):
    """An invalid line is refused by the status of the line, not that of the call."""
    return (
        type(failure).__name__ == "AcceptedNegativeData"
        and is_import(case)
        and response.status_code == 200
        and all(status in (400, 413) for status in line_statuses(response))
    )


def has_empty_parameter(failure, case):
    """An empty query parameter counts as left out, whatever its schema is."""
    return type(failure).__name__ == "AcceptedNegativeData" and "" in (case.query or {}).values()
