"""Runs ministack, an emulator of AWS, so that it deploys Fleetwell's template and calls its Java functions.

usage: launcher.py FOLDER JAVA CLASS_PATH REGION

FOLDER gets the emulator's data and certificates, and the file "calls" with the calls of functions. JAVA is the java command of Lambda's JDK. CLASS_PATH has the jars of Lambda's
runtime interface client. The file FOLDER/environment has the variables by which clients reach
it. They call AWS at its own names: a proxy leads every connection to the emulator, and nothing goes elsewhere.

CONTRIBUTING.md lists what the emulator does not play.
"""

import asyncio
import contextlib
import contextvars
import datetime
import fnmatch
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import zipfile

LOOPBACK = "127.0.0.1"
# A maker's own name for the API.
DOMAIN = "devices.maker.example"
NATIVE_LIBRARY = "jni/libaws-lambda-jni.linux-{}.so"


def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def names(region):
    """The host names of the certificate, at which clients call AWS."""
    return [
        "localhost",
        "*.amazonaws.com",
        f"*.{region}.amazonaws.com",
        f"*.s3.{region}.amazonaws.com",
        f"*.execute-api.{region}.amazonaws.com",
        f"*.auth.{region}.amazoncognito.com",
        DOMAIN,
    ]


def make_certificates(folder, region):
    """Writes ca.pem, and a server's certificate and key that it signed. They are valid for a day."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(subject, issuer, key, signer, *extensions):
        name = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False)
    (folder / "ca.pem").write_bytes(certificate(
        "emulator CA", "emulator CA", ca_key, ca_key, (x509.BasicConstraints(True, None), True), (usage, True)))
    (folder / "server.pem").write_bytes(certificate(
        "emulator", "emulator CA", key, ca_key,
        (x509.SubjectAlternativeName([x509.DNSName(name) for name in names(region)]), False)))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(private)


def make_trust_store(folder, java):
    """Makes a file with the CA alone, which the JVMs trust."""
    store = folder / "trust.p12"
    store.unlink(missing_ok=True)
    subprocess.run(
        [str(pathlib.Path(java).with_name("keytool")), "-importcert", "-noprompt", "-alias", "ca", "-file",
         str(folder / "ca.pem"), "-keystore", str(store), "-storetype", "PKCS12", "-storepass", "emulator"],
        check=True, capture_output=True)
    return store


class Proxy:
    """An HTTP proxy on a thread, whose CONNECT leads to one port of this machine, whatever the host. It runs until the
    process ends."""

    def __init__(self, target):
        self.target = target
        self.loop = asyncio.new_event_loop()
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, LOOPBACK, 0))
        self.port = server.sockets[0].getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True, name="proxy").start()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, host, _ = head.split(" ", 2)
            if method != "CONNECT" or not host.endswith(":443"):
                writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
                return writer.close()
            to, out = await asyncio.open_connection(LOOPBACK, self.target)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await asyncio.gather(self._copy(reader, out), self._copy(to, writer))

    @staticmethod
    async def _copy(reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


def client_environment(folder, region, proxy_port):
    """The variables of every client: the aws command, SAM, curl and Java."""
    proxy = f"http://{LOOPBACK}:{proxy_port}"
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CA_BUNDLE": str(folder / "ca.pem"),
        "CURL_CA_BUNDLE": str(folder / "ca.pem"),
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": "",
        "no_proxy": "",
    }


def native_library(folder, class_path):
    """Unpacks the runtime client's native library. It would unpack it itself to one path under /tmp for all functions."""
    machine = "x86_64" if os.uname().machine == "x86_64" else "aarch_64"
    jar = next(path for path in class_path.split(":") if "runtime-interface-client" in path)
    library = folder / "runtime-client.so"
    with zipfile.ZipFile(jar) as files:
        library.write_bytes(files.read(NATIVE_LIBRARY.format(machine)))
    return library


