"""
Checks the transformed template against the project's rules: every route but those of the public pages has the
authorizer, what anyone may call is limited and has no rights, permissions are exact, no secret is in the template,
parameters that need each other are given together, every parameter is bounded, every table is protected and among the outputs, the access log identifies no caller, only pages of the origins that the
deployer names may call the API, a function starts from a snapshot exactly if devices or users call it, a schedule keeps
every snapshot, the case of user names changes in no existing pool, nothing dear is on by default, and the stack has
room to grow.

Each rule takes the template and yields the violations.
"""

import itertools
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import yaml

SECRET_NAME = re.compile(r"secret|passw|token|credential|private|api_?key|access_?key", re.IGNORECASE)
SECRET_VALUE = re.compile(r"-----BEGIN|\b(AKIA|ASIA)[0-9A-Z]{16}\b|\{\{resolve:(secretsmanager|ssm-secure)|\beyJ[\w-]{8,}\.")
LOGGED_VARIABLE = re.compile(
    r"\$context\.(requestTime|requestId|routeKey|status|responseLatency|responseLength|identity\.(sourceIp|userAgent)"
    r"|authorizer\.(status|error)|integration\.status|integrationErrorMessage|error\.message)"
)
PROJECT = Path(__file__).resolve().parents[2]
# CloudFormation allows 500 in a stack.
MAX_RESOURCES = 420
# The caller of a route that openapi.yaml does not have.
ANYONE = "anyone"
# The callers that can wait for a cold start: kinds of openapi.yaml's x-callers, and readers of pages.
CAN_WAIT = {"operator", "support", ANYONE}
# Lambda deletes a snapshot after 14 days without a call. The longest rate that allows for one call that fails.
MAX_DAYS_ASLEEP = 7
RATE = re.compile(r"rate\((\d+) days?\)")
VARIABLE = re.compile(r"\$\{(\w+)\}")
CALLED = re.compile(r"/functions/\$\{(\w+)(?:\.Arn)?\}/invocations$")
# What anyone may call: static files, from a function that has no rights.
PAGES = "Pages"
PUBLIC_ROUTES = {"GET /", "GET /docs", "GET /docs/{file}", "GET /openapi.json", "GET /openapi.yaml"}
# Of each of these routes, in calls a second and at once. What strangers can cost follows from it, as decision 38 says.
MOST_PUBLIC_CALLS = {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 20}
# They configure the JVM, and say nothing of the deployment.
PUBLIC_VARIABLES = {"JAVA_TOOL_OPTIONS"}
CLAIM = "PUT /v1/user/devices/owner/{deviceid}"
REGISTER = "PUT /v1/user/devices/{deviceid}"
UPLOAD = "POST /v1/devices/{deviceid}/logs/{logtype}"
# Browsers send these to any origin without asking first.
SAFE_METHODS = {"GET", "HEAD", "POST"}
ORIGINS = ["", "*", "https://app.example.com", "https://app.example.com,http://localhost:3000"]
NO_ORIGINS = [
    "https://app.example.com,*", "*,https://app.example.com", "https://app.example.com/", "https://App.example.com",
    "https://app.example.com, https://b.example", "https://*.example.com", "app.example.com", "null", ",",
    "https://app.example.com,",
]
SECRET_ATTRIBUTE = re.compile(r"\b(ClientSecret|SecretAccessKey|SecretString)\b")


def of_type(template: dict, kind: str) -> dict[str, dict]:
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def each(value) -> list:
    return value if isinstance(value, list) else [value]


def text(value) -> str:
    """A value in the notation of Fn::Sub."""
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": str(pattern)}:
            return pattern
        case str():
            return value
        case _:
            return json.dumps(value)


def routes(template: dict) -> Iterator[tuple[str, str, dict]]:
    """The API, the key and the operation of each route."""
    for api, properties in of_type(template, "AWS::ApiGatewayV2::Api").items():
        for path, methods in properties["Body"]["paths"].items():
            for method, operation in methods.items():
                yield api, f"{method.upper()} {path}", operation


