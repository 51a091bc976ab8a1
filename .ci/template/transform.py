"""Writes what AWS makes of template.yaml, without an account: the CloudFormation template, as JSON."""

import json
import logging
import os
import sys
from pathlib import Path

# Read on import by what the translator calls, which asks AWS otherwise.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoNamedPolicies:
    """Every policy of ours is written out, or has an ARN: there is no name to look up in an account."""

    def load(self):
        return {}


def transformed(template: Path, **parameters: str) -> dict:
    """What AWS makes of a SAM template, with these values of its parameters."""
    # It warns of switches of its own that only AWS has.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    serverless = yaml_parse(template.read_text())
    # In the cloud it is there already, put by `sam deploy`.
    serverless["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    return transform(serverless, parameters, NoNamedPolicies())


if __name__ == "__main__":
    json.dump(transformed(Path(sys.argv[1])), sys.stdout, indent=1)
