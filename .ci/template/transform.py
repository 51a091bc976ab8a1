"""Transforms template.yaml to a CloudFormation template as AWS does, without an account, and prints it as JSON."""

import json
import logging
import os
import sys
from pathlib import Path

# The translator's libraries read the region on import; without it they ask AWS.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoNamedPolicies:
    """The template's policies are written out or have an ARN, so no name is looked up in an account."""

    def load(self):
        return {}


def transformed(template: Path, **parameters: str) -> dict:
    """The CloudFormation template that a SAM template becomes with these parameters."""
    # It warns about feature switches that only AWS has.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    serverless = yaml_parse(template.read_text())
    # `sam deploy` replaces the folder by the place of the upload.
    serverless["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    return transform(serverless, parameters, NoNamedPolicies())


if __name__ == "__main__":
    json.dump(transformed(Path(sys.argv[1])), sys.stdout, indent=1)
