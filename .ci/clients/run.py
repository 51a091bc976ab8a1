"""Generates clients from openapi.yaml, compiles them and calls the running local system with each.

The argument is the contract in OpenAPI 3.0. Each client has a scenario, which does these tasks and prints a line for each, with
"ok" or what went wrong:

  register  a user registers a device with some details
  change    the user changes one field; all others are still there
  claim     the user claims the device
  conflict  another user's claim is 409, with members of the type Problem
  pages     the user lists three devices in pages of one
  upload    the user uploads a zip
  key       an operator registers a P-256 key, and reads all its members back
  publish   an operator publishes firmware
  check     the user checks for firmware
  list      an operator lists firmware

Every answer has one more member in every object, as a later release may have. Linters check the contract too. Fails if
something fails that limits.toml does not list, or if something that it lists works.

All is made in target/clients, and what did not change is not made again. CLIENTS="java python" tries only some."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import judge
from proxy import Proxy

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from local_system import PROJECT, System

TASKS = "register change claim conflict pages upload key publish check list".split()
NONE_TRIED = dict.fromkeys(TASKS, judge.NOT_TRIED)
CONTRACT = PROJECT / "openapi.yaml"
HOME = PROJECT / "target/clients"
LIB = HOME / "lib"
BIN = HOME / "node_modules/.bin"
PYTHON = HOME / "venv/bin"
SCENARIOS = HERE / "scenarios"

AT_ONCE = 2
COMMAND_SECONDS = 300
LONGEST_MESSAGE = 500
NODE = (20, 19)
ENDED = "the scenario ended without it"

JAVA = os.environ.get("JAVA", "java")
JAVAC = str(Path(JAVA).with_name("javac")) if "/" in JAVA else "javac"
# A tool that runs for seconds is fastest like this.
QUICK_START = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"]
STRICT = "--strict --noUncheckedIndexedAccess --target es2022 --lib es2022,dom,dom.iterable --module node16 --types node"


class Failed(Exception):
    """A command failed. The message is the part of its output that says why."""

    output = ""


@dataclass(frozen=True)
class Client:
    """How a client is made. A folder of the client's name is the working directory of all commands."""

    name: str
    # The client's scenario and what it needs, by their names in the client's folder.
    sources: dict[str, str]
    generate: list[str]
    compile: list[list[str]]
    # None if nothing here can run the client.
    run: list[str] | None
    contract: Path = CONTRACT
    # A generator that fails by a line of its output alone.
    complaint: str = r"ERROR"

    @property
    def folder(self):
        return HOME / "made" / self.name

    def make(self):
        """Generates and compiles, and returns how that went."""
        made = self.folder / "made.json"
        inputs = self.digest()
        if made.exists():
            before = json.loads(made.read_text())
            if before["inputs"] == inputs:
                return before["cells"]
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name, source in self.sources.items():
            shutil.copy(SCENARIOS / source, self.folder / name)
        cells = {"generate": judge.NOT_TRIED, "compile": judge.NOT_TRIED}
        try:
            output = run(self.generate, self.folder)
            complaints = re.findall(f"^.*{self.complaint}.*(?:\n.+|\n\n.+)?", output, re.MULTILINE)
            # The number comes first, so that a limit accepts no complaint more than it names.
            cells["generate"] = one_line(f"complaints, {len(complaints)}: " + "\n".join(complaints)) if complaints else judge.OK
        except Failed as failure:
            cells["generate"] = str(failure)
            return cells
        try:
            for command in self.compile:
                run(command, self.folder)
            cells["compile"] = judge.OK
        except Failed as failure:
            cells["compile"] = str(failure)
            return cells
        made.write_text(json.dumps({"inputs": inputs, "cells": cells}))
        return cells

    def digest(self):
        files = [self.contract, *(SCENARIOS / source for source in self.sources.values())]
        files += [HERE / name for name in ("run.py", "parse.py", "package-lock.json", "requirements.txt", "pom.xml")]
        digest = hashlib.sha256(JAVA.encode())
        for file in files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def call(self, url, zip_file):
        """Runs the scenario, and returns how each task went."""
        if self.run is None:
            return NONE_TRIED
        try:
            output = run([*self.run, url, self.name, zip_file], self.folder)
            ended = ENDED
        except Failed as failure:
            output, ended = failure.output, str(failure)
        said = dict(re.findall(r"^(\w+): (.+)$", output, re.MULTILINE))
        if ended != ENDED and all(said.get(task) == judge.OK for task in TASKS):
            said[TASKS[-1]] = ended
        return {task: said.get(task, ended)[:LONGEST_MESSAGE] for task in TASKS}


def openapi_generator(language, *options, contract=CONTRACT):
    jar = next(LIB.glob("openapi-generator-cli-*.jar"))
    # Documentation and tests are not compiled here.
    only = "--global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
    command = [JAVA, *QUICK_START, "-jar", jar, "generate", "-g", language, "-i", contract, "-o", "generated", only]
    return [*command, *options]


