"""Deploys the packages in .aws-sam/build on an emulator of AWS, uses the system as the guides say, and deletes it.

usage: deploy.py CLASS_PATH

CLASS_PATH is that of the module testing. JAVA is the java command of Lambda's JDK, and SAM the sam command. Prints a line
for each step. The first thing that is wrong ends it with one line and the status 1. Nothing is left running.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from launcher import DOMAIN

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
FOLDER = PROJECT / "target" / "emulated"
REGION = "eu-west-1"
STACK = "fleetwell"
START_SECONDS = 60
COMMAND_SECONDS = 300

# Which resource an output is of. The others are checked by their use.
RESOURCES = {
    "AppClientId": "AppClient",
    "ConsoleClientId": "ConsoleClient",
    "UploadsBucket": "Uploads",
    "FunctionLogsGroup": "FunctionLogs",
    "AlarmsTopic": "Alarms",
    **{f"{table}Table": table for table in (
        "Devices", "UserDevices", "Firmware", "DeviceKeys", "History", "ClaimAttempts", "UploadCounts")},
}
USED = {"ApiUrl", "DocsUrl", "ApiLogsGroup", "DomainTarget", "DashboardUrl", "Issuer", "DeviceAudience", "FirstCall"}

# Parameters that need another one, a value, and the reason for which they are refused alone.
HALVES = [
    ("OidcIssuer", "https://issuer.example", "OidcIssuer needs OidcAudience"),
    ("OidcAudience", "app", "OidcAudience needs OidcIssuer"),
    ("DomainName", DOMAIN, "DomainName needs CertificateArn"),
    ("CertificateArn", "arn:aws:acm:eu-west-1:000000000000:certificate/1", "CertificateArn needs DomainName"),
    ("HostedZoneId", "Z0EXAMPLE", "HostedZoneId needs DomainName"),
]

# What the README's calls get: a registration, a claim, a publication, a check and an upload.
README_STATUSES = ["201", "201", "201", "200", "201"]

# What the guide says stays after a stack is deleted.
KEPT_TABLES = {"Devices", "UserDevices", "Firmware", "DeviceKeys", "History"}
LOST_TABLES = {"ClaimAttempts", "UploadCounts"}


class Wrong(Exception):
    """What is wrong, in one line."""


def run(command, environment, folder=PROJECT):
    """Runs a command and returns its output. Its input is empty."""
    result = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_SECONDS,
        cwd=folder)
    if result.returncode != 0:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "failed").write_text(result.stdout + result.stderr)
        # The last line that is not part of a stack.
        lines = [line for line in (result.stderr.strip() or result.stdout.strip()).splitlines() if not line[:1].isspace()]
        lines = lines or ["no output"]
        raise Wrong(f"{' '.join(map(str, command))[-100:]}: {lines[-1]}")
    return result.stdout


class Emulator:
    """The emulator in a process group of its own."""

    def __init__(self, folder, command):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        # The proxy's own answers are not those of AWS.
        (folder / ".curlrc").write_text("suppress-connect-headers\n")
        self.log = folder / "log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def require_running(self):
        status = self.process.poll()
        if status is None:
            return
        if status < 0:
            raise Wrong(f"the emulator was ended by {signal.Signals(-status).name}")
        lines = self.log.read_text().strip().splitlines() or ["no output"]
        raise Wrong(f"the emulator ended: {lines[-1]}")

    def environment(self):
        """Returns the variables of clients when the emulator answers."""
        deadline = time.monotonic() + START_SECONDS
        file = self.folder / "environment"
        while time.monotonic() < deadline:
            self.require_running()
            if file.exists():
                environment = os.environ | json.loads(file.read_text()) | {
                    "SAM_CLI_TELEMETRY": "0", "CURL_HOME": str(self.folder)}
                with contextlib.suppress(Wrong):
                    run(["aws", "sts", "get-caller-identity"], environment)
                    return environment
            time.sleep(0.2)
        raise Wrong(f"the emulator did not answer within {START_SECONDS} s: see {self.log}")

    def calls(self):
        """The functions that were called, and those that failed."""
        calls = [json.loads(line) for line in (self.folder / "calls").read_text().splitlines()]
        return {call["function"] for call in calls}, {call["function"] for call in calls if call["failed"]}, len(calls)


class Documents:
    """Commands of the documents, as they are written there."""

    def __init__(self):
        self.operations = (PROJECT / "docs/operations.md").read_text()
        self.readme = (PROJECT / "README.md").read_text()

    def block(self, containing):
        """The only block of the operations guide with a text."""
        blocks = re.findall(r"^```\n(.*?)^```$", self.operations, re.DOTALL | re.MULTILINE)
        found = [block for block in blocks if containing in block]
        if len(found) != 1:
            raise Wrong(f"docs/operations.md has {len(found)} blocks with {containing}")
        return found[0]

    def output_function(self):
        return self.block("output() {").replace("output ApiUrl\n", "")

    def readme_commands(self, address):
        """The README's commands, for a device type that no other call uses."""
        commands = "\n".join(re.findall(r"^```sh\n(.*?)^```$", self.readme, re.DOTALL | re.MULTILINE))
        without_tokens = re.sub(r'^[A-Z]+="Authorization: Bearer \$\(curl .*\)"$', "", commands, flags=re.MULTILINE)
        return without_tokens.replace("http://127.0.0.1:8080", address).replace("SmartDevice100", "ReadmeDevice")