def bootstrap(java, class_path, library, trust_store, hosts, proxy_port):
    """The script that starts a Java function in Lambda's runtime client."""
    client = "com.amazonaws.services.lambda.runtime.api.client"
    options = [
        "--enable-native-access=ALL-UNNAMED",
        "-XX:MaxRAM=${AWS_LAMBDA_FUNCTION_MEMORY_SIZE}m",
        f"-D{client}.runtimeapi.NativeClient.JNI={library}",
        f"-Djavax.net.ssl.trustStore={trust_store}",
        "-Djavax.net.ssl.trustStorePassword=emulator",
        f"-Djdk.net.hosts.file={hosts}",
        f"-Dhttps.proxyHost={LOOPBACK}",
        f"-Dhttps.proxyPort={proxy_port}",
        f"-Dhttp.nonProxyHosts='localhost|{LOOPBACK}'",
    ]
    return f"""#!/bin/sh
exec {java} {" ".join(options)} -cp "{class_path}" {client}.AWSLambda "$_HANDLER"
"""


def run_java_functions(script):
    """Lets ministack run Java functions as it runs those with a bootstrap of their own: warm, without a container."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    def is_java(config):
        return str(config.get("Runtime", "")).startswith("java")

    unpack = lambda_svc._provided_runtime_code_dir
    worker_class = lambda_runtime._worker_class_for
    in_container = lambda_svc._execute_function_docker
    environment = lambda_svc._provided_worker_env

    def unpack_with_bootstrap(code_zip):
        folder = unpack(code_zip)
        file = pathlib.Path(folder, "bootstrap")
        if not file.exists():
            part = file.with_name(f"bootstrap.{threading.get_ident()}")
            part.write_text(script)
            part.chmod(0o755)
            part.replace(file)
        return folder

    def execute(func, event, request_id):
        config = func.get("config") or func
        if is_java(config):
            return lambda_svc._execute_function_provided_warm(func, event, request_id)
        return in_container(func, event, request_id)

    def lambda_environment(config, code_dir, port):
        """Exactly what Lambda sets: nothing of this process, which could hide a missing variable."""
        mine = environment(config, code_dir, port)
        variables = (config.get("Environment") or {}).get("Variables") or {}
        kept = {name: value for name, value in mine.items()
                if name.startswith("AWS_") or name in variables or name in ("LAMBDA_TASK_ROOT", "_HANDLER")}
        for name in ("AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "AWS_EC2_METADATA_DISABLED"):
            kept.pop(name, None)
        logging = config.get("LoggingConfig") or {}
        return kept | {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
            "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO"),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        }

    lambda_svc._provided_runtime_code_dir = unpack_with_bootstrap
    lambda_svc._execute_function_docker = execute
    lambda_svc._provided_worker_env = lambda_environment
    lambda_runtime._worker_class_for = lambda config: (
        lambda_runtime.ProvidedWorker if is_java(config) else worker_class(config))
    lambda_runtime._PROVIDED_INIT_TIMEOUT = 60.0


def note_calls(file):
    """Adds a line to a file for each call of a function: its name, and whether it failed."""
    from ministack.services import lambda_svc

    dispatch = lambda_svc._execute_function_dispatch

    def noted(func, config, event, request_id, started):
        result = dispatch(func, config, event, request_id, started)
        failed = bool(isinstance(result, dict) and result.get("error"))
        with file.open("a") as out:
            out.write(json.dumps({"function": config.get("FunctionName"), "failed": failed}) + "\n")
        return result

    lambda_svc._execute_function_dispatch = noted


def is_allowed(policy, function_arn, source_arn):
    """Whether a function's policy lets API Gateway call it for a source."""
    for statement in policy.get("Statement", []):
        source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "*")
        if (statement["Effect"] == "Allow"
                and statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
                and statement["Resource"] == function_arn
                and fnmatch.fnmatchcase(source_arn, source)):
            return True
    return False


