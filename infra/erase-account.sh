#!/usr/bin/env bash
# Begins to erase somebody's account who asked for it and can't do it themselves. `finish-erasures` does the rest within
# minutes, as for whoever asks by the API.
#
#     infra/erase-account.sh STAGE ACCOUNT
#
# ACCOUNT is the account's id (`acc_…`). There is no way back: from this moment nobody signs in with it. Of
# somebody who is the only owner of a restaurant the mark is taken back: it needs another first. Needs the AWS CLI with a region and the right to update the stage's
# table.
set -euo pipefail

stage=${1:-}
account=${2:-}
if [[ $# -ne 2 || ! $stage =~ ^[a-z][a-z0-9]{1,11}$ || ! $account =~ ^acc_[0-9a-z]{26}$ ]]; then
    echo "usage: infra/erase-account.sh STAGE ACCOUNT   (a stage of samconfig.toml, and an account's id: acc_…)" >&2
    exit 2
fi
command -v aws >/dev/null || { echo "aws is needed" >&2; exit 1; }

# The mark that `DELETE /v1/me` makes (shared/store/src/account.rs), and with it the account is due work.
aws dynamodb update-item --table-name "jari-$stage" \
    --key "{\"PK\": {\"S\": \"ACCT#${account#acc_}\"}, \"SK\": {\"S\": \"ACCT\"}}" \
    --update-expression 'SET deleting = :true, dueKey = :due, dueAt = :since, revision = revision + :one' \
    --condition-expression 'attribute_exists(PK) AND attribute_not_exists(deleting)' \
    --expression-attribute-values "{\":true\": {\"BOOL\": true}, \":due\": {\"S\": \"DUE#erasure#0\"}, \":since\": {\"N\": \"0\"}, \":one\": {\"N\": \"1\"}}"
echo "$account is being erased; the log of finish-erasures tells when it is gone"