def unguarded_routes(template: dict) -> Iterator[str]:
    for api, route, operation in routes(template):
        schemes = template["Resources"][api]["Properties"]["Body"]["components"]["securitySchemes"]
        asked = [name for scheme in operation.get("security", []) for name in scheme]
        guards = [name for name in asked if "x-amazon-apigateway-authorizer" in schemes.get(name, {})]
        guarded = guards and guards == asked
        public = route in PUBLIC_ROUTES and called_by(template, operation["x-amazon-apigateway-integration"]["uri"]) == PAGES
        if not guarded and not public:
            yield f"{api}: {route} has no authorizer"


def public_pages(template: dict) -> Iterator[str]:
    """What makes the function that anyone may call, or its routes, more than static pages."""
    called = {
        route for _, route, operation in routes(template)
        if called_by(template, operation["x-amazon-apigateway-integration"]["uri"]) == PAGES
    }
    yield from (f"{PAGES} is called by {it}, which is no public route" for it in sorted(called - PUBLIC_ROUTES))
    yield from (f"{it} is listed as public, but does not call {PAGES}" for it in sorted(PUBLIC_ROUTES - called))
    role = of_type(template, "AWS::IAM::Role")[function_roles(template)[PAGES]]
    if role.get("Policies"):
        yield f"{PAGES} has a policy, although anyone may call it"
    variables = of_type(template, "AWS::Lambda::Function")[PAGES]["Environment"]["Variables"]
    yield from (f"{PAGES} has the variable {it}, although anyone may call it" for it in sorted(variables.keys() - PUBLIC_VARIABLES))
    for stage in of_type(template, "AWS::ApiGatewayV2::Stage").values():
        for route in sorted(PUBLIC_ROUTES):
            for limit, most in MOST_PUBLIC_CALLS.items():
                own = stage["RouteSettings"].get(route, {}).get(limit)
                if not isinstance(own, int) or own > most:
                    yield f"anyone may call {route}, and its {limit} is not {most} or less"


def function_roles(template: dict) -> dict[str, str]:
    """Each function's name, with the name of its role."""
    return {
        name: properties["Role"]["Fn::GetAtt"][0]
        for name, properties in of_type(template, "AWS::Lambda::Function").items()
    }


def functions_without_exactly_one_policy(template: dict) -> Iterator[str]:
    roles = of_type(template, "AWS::IAM::Role")
    for function, role in function_roles(template).items():
        if function == PAGES:
            continue
        count = len(roles[role].get("Policies", []))
        if count != 1:
            yield f"{function} has {count} policies instead of one"


def statements(properties) -> Iterator[dict]:
    match properties:
        case {"Effect": _}:
            yield properties
        case dict():
            for value in properties.values():
                yield from statements(value)
        case list():
            for value in properties:
                yield from statements(value)


def described(statement: dict) -> str:
    """A statement in words; Allow is left out."""
    words = [] if statement["Effect"] == "Allow" else [statement["Effect"]]
    for key in ("Action", "NotAction"):
        if key in statement:
            words.append(("all but " if key == "NotAction" else "") + ", ".join(each(statement[key])))
    for key in ("Resource", "NotResource"):
        if key in statement:
            words.append(("on all but " if key == "NotResource" else "on ") + ", ".join(map(text, each(statement[key]))))
    if "Principal" in statement:
        words.append("to " + text(statement["Principal"]))
    return " ".join(words)


def is_wide(statement: dict) -> bool:
    everything = "NotAction" in statement or "NotResource" in statement or "NotPrincipal" in statement
    return everything or "*" in json.dumps([statement.get(key) for key in ("Action", "Resource", "Principal")])


def wide_grants(template: dict, accepted: list[dict]) -> Iterator[str]:
    roles = set(function_roles(template).values())
    grants = set()
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        holder = "every function" if name in roles else name
        grants.update((holder, text(arn)) for arn in properties.get("ManagedPolicyArns", []))
        grants.update((name, described(it)) for it in statements(properties) if is_wide(it))
    known = {(it["holder"], it["what"]) for it in accepted}
    yield from (f"{holder}: {what} is too wide a permission" for holder, what in sorted(grants - known))
    yield from (f"{holder}: accepted, but no longer granted: {what}" for holder, what in sorted(known - grants))


