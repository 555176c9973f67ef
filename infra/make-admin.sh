#!/usr/bin/env bash
# Makes somebody with an account an admin of the platform, who approves restaurants and reads their audit logs.
#
#     infra/make-admin.sh STAGE ACCOUNT
#
# ACCOUNT is the account's id (`acc_…`), as `GET /v1/me` tells its owner. No endpoint grants this: whoever may write the
# table may. It holds from the account's next sign-in or refresh, within a quarter of an hour. Needs the AWS CLI with a region and
# the right to update the stage's table.
#
# To take it back: the same with `REMOVE platform SET revision = revision + :one` for the expression.
set -euo pipefail

stage=${1:-}
account=${2:-}
if [[ $# -ne 2 || ! $stage =~ ^[a-z][a-z0-9]{1,11}$ || ! $account =~ ^acc_[0-9a-z]{26}$ ]]; then
    echo "usage: infra/make-admin.sh STAGE ACCOUNT   (a stage of samconfig.toml, and an account's id: acc_…)" >&2
    exit 2
fi
command -v aws >/dev/null || { echo "aws is needed" >&2; exit 1; }

table=$(aws cloudformation describe-stacks --stack-name "jari-$stage" \
    --query "Stacks[0].Outputs[?OutputKey=='TableName'].OutputValue" --output text)

# As every write of the house: on a condition, and with the next revision, so that a change under way is not lost.
aws dynamodb update-item --table-name "$table" \
    --key "{\"PK\": {\"S\": \"ACCT#${account#acc_}\"}, \"SK\": {\"S\": \"ACCT\"}}" \
    --update-expression 'SET platform = :admin, revision = revision + :one' \
    --condition-expression 'attribute_exists(PK)' \
    --expression-attribute-values '{":admin": {"S": "admin"}, ":one": {"N": "1"}}'
echo "$account is an admin of $stage"
