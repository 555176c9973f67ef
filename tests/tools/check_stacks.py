"""Counts the resources of the stack that SAM makes of template.yaml, and of the one inside it: CloudFormation takes 500.

Fails from 450 on, while there is still time to split."""

import collections
import os
import pathlib
import sys

from samcli.yamlhelper import yaml_parse

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-northeast-2")

from samtranslator.public.parser import Parser  # noqa: E402  (asks for a region when it is loaded)
from samtranslator.public.translator import Translator  # noqa: E402

MOST = 450
ROOT = pathlib.Path(__file__).parents[2]
# Whatever the parameters are: none changes how many there are at most.
PARAMETERS = {"AWS::Region": "ap-northeast-2", "Stage": "prod", "TokenKeys": "/jari/prod/token-keys"}


def resources(path):
    template = yaml_parse((ROOT / path).read_text())
    if "Transform" in template:
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                # As `sam deploy` puts it there; what is not built yet can be counted, too.
                resource["Properties"]["CodeUri"] = "s3://bucket/key"
        template = Translator({}, Parser()).translate(template, dict(PARAMETERS))
    return template["Resources"]


too_many = False
for path in ["template.yaml", "infra/monitoring.yaml"]:
    kinds = collections.Counter(resource["Type"] for resource in resources(path).values())
    total = sum(kinds.values())
    print(f"{path}: {total} resources of at most 500; most are {kinds.most_common(4)}")
    too_many |= total > MOST
sys.exit(f"more than {MOST}: move some into a stack of their own" if too_many else 0)