class Stack:
    """The deployed stack."""

    def __init__(self, environment, documents):
        self.environment = environment
        self.documents = documents
        os.environ.update(environment)

    def shell(self, script, **variables):
        """Runs commands of the guide after the function that they use."""
        return run(["sh", "-euc", self.documents.output_function() + script], self.environment | variables)

    def describe(self):
        return boto3.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]

    def outputs(self):
        return {it["OutputKey"]: it["OutputValue"] for it in self.describe()["Outputs"]}

    def resources(self):
        pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
        return {it["LogicalResourceId"]: it for page in pages for it in page["StackResourceSummaries"]}

    def functions(self):
        return {name: it["PhysicalResourceId"] for name, it in self.resources().items()
                if it["ResourceType"] == "AWS::Lambda::Function"}

    def versions(self):
        """The version to which each function's alias points."""
        client = boto3.client("lambda")
        return {name: alias["FunctionVersion"] for name, physical in self.functions().items()
                for alias in client.list_aliases(FunctionName=physical)["Aliases"]}

    def sent_template(self):
        """The address of the template that `sam deploy` sent."""
        s3 = boto3.client("s3")
        buckets = [it["Name"] for it in s3.list_buckets()["Buckets"] if it["Name"].startswith("aws-sam-cli-managed")]
        keys = [it["Key"] for it in s3.list_objects_v2(Bucket=buckets[0])["Contents"] if it["Key"].endswith(".template")]
        return f"https://s3.{REGION}.amazonaws.com/{buckets[0]}/{keys[0]}"

    def update(self, **changed):
        """Updates parameters, and returns the status in which the update ends, with its reason."""
        return self.update_with({"UsePreviousTemplate": True}, changed)

    def deploy_again(self, **changed):
        """Like update, but sends the template again, as `sam deploy` does. Only then does SAM see the new values."""
        return self.update_with({"TemplateURL": self.sent_template()}, changed)

    def update_with(self, template, changed):
        keys = [it["ParameterKey"] for it in self.describe()["Parameters"]]
        boto3.client("cloudformation").update_stack(
            StackName=STACK, **template, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": key, "ParameterValue": changed[key]} if key in changed
                        else {"ParameterKey": key, "UsePreviousValue": True} for key in keys])
        deadline = time.monotonic() + COMMAND_SECONDS
        while time.monotonic() < deadline:
            stack = self.describe()
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                return stack["StackStatus"], stack.get("StackStatusReason", "")
            time.sleep(0.5)
        raise Wrong("the update of the stack did not end")


def deploy(environment, sam):
    run([sam, "deploy", "--config-file", "samconfig.example.toml", "--no-confirm-changeset", "--no-progressbar"], environment)


def check_outputs(stack):
    resources, outputs = stack.resources(), stack.outputs()
    unknown = set(outputs) - set(RESOURCES) - USED
    if unknown or set(RESOURCES) - set(outputs):
        raise Wrong(f"deploy.py checks other outputs than the template has: {sorted(unknown ^ (set(RESOURCES) - set(outputs)))}")
    for output, resource in RESOURCES.items():
        if outputs[output] != resources[resource]["PhysicalResourceId"]:
            raise Wrong(f"the output {output} is {outputs[output]}, which is not {resource}")
    dashboard = resources["Dashboard"]["PhysicalResourceId"]
    if not outputs["DashboardUrl"].endswith(f"#dashboards/dashboard/{dashboard}"):
        raise Wrong(f"the output DashboardUrl is {outputs['DashboardUrl']}, and not of {dashboard}")
    audience = {it["ParameterKey"]: it["ParameterValue"] for it in stack.describe()["Parameters"]}["DeviceAudience"]
    if outputs["DeviceAudience"] != audience:
        raise Wrong(f"the output DeviceAudience is {outputs['DeviceAudience']}")
    first = stack.shell(outputs["FirstCall"].replace("curl ", "curl -s ", 1))
    if not re.search(r"^HTTP/\S+ 401", first, re.MULTILINE):
        raise Wrong(f"the output FirstCall did not get 401: {first.splitlines()[0]}")
    return f"{len(resources)} resources, {len(outputs)} outputs"