def classpath(*folders):
    jars = sorted(jar for jar in LIB.glob("*.jar") if not jar.name.startswith("openapi-generator"))
    return ":".join(map(str, [*folders, *jars]))


def typescript(name, generate, *strict):
    return Client(
        name,
        sources={"scenario.ts": f"{name}.ts", "tasks.ts": "tasks.ts"},
        generate=generate,
        compile=[[BIN / "tsc", *STRICT.split(), *strict, "--outDir", "js", "scenario.ts"]],
        run=["node", "js/scenario.js"],
    )


def python(name, scenario, generate, *strict, **others):
    return Client(
        name,
        sources={"scenario.py": scenario, "tasks.py": "tasks.py"},
        generate=generate,
        compile=[
            [PYTHON / "python", "-m", "compileall", "-q", "generated"],
            ["env", "MYPYPATH=generated", PYTHON / "mypy", "--strict", *strict, "scenario.py", "tasks.py"],
        ],
        run=["env", "PYTHONPATH=generated", PYTHON / "python", "scenario.py"],
        **others,
    )


def swift():
    """The generated Swift is compiled where there is a compiler for Linux, as in Debian 13."""
    if sys.platform != "linux" or shutil.which("swiftc") is None:
        return parsed("swift", "swift6", "generated/Sources/OpenAPIClient/APIs", "generated/Sources/OpenAPIClient/Models")
    swiftc = "swiftc -swift-version 6 -parse-as-library -I . -L .".split()
    module = "-emit-module -emit-library -static -module-name".split()
    return Client(
        "swift6",
        sources={it: it for it in ("Scenario.swift", "MobileCoreServices.swift")},
        generate=openapi_generator("swift6"),
        compile=[
            [*swiftc, *module, "MobileCoreServices", "MobileCoreServices.swift"],
            ["sh", "-c", "find generated/Sources -name '*.swift' >sources"],
            [*swiftc, *module, "OpenAPIClient", "@sources"],
            [*swiftc, "-warnings-as-errors", "-lOpenAPIClient", "-lMobileCoreServices", "-o", "scenario", "Scenario.swift"],
        ],
        run=["./scenario"],
    )


def parsed(language, generator, *folders):
    """A language without a compiler here. The folders have what the generator made of the contract."""
    return Client(
        generator,
        sources={},
        generate=openapi_generator(generator),
        compile=[[PYTHON / "python", HERE / "parse.py", language, *folders]],
        run=None,
    )


def clients(openapi_3_0):
    kotlinc = [JAVA, *QUICK_START, "-cp", classpath(), "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"]
    kotlinc += "-no-stdlib -no-reflect -jvm-target 17".split()
    javac = [JAVAC, "-J-XX:TieredStopAtLevel=1", "-d", "classes"]
    sources = "find generated/src/main -name '*.java' >sources"
    # Generated Python is not typed as strictly as the calls.
    calls_alone = "--follow-imports=silent"
    package = "--package-name=fleetwell"
    return [
        Client(
            "kotlin",
            sources={"Scenario.kt": "Scenario.kt"},
            generate=openapi_generator("kotlin"),
            compile=[
                [*kotlinc, "-nowarn", "-cp", classpath(), "-d", "classes", "generated/src/main/kotlin"],
                [*kotlinc, "-Werror", "-cp", classpath("classes"), "-d", "scenario", "Scenario.kt"],
            ],
            run=[JAVA, *QUICK_START, "-cp", classpath("scenario", "classes"), "ScenarioKt"],
        ),
        Client(
            "java",
            sources={"Scenario.java": "Scenario.java"},
            generate=openapi_generator("java"),
            compile=[
                ["sh", "-c", sources],
                [*javac, "-nowarn", "-cp", classpath(), "@sources"],
                [*javac, "-Xlint:all", "-Werror", "-cp", classpath("classes"), "Scenario.java"],
            ],
            run=[JAVA, *QUICK_START, "-cp", classpath("classes"), "Scenario"],
        ),
        typescript("typescript-fetch", openapi_generator("typescript-fetch")),
        typescript(
            "hey-api",
            [BIN / "openapi-ts", "-i", CONTRACT, "-o", "generated", "-c", "@hey-api/client-fetch", "--no-log-file"],
        ),
        typescript(
            "openapi-fetch",
            # Without the option, a field with a default would be required in a request.
            [BIN / "openapi-typescript", CONTRACT, "-o", "generated/schema.ts", "--default-non-nullable=false"],
            "--exactOptionalPropertyTypes",
        ),
        typescript(
            "orval",
            [BIN / "orval", "--input", CONTRACT, "--output", "generated/api.ts", "--client", "fetch"],
            "--exactOptionalPropertyTypes",
        ),
        python("python", "python.py", openapi_generator("python", package), calls_alone),
        python(
            "python-3.0",
            "python.py",
            openapi_generator("python", package, contract=openapi_3_0),
            calls_alone,
            contract=openapi_3_0,
        ),
        python(
            "openapi-python-client",
            "openapi-python-client.py",
            [PYTHON / "openapi-python-client", "generate", "--path", CONTRACT, "--meta=none"]
            + ["--output-path=generated/fleetwell"],
            complaint="WARNING parsing",
        ),
        swift(),
        parsed("dart", "dart", "generated/lib/api", "generated/lib/model"),
    ]