def ask_function_policies():
    """Ministack's gateway calls every function. AWS's calls only those that permit it, and answers 500 otherwise."""
    from ministack.services import apigateway, lambda_svc

    invoke_route = apigateway._invoke_lambda_proxy
    invoke_authorizer = apigateway._invoke_request_authorizer_lambda

    def permits(uri, account, region, source):
        function = apigateway._extract_lambda_ref_from_integration_uri(uri)
        found = lambda_svc.function_policy_for_arn(function)
        return found and is_allowed(found[0], function, f"arn:aws:execute-api:{region}:{account}:{source}")

    async def route(integration, api_id, stage, path, method, headers, body, query, route_key="$default", *rest, **scope):
        account, region = scope["owner_account_id"], scope["owner_region"]
        source = f"{api_id}/{stage}/{route_key.replace(' ', '', 1)}"
        if not permits(integration.get("integrationUri", ""), account, region, source):
            return 500, {"Content-Type": "application/json"}, b'{"message":"Internal Server Error"}'
        return await invoke_route(
            integration, api_id, stage, path, method, headers, body, query, route_key, *rest, **scope)

    async def authorizer(config, event, account, region):
        source = f"{event['requestContext']['apiId']}/authorizers/{config['authorizerId']}"
        if not permits(config.get("authorizerUri", ""), account, region, source):
            return None
        return await invoke_authorizer(config, event, account, region)

    apigateway._invoke_lambda_proxy = route
    apigateway._invoke_request_authorizer_lambda = authorizer


def import_api_bodies(region):
    """Ministack takes no OpenAPI body of an HTTP API, by which SAM declares the routes."""
    from ministack.services import apigateway
    from ministack.services.cloudformation import provisioners

    def created(answer):
        status, _, body = answer
        if status != 201:
            raise ValueError(f"the body of the API: {body}")
        return {name[0].lower() + name[1:]: value for name, value in json.loads(body).items()}

    def authorizers(api_id, body):
        ids = {}
        for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
            authorizer = scheme["x-amazon-apigateway-authorizer"]
            ids[name] = created(apigateway._create_authorizer(api_id, {
                "name": name,
                "authorizerType": authorizer["type"].upper(),
                "identitySource": authorizer["identitySource"],
                "authorizerUri": authorizer["authorizerUri"],
                "authorizerPayloadFormatVersion": authorizer["authorizerPayloadFormatVersion"],
                "authorizerResultTtlInSeconds": int(authorizer["authorizerResultTtlInSeconds"]),
                "enableSimpleResponses": authorizer["enableSimpleResponses"],
            }))["authorizerId"]
        return ids

    def load(api_id, body):
        apigateway._delete_cors_configuration(api_id)
        apigateway._update_api(api_id, {"corsConfiguration": body.get("x-amazon-apigateway-cors")})
        for store in (apigateway._routes, apigateway._integrations, apigateway._authorizers):
            store[api_id] = {}
        ids = authorizers(api_id, body)
        for path, operations in body["paths"].items():
            for method, operation in operations.items():
                integration = operation["x-amazon-apigateway-integration"]
                integration_id = created(apigateway._create_integration(api_id, {
                    "integrationType": "AWS_PROXY",
                    "integrationUri": integration["uri"],
                    "payloadFormatVersion": integration["payloadFormatVersion"],
                }))["integrationId"]
                # A route without an authorizer has the scheme NONE, which SAM does not declare.
                names = (name for names in operation.get("security", []) for name in names)
                scheme = next((ids[name] for name in names if name != "NONE"), None)
                created(apigateway._create_route(api_id, {
                    "routeKey": f"{method.upper()} {path}",
                    "target": f"integrations/{integration_id}",
                    "authorizationType": "CUSTOM" if scheme else "NONE",
                    "authorizerId": scheme,
                }))

    api = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    create, update = api["create"], api["update"]

    def at_its_own_name(api_id, attributes):
        return api_id, attributes | {"ApiEndpoint": f"https://{api_id}.execute-api.{region}.amazonaws.com"}

    def create_with_body(logical_id, properties, stack):
        api_id, attributes = create(logical_id, properties, stack)
        if properties.get("Body"):
            load(api_id, properties["Body"])
        return at_its_own_name(api_id, attributes)

    def update_with_body(physical_id, old, new, *rest):
        api_id, attributes = update(physical_id, old, new, *rest)
        if new.get("Body") and new["Body"] != old.get("Body"):
            load(api_id, new["Body"])
        return at_its_own_name(api_id, attributes)

    api.update(create=create_with_body, update=update_with_body)


