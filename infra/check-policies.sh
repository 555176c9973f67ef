#!/usr/bin/env bash
# Holds the templates against the rules of checkov. On demand and before a release, as it takes a minute and 300 MB to
# install; what tests/all asks at every run (cfn-lint) is quicker.
#
#     infra/check-policies.sh
#
# An exception for everything stands here with its reason, one for a resource in the resource's metadata.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exceptions=(
    CKV_AWS_115 # reserved concurrency for each function: it would cut the account's pool into pieces too small for a rush
    CKV_AWS_116 # a dead letter queue for each function: HTTP functions answer their callers; what is asynchronous has its queue
    CKV_AWS_117 # functions in a VPC: nothing they talk to is in one, and each would need a way out
    CKV_AWS_173 # a key of our own for environment variables: they hold no secret, and are encrypted at rest anyway
    CKV_AWS_27  # queues encrypted by a key: failed mails are by ours, failed schedules by the service's own (no personal data)
)
venv=target/tools/checkov
if [[ ! -x $venv/bin/checkov ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'checkov==3.3.30'
fi
skip=$(IFS=,; echo "${exceptions[*]}")
exec "$venv/bin/checkov" --framework cloudformation --quiet --compact --skip-download \
    --file template.yaml --file infra/monitoring.yaml --file infra/edge.yaml --skip-check "$skip"