def main():
    started = time.monotonic()
    openapi_3_0 = Path(sys.argv[1]).absolute()
    HOME.mkdir(parents=True, exist_ok=True)
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda install: install(), [install_npm, install_maven, install_python]))
    except Failed as failure:
        sys.exit(f"clients: {failure}")
    print(f"  tools: {time.monotonic() - started:.0f} s", flush=True)
    chosen = os.environ.get("CLIENTS", "").split()
    tried = [client for client in clients(openapi_3_0) if not chosen or client.name in chosen]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = [pool.submit(timed, client.name, client.make) for client in tried]
        found = [pool.submit(linter, document) for linter in (redocly, spectral) for document in (CONTRACT, openapi_3_0)]
    results = {client.name: future.result() for client, future in zip(tried, made)}
    findings = [finding for future in found for finding in future.result()]
    with TemporaryDirectory() as folder, System(folder) as system, Proxy(system.url) as proxy:
        zip_file = Path(folder, "log.zip")
        with zipfile.ZipFile(zip_file, "w") as log:
            log.writestr("log.txt", "boot ok\n")
        for client in tried:
            if results[client.name]["compile"] == judge.OK:
                results[client.name] |= client.call(proxy.url, zip_file)
            else:
                results[client.name] |= NONE_TRIED
    limits = judge.read_limits()
    limits["limit"] = [limit for limit in limits["limit"] if not chosen or limit["client"] in chosen]
    print(judge.table(results, ["generate", "compile", *TASKS], limits["limit"]))
    wrong = [
        *judge.unexpected_results(results, limits["limit"]),
        *judge.unexpected_findings(findings, limits["finding"]),
    ]
    print(f"{len(results)} clients, {len(findings)} findings of linters, {time.monotonic() - started:.0f} s")
    sys.exit("\n".join(wrong) or None)


def timed(name, make):
    started = time.monotonic()
    cells = make()
    print(f"  {name}: {time.monotonic() - started:.0f} s", flush=True)
    return cells


def install_npm():
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Failed("install Node.js 20.19 or later, and npm")
    version = run(["node", "--version"], HOME).strip()
    if tuple(map(int, version.lstrip("v").split(".")[:2])) < NODE:
        raise Failed(f"Node.js 20.19 or later is needed, and this is {version}")

    def install():
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, HOME)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], HOME)

    once("npm", install, HERE / "package-lock.json")


def install_maven():
    def install():
        shutil.rmtree(LIB, ignore_errors=True)
        maven = os.environ.get("MVN", "mvn").split()
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={LIB}"]
        run([*maven, "--quiet", "--batch-mode", "--no-transfer-progress", "--file", HERE / "pom.xml", *copy], PROJECT)

    once("maven", install, HERE / "pom.xml")


def install_python():
    requirements = HERE / "requirements.txt"

    def install():
        run([sys.executable, "-m", "venv", "--clear", PYTHON.parent], HOME)
        pip = [PYTHON / "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--requirement", requirements], HOME)

    once("pip", install, requirements)


def once(name, install, inputs):
    """Installs unless the same was installed before."""
    stamp = HOME / f"{name}.installed"
    if not stamp.exists() or stamp.read_bytes() != inputs.read_bytes():
        stamp.unlink(missing_ok=True)
        install()
        stamp.write_bytes(inputs.read_bytes())


def redocly(document):
    quiet = ["env", "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true"]
    report = lint([*quiet, BIN / "redocly", "lint", "--extends=recommended", "--format=json", document])
    return [
        ("redocly", it["ruleId"], it["location"][0].get("pointer", "").removeprefix("#/"), it["message"])
        for it in report["problems"]
    ]


def spectral(document):
    report = lint([BIN / "spectral", "lint", f"--ruleset={HERE}/spectral.yaml", "--format=json", document])
    return [("spectral", it["code"], "/".join(map(str, it["path"])), it["message"]) for it in report]


def lint(command):
    """What a linter reports. It fails if it finds an error; judge decides whether that is accepted."""
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=COMMAND_SECONDS)
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit(f"{command[-1]} was not linted: {one_line(done.stdout + done.stderr)}")


def run(command, folder):
    """Returns the output of a command. Its errors go there too, because tools write them to either."""
    command = list(map(str, command))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise Failed(one_line(str(failure))) from failure
    if done.returncode != 0:
        raise failed(Path(command[0]).name, done)
    return done.stdout


def failed(program, done):
    error = re.search(r"^.*(error|exception)", done.stdout, re.IGNORECASE | re.MULTILINE)
    why = done.stdout[error.start() :] if error else done.stdout
    failure = Failed(f"{program} ended with {done.returncode}: {one_line(why)}")
    failure.output = done.stdout
    return failure


def one_line(text):
    return " ".join(text.split())[:LONGEST_MESSAGE]


if __name__ == "__main__":
    main()