def fetch(stack, path):
    """The status, the headers and the body that anyone gets."""
    body = FOLDER / "fetched"
    out = run(["curl", "-s", "-D", "-", "-o", str(body), f"{stack.outputs()['ApiUrl']}{path}"], stack.environment)
    headers = {name.lower(): value for name, value in re.findall(r"^([\w-]+): (.*?)\r?$", out, re.M)}
    return out.split()[1], headers, body.read_bytes()


def check_pages(stack):
    """The pages need no token, and nothing else is public."""
    if stack.outputs()["DocsUrl"] != stack.outputs()["ApiUrl"] + "/docs":
        raise Wrong(f"the output DocsUrl is {stack.outputs()['DocsUrl']}")
    _, headers, page = fetch(stack, "/docs")
    if "default-src 'none'" not in headers.get("content-security-policy", ""):
        raise Wrong(f"/docs came with the headers {headers}")
    paths = ["/", "/docs", "/openapi.yaml", *(it.decode() for it in re.findall(rb'(?:src|href)="(/docs/[^"]+)"', page))]
    for path in paths:
        status, _, body = fetch(stack, path)
        if status != "200" or not body:
            raise Wrong(f"{path} got {status} with {len(body)} bytes")
    contract = json.loads(fetch(stack, "/openapi.json")[2])
    if contract != yaml.safe_load((PROJECT / "openapi.yaml").read_text()):
        raise Wrong("/openapi.json is not openapi.yaml")
    for path, expected in (("/docs/pom.xml", "404"), ("/docs/../openapi.yaml/x", "404"), ("/console", "404"),
                           *((it.replace("{", "").replace("}", ""), "401") for it, methods in contract["paths"].items()
                             if "get" in methods)):
        status, _, _ = fetch(stack, path)
        if status != expected:
            raise Wrong(f"{path} without a token got {status}, not {expected}")
    return f"{len(paths) + 1} files, and no other path, without a token"


def sign_in(stack, documents, name, client, *groups):
    """Signs a person in who was invited into groups: by the guide's commands, and by the page to which they lead."""
    pool, password = stack.outputs()["Issuer"].rsplit("/", 1)[1], "Correct-Horse-7"
    cognito = boto3.client("cognito-idp")
    cognito.admin_create_user(UserPoolId=pool, Username=name)
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
    for group in groups:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    functions = documents.block("sign_in() {")
    address_of, exchange = documents.block(f"output {client})").splitlines()
    address, verifier, origin = stack.shell(f"{functions}{address_of}\necho \"$VERIFIER\"\necho \"$LOGIN\"\n").splitlines()
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', run(["curl", "-s", address], stack.environment)))
    fields = form | {"username": name, "password": password}
    data = [part for field, value in fields.items() for part in ("--data-urlencode", f"{field}={value}")]
    sent = run(["curl", "-s", "-o", os.devnull, "-w", "%{redirect_url}", *data, f"{origin}/login"], stack.environment)
    code = urllib.parse.parse_qs(urllib.parse.urlparse(sent).query).get("code")
    if not code:
        raise Wrong(f"signing in led to {sent or 'nowhere'}")
    own_verifier = re.sub(r"^VERIFIER=.*$", f"VERIFIER={verifier}", functions, flags=re.MULTILINE)
    return json.loads(stack.shell(own_verifier + exchange.replace("CODE", code[0])))["access_token"]


def operator_token(stack, documents):
    return sign_in(stack, documents, "olga@example.com", "ConsoleClientId", "operators")


def user_token(stack, documents):
    return sign_in(stack, documents, "alice@example.com", "AppClientId")


