"""Makes of template.yaml what CloudFormation gets, as `sam deploy` does, and holds it to what CloudFormation takes.

cfn-lint reads the template itself, but there it leaves out what is only so afterwards: circles, as one
resource of SAM's becomes many, and names, of which it makes up its own. And a stack takes 500 resources: this fails from
450 on, while there is still time to split."""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from samcli.yamlhelper import yaml_parse

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-northeast-2")

from samtranslator.public.parser import Parser  # noqa: E402  (asks for a region when it is loaded)
from samtranslator.public.translator import Translator  # noqa: E402

MOST = 450
ROOT = pathlib.Path(__file__).parents[2]
# Whatever the parameters are: none changes what there is at most.
PARAMETERS = {"AWS::Region": "ap-northeast-2", "Stage": "prod", "TokenKeys": "/jari/prod/token-keys"}


def as_deployed(path):
    template = yaml_parse((ROOT / path).read_text())
    # What `sam deploy` puts into its bucket; what is not built yet can be looked at, too.
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
        if resource["Type"] == "AWS::CloudFormation::Stack":
            resource["Properties"]["TemplateURL"] = "https://bucket.s3.amazonaws.com/key"
    if "Transform" in template:
        template = Translator({}, Parser()).translate(template, dict(PARAMETERS))
    return template


wrong = []
with tempfile.TemporaryDirectory() as folder:
    for path in ["template.yaml", "infra/monitoring.yaml"]:
        template = as_deployed(path)
        kinds = collections.Counter(resource["Type"] for resource in template["Resources"].values())
        total = sum(kinds.values())
        print(f"{path}: {total} resources of at most 500; most are {kinds.most_common(4)}")
        if total > MOST:
            wrong.append(f"{path}: more than {MOST} resources: move some into a stack of their own")
        if path == "infra/monitoring.yaml":
            continue  # It is deployed as it stands, and linted as it stands in a step of its own.
        deployed = pathlib.Path(folder, pathlib.Path(path).with_suffix(".json").name)
        deployed.write_text(json.dumps(template, indent=1))
        if subprocess.run(["cfn-lint", "--format", "parseable", deployed]).returncode:
            wrong.append(f"{path}: CloudFormation would not take it")
sys.exit("\n".join(wrong) or 0)