def strings(value, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with its path."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from strings(inner, f"{at}.{key}" if at else str(key))
        case list():
            for index, inner in enumerate(value):
                yield from strings(inner, f"{at}.{index}")
        case str():
            yield at, value


def secrets(template: dict, accepted: list[dict]) -> Iterator[str]:
    for at, value in strings(template):
        if SECRET_VALUE.search(value) or (SECRET_ATTRIBUTE.search(value) and not at.endswith("Description")):
            yield f"{at} holds a secret"
    harmless = {it["name"] for it in accepted}
    suspicious = {name for name in template["Parameters"] if SECRET_NAME.search(name)}
    hidden = {name for name, parameter in template["Parameters"].items() if parameter.get("NoEcho")}
    for properties in of_type(template, "AWS::Lambda::Function").values():
        suspicious.update(filter(SECRET_NAME.search, properties["Environment"]["Variables"]))
    yield from (f"{name} is named like a secret" for name in sorted(suspicious - harmless - hidden))
    yield from (f"{name} is accepted as harmless, but no longer exists" for name in sorted(harmless - suspicious))
    yield from (f"{name} is a secret and has a default" for name in hidden if "Default" in template["Parameters"][name])
    shown = of_type(template, "AWS::Lambda::Function") | template["Outputs"]
    for at, value in strings(shown):
        if value in hidden or any(f"${{{it}}}" in value for it in hidden):
            yield f"{at} shows the secret {value}"


def is_true(condition: dict, parameters: dict[str, str]) -> bool:
    match condition:
        case {"Fn::Not": [inner]}:
            return not is_true(inner, parameters)
        case {"Fn::Equals": [{"Ref": name}, str(value)]}:
            return parameters[name] == value
        case {"Fn::Contains": [list(values), {"Ref": name}]}:
            return parameters[name] in values
        case _:
            raise ValueError(f"unknown form of condition: {condition}")


def allows(template: dict, parameters: dict[str, str]) -> bool:
    defaults = {name: str(it.get("Default", "")) for name, it in template["Parameters"].items()}
    given = {"AWS::Region": "eu-west-1"} | defaults | parameters
    return all(
        is_true(it["Assert"], given)
        for rule in template["Rules"].values()
        if "RuleCondition" not in rule or is_true(rule["RuleCondition"], given)
        for it in rule["Assertions"]
    )


# Parameters that are given together. A third one, in brackets, needs them.
TOGETHER = [("OidcIssuer", "OidcAudience"), ("DomainName", "CertificateArn", ["HostedZoneId"])]


def half_given(template: dict) -> Iterator[str]:
    """Combinations of parameters that the rules allow, although a part is missing, or refuse, although none is."""
    for first, second, *more in TOGETHER:
        names = [first, second, *(name for names in more for name in names)]
        for values in itertools.product(("", "given"), repeat=len(names)):
            given = dict(zip(names, values))
            wanted = (given[first] == given[second]) and (given[first] != "" or not any(values))
            if allows(template, given) != wanted:
                what = " and ".join(name for name in names if given[name]) or f"neither {first} nor {second}"
                yield f"Rules: {what} {'is refused' if wanted else 'is allowed'}"


def unfit_regions(template: dict) -> Iterator[str]:
    """Regions where the template cannot be deployed, or not with its defaults. Some of those that AWS lists."""
    for region in ("ap-east-2", "ap-southeast-6"):
        if allows(template, {"AWS::Region": region, "ThrottlingRate": "1000", "ThrottlingBurst": "500"}):
            yield f"Rules: {region} is allowed, where functions cannot start from snapshots"
    for region in ("af-south-1", "mx-central-1"):
        for lower in ({"ThrottlingRate": "2500"}, {"ThrottlingBurst": "1250"}):
            if allows(template, {"AWS::Region": region} | lower):
                yield f"Rules: {region} allows more calls than an account may make there, with {lower}"
        if not allows(template, {"AWS::Region": region, "ThrottlingRate": "2500", "ThrottlingBurst": "1250"}):
            yield f"Rules: {region} is refused"


def unbounded_parameters(template: dict) -> Iterator[str]:
    for name, parameter in template["Parameters"].items():
        bounded = "AllowedValues" in parameter or "AllowedPattern" in parameter or {"MinValue", "MaxValue"} <= parameter.keys()
        # A secret must not have a default.
        complete = "Description" in parameter and ("Default" in parameter or parameter.get("NoEcho"))
        if not bounded or not complete:
            yield f"{name} lacks a default, a description or a constraint"


def unprotected_data(template: dict, accepted: list[dict]) -> Iterator[str]:
    """Tables and buckets that can be deleted, with their stack or alone."""
    found = set()
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        protected = resource.get("DeletionPolicy") == resource.get("UpdateReplacePolicy") == "Retain"
        if resource["Type"] == "AWS::DynamoDB::Table":
            if properties.get("BillingMode") != "PAY_PER_REQUEST":
                yield f"{name} costs money while it is idle"
            recovery = properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
            protected &= recovery is True and properties.get("DeletionProtectionEnabled") == {"Ref": "DeletionProtection"}
        elif resource["Type"] != "AWS::S3::Bucket":
            continue
        if not protected:
            found.add(name)
    known = {name for it in accepted for name in it["where"]}
    yield from (f"{name} is not protected from deletion" for name in sorted(found - known))
    yield from (f"{name} is accepted as unprotected, but is protected or gone" for name in sorted(known - found))


def hidden_tables(template: dict) -> Iterator[str]:
    """Tables that are missing in the outputs."""
    shown = {text(it["Value"]) for it in template["Outputs"].values()}
    for table in of_type(template, "AWS::DynamoDB::Table"):
        if f"${{{table}}}" not in shown:
            yield f"{table} is not among the outputs"


def silent_alarms(template: dict) -> Iterator[str]:
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm").items():
        if alarm.get("AlarmActions") != [{"Ref": "Alarms"}]:
            yield f"{name} notifies nobody"


def access_logs(template: dict) -> Iterator[str]:
    formats = [value for at, value in strings(of_type(template, "AWS::ApiGatewayV2::Stage")) if at.endswith(".Format")]
    if not formats:
        yield "the API has no access log"
    for name, value in (it for written in formats for it in json.loads(written).items()):
        if not LOGGED_VARIABLE.fullmatch(value):
            yield f"the access log's {name} may identify the caller: {value}"


def cross_origin_calls(template: dict) -> Iterator[str]:
    """APIs that pages of other origins may call by default, or not as they need to once their origins are named."""
    defaults = {name: str(it.get("Default")) for name, it in template["Parameters"].items()}
    for api, properties in of_type(template, "AWS::ApiGatewayV2::Api").items():
        body = properties["Body"]
        match body.get("x-amazon-apigateway-cors"):
            case {"Fn::If": [str(condition), {"allowOrigins": {"Fn::Split": [",", str()]}} as cors, {"Ref": "AWS::NoValue"}]}:
                if is_true(template["Conditions"][condition], defaults):
                    yield f"{api}: pages of other origins may call it by default"
                yield from (f"{api}: {problem}" for problem in unfit_cors(cors, body["paths"]))
            case _:
                yield f"{api}: CorsOrigins does not decide alone which origins may call it"


def unfit_cors(cors: dict, paths: dict) -> Iterator[str]:
    used = {method.upper() for operations in paths.values() for method in operations}
    for method in sorted(used - SAFE_METHODS - set(cors.get("allowMethods", []))):
        yield f"pages of the named origins may not use {method}"
    if cors.get("allowCredentials"):
        yield "browsers would send cookies and the like with calls from pages"
    for name in ("allowHeaders", "exposeHeaders"):
        # A * does not cover Authorization, and shows pages what later releases add.
        if not cors.get(name) or "*" in cors[name]:
            yield f"{name} does not name the headers"


def unfit_origins(template: dict) -> Iterator[str]:
    pattern = re.compile(template["Parameters"]["CorsOrigins"].get("AllowedPattern", ""))
    yield from (f"CorsOrigins refuses '{it}'" for it in ORIGINS if not pattern.fullmatch(it))
    yield from (f"CorsOrigins allows '{it}', which are not the origins of browsers" for it in NO_ORIGINS if pattern.fullmatch(it))


def slow_routes_without_lower_limits(template: dict) -> Iterator[str]:
    for stage in of_type(template, "AWS::ApiGatewayV2::Stage").values():
        for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            usual = default(template, stage["DefaultRouteSettings"][limit])
            for route in (REGISTER, CLAIM, UPLOAD):
                own = stage["RouteSettings"].get(route, {}).get(limit)
                if own is None or default(template, own) >= usual:
                    yield f"{route} has no lower {limit}"


def default(template: dict, value):
    """A value, or the default of the parameter that it references."""
    return template["Parameters"][value["Ref"]]["Default"] if isinstance(value, dict) else value


def called_by(template: dict, uri) -> str:
    """The function that an integration's URI calls, directly or by its alias."""
    called = CALLED.search(text(uri))[1]
    alias = of_type(template, "AWS::Lambda::Alias").get(called)
    return alias["FunctionName"]["Ref"] if alias else called


def callers(template: dict, contract: dict) -> dict[str, set[str]]:
    """The kinds of callers of each function, on all of its routes."""
    found = {}
    for _, route, operation in routes(template):
        method, path = route.split(" ")
        function = called_by(template, operation["x-amazon-apigateway-integration"]["uri"])
        of_contract = contract["paths"].get(path, {}).get(method.lower(), {})
        found.setdefault(function, set()).update(of_contract.get("x-callers", {ANYONE}))
    return found


def with_snapshot(template: dict) -> set[str]:
    functions = of_type(template, "AWS::Lambda::Function")
    return {it for it in functions if functions[it].get("SnapStart") == {"ApplyOn": "PublishedVersions"}}


def schedules(template: dict) -> Iterator[tuple[str, dict, dict]]:
    """The name and the properties of each schedule, and each of its targets."""
    for name, properties in of_type(template, "AWS::Events::Rule").items():
        for target in properties["Targets"]:
            yield name, properties, target


def function_of(target: dict) -> str:
    return target["Arn"]["Fn::GetAtt"][0]


def scheduled(template: dict) -> set[str]:
    """The functions that schedules call. Nobody waits for them."""
    return {function_of(target) for _, _, target in schedules(template)}


def functions_of_aliases(template: dict, names: list[str]) -> set[str]:
    """The functions of aliases; another name stays as it is."""
    aliases = of_type(template, "AWS::Lambda::Alias")
    return {aliases[name]["FunctionName"]["Ref"] if name in aliases else name for name in names}


def invocable(template: dict, function: str) -> set[str]:
    """What a function's policies allow it to call."""
    role = of_type(template, "AWS::IAM::Role")[function_roles(template)[function]]
    resources = [
        text(resource)
        for statement in statements(role.get("Policies", []))
        if "lambda:InvokeFunction" in each(statement["Action"])
        for resource in each(statement["Resource"])
    ]
    return functions_of_aliases(template, [it.removeprefix("${").removesuffix("}") for it in resources])


def sleeping_snapshots(template: dict) -> Iterator[str]:
    """Functions with a snapshot that no schedule calls in time, and others that one calls, or may call."""
    expected = with_snapshot(template)
    called = set()
    for name, properties, target in schedules(template):
        rate = RATE.fullmatch(properties["ScheduleExpression"])
        if properties.get("State", "ENABLED") != "ENABLED" or not rate or int(rate[1]) > MAX_DAYS_ASLEEP:
            yield f"{name} does not run every {MAX_DAYS_ASLEEP} days"
        called |= functions_of_aliases(template, VARIABLE.findall(text(target["Input"])))
        allowed = invocable(template, function_of(target))
        yield from (f"{name} may not call {it}, which has a snapshot" for it in sorted(expected - allowed))
        yield from (f"{name} may call {it}, which has no snapshot" for it in sorted(allowed - expected))
    yield from (f"{it} has a snapshot, but no schedule calls it" for it in sorted(expected - called))
    yield from (f"{it} has no snapshot, but a schedule calls it" for it in sorted(called - expected))


def misplaced_snapshots(template: dict, contract: dict) -> Iterator[str]:
    """Functions that can wait for a cold start and have a snapshot, version or alias, and other functions without one."""
    called = callers(template, contract)
    functions = of_type(template, "AWS::Lambda::Function")
    holders = {
        "a snapshot": with_snapshot(template),
        "a version": {it["FunctionName"]["Ref"] for it in of_type(template, "AWS::Lambda::Version").values()},
        "an alias": {it["FunctionName"]["Ref"] for it in of_type(template, "AWS::Lambda::Alias").values()},
    }
    for function in functions:
        can_wait = called[function] <= CAN_WAIT if function in called else function in scheduled(template)
        for what, having in holders.items():
            if can_wait and function in having:
                yield f"{function} can wait for a cold start, but has {what}"
            if not can_wait and function not in having:
                yield f"{function} cannot wait for a cold start, but does not have {what}"


def first_deployment() -> dict[str, str]:
    """The parameters with which samconfig.example.toml deploys a new stack."""
    config = tomllib.loads((PROJECT / "samconfig.example.toml").read_text())
    overrides = config["default"]["deploy"]["parameters"].get("parameter_overrides", [])
    return dict(override.split("=", 1) for override in overrides)


def user_names(template: dict, first: dict[str, str]) -> Iterator[str]:
    """
    Pools whose case of user names would change on an update, which Cognito refuses, and pools of new stacks that do not
    ignore the case. `first` has the parameters of a first deployment; an update has the defaults of parameters that the
    stack does not know yet.
    """
    defaults = {name: str(it.get("Default")) for name, it in template["Parameters"].items()}
    for name, properties in of_type(template, "AWS::Cognito::UserPool").items():
        match properties.get("UsernameConfiguration"):
            case {"Fn::If": [str(condition), {"CaseSensitive": False}, {"Ref": "AWS::NoValue"}]}:
                ignores_case = template["Conditions"][condition]
                if is_true(ignores_case, defaults):
                    yield f"{name}: the default would change the case of user names in existing pools"
                if not is_true(ignores_case, defaults | first):
                    yield f"{name}: samconfig.example.toml makes a new pool with case-sensitive user names"
            case _:
                yield f"{name}: no parameter decides whether the case of user names is ignored"


def costly_defaults(template: dict) -> Iterator[str]:
    """What costs as much as the firmware checks themselves and is on by default; and pools without a chosen price."""
    for name, off in (("AccessLogs", "false"), ("Tracing", "PassThrough")):
        if template["Parameters"][name]["Default"] != off:
            yield f"{name} is on by default"
    for name, properties in of_type(template, "AWS::Cognito::UserPool").items():
        if "UserPoolTier" not in properties:
            yield f"{name} gets Cognito's default tier, which costs more"


def too_many_resources(template: dict) -> Iterator[str]:
    count = len(template["Resources"])
    if count >= MAX_RESOURCES:
        yield f"the stack has {count} resources; fewer than {MAX_RESOURCES} are allowed"


def violations(template: dict, accepted: dict, contract: dict, first: dict[str, str]) -> list[str]:
    return [
        *unguarded_routes(template),
        *public_pages(template),
        *functions_without_exactly_one_policy(template),
        *wide_grants(template, accepted["grants"]),
        *secrets(template, accepted["names"]),
        *half_given(template),
        *unfit_regions(template),
        *unbounded_parameters(template),
        *unprotected_data(template, accepted["unprotected"]),
        *hidden_tables(template),
        *silent_alarms(template),
        *access_logs(template),
        *cross_origin_calls(template),
        *unfit_origins(template),
        *slow_routes_without_lower_limits(template),
        *misplaced_snapshots(template, contract),
        *sleeping_snapshots(template),
        *user_names(template, first),
        *costly_defaults(template),
        *too_many_resources(template),
    ]


if __name__ == "__main__":
    found = violations(
        json.loads(Path(sys.argv[1]).read_text()),
        yaml.safe_load(Path(__file__).with_name("accepted.yaml").read_text()),
        yaml.safe_load((PROJECT / "openapi.yaml").read_text()),
        first_deployment(),
    )
    sys.exit("\n".join(found) or None)