def check_people(stack, documents, operator):
    """Support reads and changes nothing, staff in the app are users, and a build server has a secret."""
    support = sign_in(stack, documents, "sue@example.com", "ConsoleClientId", "support")
    in_app = sign_in(stack, documents, "otto@example.com", "AppClientId", "operators", "support")
    status, reason = stack.update(CreateOperatorClient="true")
    if status != "UPDATE_COMPLETE":
        raise Wrong(f"CreateOperatorClient=true ended in {status}: {reason}")
    secret = documents.block("sign_in() {") + documents.block("grant_type=client_credentials")
    build = json.loads(stack.shell(secret))["access_token"]
    expected = {"an operator": (operator, "200", "400"), "support": (support, "200", "403"),
                "staff in the app": (in_app, "403", "403"), "a build server": (build, "200", "400")}
    for who, (token, *statuses) in expected.items():
        call = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-H", f"Authorization: Bearer {token}"]
        firmware = f"{stack.outputs()['ApiUrl']}/v1/firmware"
        got = [run([*call, firmware], stack.environment),
               run([*call, "-H", "Content-Type: application/json", "-d", "{}", firmware], stack.environment)]
        if got != statuses:
            raise Wrong(f"reading and publishing firmware gets {' and '.join(got)} for {who}")
    return f"{len(expected)} kinds of staff"


def try_readme(stack, documents, operator, user):
    alice, olga = (f"Authorization: Bearer {token}" for token in (user, operator))
    # The owner may make the speaker's calls, and the user pool has no tokens for devices.
    out = stack.shell(documents.readme_commands(stack.outputs()["ApiUrl"]), ALICE=alice, OLGA=olga, SPEAKER=alice)
    # A body does not end its line.
    statuses = re.findall(r"HTTP/[\d.]+ (\d{3})", out)
    if statuses != README_STATUSES or '"version":"124"' not in out:
        raise Wrong(f"the README's calls got {', '.join(statuses)}, and at last {out.strip().splitlines()[-1]}")
    return f"{len(statuses)} calls"


def play_journey(stack, java, class_path, operator, user):
    proxy = urllib.parse.urlparse(stack.environment["https_proxy"])
    out = run(
        [java, f"-Djavax.net.ssl.trustStore={FOLDER / 'trust.p12'}", "-Djavax.net.ssl.trustStorePassword=emulator",
         f"-Dhttps.proxyHost={proxy.hostname}", f"-Dhttps.proxyPort={proxy.port}", "-cp", class_path,
         "io.fleetwell.testing.journey.DeployedJourney", stack.outputs()["ApiUrl"]],
        stack.environment | {"OPERATOR_TOKEN": operator, "USER_TOKEN": user}, PROJECT / "testing")
    return out.strip().splitlines()[-1]


def compare_parameters(stack, documents):
    """After a deploy with defaults, the guide's comparison shows what the example configuration sets."""
    block = documents.block("diff defaults.txt").rstrip()
    for name in ("defaults.txt", "values.txt"):
        block = block.replace(name, str(FOLDER / name))
    out = stack.shell(block + ' || test "$?" = 1\n')
    different = [line for line in out.splitlines() if line[0] in "<>"]
    if different != ["< CaseInsensitiveUserNames=false", "> CaseInsensitiveUserNames=true"]:
        raise Wrong(f"the guide's comparison of parameters shows {different}")
    return "compared as the guide does"


def fire_schedules(stack):
    """Calls what each schedule calls, with its input, as the schedule would once a week."""
    rules = [it["PhysicalResourceId"] for it in stack.resources().values() if it["ResourceType"] == "AWS::Events::Rule"]
    for rule in rules:
        for target in boto3.client("events").list_targets_by_rule(Rule=rule)["Targets"]:
            answer = boto3.client("lambda").invoke(FunctionName=target["Arn"], Payload=target["Input"])
            if "FunctionError" in answer:
                raise Wrong(f"the schedule {rule} failed: {answer['Payload'].read().decode()}")
    return f"{len(rules)} fired"


def check_calls(stack, emulator):
    names = {physical: name for name, physical in stack.functions().items()}
    called, failed, count = emulator.calls()
    never = sorted(names[it] for it in set(names) - called)
    if never or failed:
        raise Wrong(f"functions that were never called: {never}; functions that failed: {sorted(map(names.get, failed))}")
    return f"{count} calls of all {len(names)} functions"


def readers_of(parameter):
    """The functions with versions that read a parameter, by the template."""
    class Loader(yaml.SafeLoader):
        """Takes tags such as !Sub for their values."""

    Loader.add_multi_constructor("!", lambda loader, tag, node: (
        loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode)
        else loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode)
        else loader.construct_mapping(node)))
    resources = yaml.load((PROJECT / "template.yaml").read_text(), Loader)["Resources"]
    return {name for name, it in resources.items()
            if f"${{{parameter}}}" in str(it.get("Properties", {}).get("VersionDescription", ""))}