def show_parameters_to_sam():
    """Ministack's SAM sees only the defaults of parameters. That of AWS sees their values, and writes some into what it makes."""
    from ministack.services.cloudformation import changesets, engine, handlers
    from samtranslator.translator import transform as sam

    values = contextvars.ContextVar("values", default={})
    apply, transform = engine._apply_transforms, sam.transform

    def apply_with_values(template, provided_params=None, previous_params=None):
        token = values.set(engine._transform_parameters(template, provided_params, previous_params))
        try:
            return apply(template, provided_params, previous_params)
        finally:
            values.reset(token)

    for module in (changesets, engine, handlers):
        module._apply_transforms = apply_with_values
    sam.transform = lambda template, parameters, *rest: transform(template, parameters | values.get(), *rest)


def name_unknown_types():
    """Ministack refuses a stack with a type that it does not know. These get a name, and do nothing."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS

    def create(logical_id, properties, stack):
        return f"{stack}-{logical_id}", {}

    def update(physical_id, *properties):
        return physical_id, {}

    def delete(physical_id, properties):
        return None

    for name in ("AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup", "AWS::Logs::QueryDefinition",
                 "AWS::Route53::RecordSetGroup"):
        handlers.setdefault(name, {"create": create, "update": update, "delete": delete})

    alarm = handlers["AWS::CloudWatch::Alarm"]
    plain = dict(alarm)

    def on_metric(properties):
        return "Metrics" not in properties

    def create_alarm(logical_id, properties, stack):
        return (plain["create"] if on_metric(properties) else create)(logical_id, properties, stack)

    def update_alarm(physical_id, old, new, *rest):
        return (plain["update"] if on_metric(new) else update)(physical_id, old, new, *rest)

    def delete_alarm(physical_id, properties):
        return (plain["delete"] if on_metric(properties) else delete)(physical_id, properties)

    alarm.update(create=create_alarm, update=update_alarm, delete=delete_alarm)


def configure(folder, region):
    """Sets the variables of ministack, which it reads when it is imported. Returns its port."""
    port = free_port()
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    os.environ.update({
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": region,
        "AUTH": "true",
        "IOT_MTLS_ENABLED": "0",
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(folder / "server.pem"),
        "MINISTACK_SSL_KEY": str(folder / "server.key"),
        "TMPDIR": str(data),
        "LOG_LEVEL": "WARNING",
    })
    return port


def main(folder, java, class_path, region):
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    make_certificates(folder, region)
    port = configure(folder, region)
    proxy = Proxy(port)
    hosts = folder / "hosts"
    hosts.write_text(f"{LOOPBACK} localhost\n")
    script = bootstrap(
        java, class_path, native_library(folder, class_path), make_trust_store(folder, java), hosts, proxy.port)

    from ministack import app

    app._EXECUTE_API_RE = re.compile(rf"^([a-f0-9]{{8}})\.execute-api\.{region}\.amazonaws\.com$")
    # Otherwise it listens on this port too.
    app._port_is_bindable = lambda host, port: False
    run_java_functions(script)
    note_calls(folder / "calls")
    ask_function_policies()
    import_api_bodies(region)
    show_parameters_to_sam()
    name_unknown_types()
    environment = client_environment(folder, region, proxy.port)
    (folder / "environment").write_text(json.dumps(environment | {"EMULATOR": f"https://{LOOPBACK}:{port}"}))
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