def check_update(stack):
    before = stack.versions()
    status, reason = stack.update(HistoryDays="30")
    if status != "UPDATE_COMPLETE":
        raise Wrong(f"the update of HistoryDays ended in {status}: {reason}")
    after = stack.versions()
    moved = {name for name in before if before[name] != after[name]}
    if moved != readers_of("HistoryDays"):
        raise Wrong(f"a new HistoryDays moved the versions of {sorted(moved)}, not of {sorted(readers_of('HistoryDays'))}")
    return f"HistoryDays moved {len(moved)} of {len(after)} versions"


def cors_headers(stack, origin, method, *headers):
    """The CORS headers of the answer to a call by a page of an origin."""
    options = [part for header in (f"Origin: {origin}", *headers) for part in ("-H", header)]
    out = run(["curl", "-s", "-D", "-", "-o", os.devnull, "-X", method, *options, f"{stack.outputs()['ApiUrl']}/v1/firmware"],
              stack.environment)
    return {name.lower(): value for name, value in re.findall(r"^(access-control-[\w-]+): (.*?)\r?$", out, re.M | re.I)}


def permissions(stack, origin, operator):
    """What an origin's pages are told: by a preflight, and by an answer."""
    preflight = cors_headers(stack, origin, "OPTIONS", "Access-Control-Request-Method: DELETE",
                             "Access-Control-Request-Headers: authorization,content-type")
    return preflight, cors_headers(stack, origin, "GET", f"Authorization: Bearer {operator}")


def require_allowed(stack, origin, operator):
    preflight, answer = permissions(stack, origin, operator)
    names = {header: set(value.split(",")) for header, value in (preflight | answer).items()}
    if not (preflight.get("access-control-allow-origin") == answer.get("access-control-allow-origin") == origin
            and preflight.get("access-control-max-age") == "600"
            and "DELETE" in names.get("access-control-allow-methods", ())
            and {"authorization", "content-type"} <= names.get("access-control-allow-headers", set())
            and "etag" in names.get("access-control-expose-headers", ())):
        raise Wrong(f"pages of {origin} cannot call the API: {preflight}, {answer}")


def require_not_allowed(stack, origin, operator):
    told = permissions(stack, origin, operator)
    if any(told):
        raise Wrong(f"pages of {origin} can call the API: {told}")


def set_origins(stack, origins):
    before = stack.versions()
    status, reason = stack.deploy_again(CorsOrigins=origins)
    if status != "UPDATE_COMPLETE":
        raise Wrong(f"the update of CorsOrigins ended in {status}: {reason}")
    if stack.versions() != before:
        raise Wrong("a new CorsOrigins published versions of functions, which do not read it")


def check_cors(stack, operator):
    app, console, stranger = "https://app.example.com", "https://console.example.com", "https://evil.example"
    require_not_allowed(stack, app, operator)
    set_origins(stack, f"{app},{console}")
    require_allowed(stack, app, operator)
    require_allowed(stack, console, operator)
    require_not_allowed(stack, stranger, operator)
    set_origins(stack, "")
    require_not_allowed(stack, app, operator)
    return f"pages of {app} and {console} could call, while CorsOrigins named them"


def check_refusal(stack):
    for parameter, value, reason in HALVES:
        try:
            status, why = stack.update(**{parameter: value})
        except ClientError as e:
            status, why = "refused", str(e)
        if status != "refused" or reason not in why:
            raise Wrong(f"{parameter} alone was not refused as it should: {status}, {why}")
    return "half an identity provider and half a domain name are refused"


def check_domain(stack, operator):
    certificate = boto3.client("acm").request_certificate(DomainName=DOMAIN)["CertificateArn"]
    status, reason = stack.update(DomainName=DOMAIN, CertificateArn=certificate, HostedZoneId="Z0EXAMPLE")
    if status != "UPDATE_COMPLETE":
        raise Wrong(f"the update of DomainName ended in {status}: {reason}")
    url = stack.outputs()["ApiUrl"]
    out = run(["curl", "-s", "-i", "-H", f"Authorization: Bearer {operator}", f"{url}/v1/firmware"], stack.environment)
    if url != f"https://{DOMAIN}" or not re.match(r"HTTP/\S+ 200", out):
        raise Wrong(f"ApiUrl is {url}, and a call to it got {out.splitlines()[0]}")
    return f"{url} answers"


def delete(stack, sam):
    resources, pool = stack.resources(), stack.outputs()["Issuer"].rsplit("/", 1)[1]
    run([sam, "delete", "--config-file", "samconfig.example.toml", "--no-prompts", "--stack-name", STACK, "--region", REGION], stack.environment)
    tables = set(boto3.client("dynamodb").list_tables()["TableNames"])
    kept = {table for table in KEPT_TABLES | LOST_TABLES if resources[table]["PhysicalResourceId"] in tables}
    if kept != KEPT_TABLES:
        raise Wrong(f"of the tables, {sorted(kept)} were kept")
    boto3.client("s3").head_bucket(Bucket=resources["Uploads"]["PhysicalResourceId"])
    boto3.client("cognito-idp").describe_user_pool(UserPoolId=pool)
    functions = boto3.client("lambda").list_functions()["Functions"]
    if functions:
        raise Wrong(f"{len(functions)} functions were kept")
    return f"{len(kept)} tables, the bucket and the user pool stay"


def check_sockets(emulator):
    """Nothing of the emulator listens beyond this machine."""
    inodes = set()
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getsid(int(process.name)) == emulator.process.pid:
                links = (os.readlink(it) for it in (process / "fd").iterdir())
                inodes |= {link[8:-1] for link in links if link.startswith("socket:")}
    count = 0
    for file in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(file).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                count += 1
                if not fields[1].split(":")[0].endswith(("0100007F", "01000000")):
                    raise Wrong(f"a process of the emulator listens at {fields[1]}")
    return f"{count} sockets, all on this machine"


def check(emulator, java, sam, class_path):
    documents = Documents()
    start = time.monotonic()

    def take(name, action, *arguments):
        begun = time.monotonic()
        result = action(*arguments)
        print(f"{time.monotonic() - begun:5.0f} s  {name}", flush=True)
        return result

    def step(name, action, *arguments):
        begun = time.monotonic()
        summary = action(*arguments)
        print(f"{time.monotonic() - begun:5.0f} s  {name}: {summary}", flush=True)

    environment = take("the emulator answers", emulator.environment)
    stack = Stack(environment, documents)
    take("sam deploy", deploy, environment, sam)
    step("outputs", check_outputs, stack)
    step("pages", check_pages, stack)
    step("parameters", compare_parameters, stack, documents)
    operator = take("an operator's token, by the guide", operator_token, stack, documents)
    user = take("a user's token, by the guide", user_token, stack, documents)
    step("people", check_people, stack, documents, operator)
    step("the journey", play_journey, stack, java, class_path, operator, user)
    step("the README's commands", try_readme, stack, documents, operator, user)
    step("schedules", fire_schedules, stack)
    step("functions", check_calls, stack, emulator)
    step("sockets", check_sockets, emulator)
    step("a new value of a parameter", check_update, stack)
    step("web apps", check_cors, stack, operator)
    step("refused parameters", check_refusal, stack)
    step("a name of the maker's own", check_domain, stack, operator)
    step("sam delete", delete, stack, sam)
    print(f"{time.monotonic() - start:5.0f} s  in all")


def runtime_client(class_path):
    """The jars of Lambda's runtime interface client, of all that the tests use."""
    return ":".join(jar for jar in class_path.split(":") if re.search(
        r"/(aws-lambda-java-(runtime-interface-client|core|serialization)|utils-lite|crac)-[^/]*\.jar$", jar))


def main(class_path):
    java, sam = os.environ.get("JAVA", "java"), os.environ.get("SAM", "sam")
    missing = [it for it in (java, sam, "aws", "curl", "openssl", "sh") if not shutil.which(it)]
    if missing:
        raise Wrong(f"install {', '.join(missing)}")
    if not (PROJECT / ".aws-sam/build/template.yaml").exists():
        raise Wrong("there are no packages: run sam build")
    command = [sys.executable, HERE / "launcher.py", FOLDER, shutil.which(java), runtime_client(class_path), REGION]
    with Emulator(FOLDER, command) as emulator:
        try:
            check(emulator, java, sam, class_path)
        except (Wrong, BotoCoreError, ClientError) as e:
            emulator.require_running()
            raise Wrong(str(e).strip().splitlines()[-1]) from e


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        main(sys.argv[1])
    except Wrong as e:
        sys.exit(f"deploy-emulated: {e}")
    except subprocess.TimeoutExpired as e:
        sys.exit(f"deploy-emulated: {e.cmd[0]} did not end within {e.timeout:.0f} s")
