#!/usr/bin/env bash
# Puts the edge of infra/edge.yaml (CloudFront with a WAF) before a stage that is deployed, or renews it.
#
#     infra/deploy-edge.sh STAGE DOMAIN CERTIFICATE_ARN [ALARM_MAIL]
#
# DOMAIN is the one of the stage's SiteUrl, CERTIFICATE_ARN its certificate in us-east-1. The edge's key is made at the first
# run, as the SecureString /jari/STAGE/edge-key beside the stage (no function may read it); what this says at its end is its
# digest, for the stage's parameter EdgeKeys. Needs the AWS CLI (with the stage's region and the right to do all this) and
# OpenSSL 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

stage=${1:-}
domain=${2:-}
certificate=${3:-}
mail=${4:-}
if [[ $# -lt 3 || $# -gt 4 || ! $stage =~ ^[a-z][a-z0-9]{1,11}$ || ! $certificate =~ ^arn:aws:acm:us-east-1: ]]; then
    echo "usage: infra/deploy-edge.sh STAGE DOMAIN CERTIFICATE_ARN [ALARM_MAIL]   (the certificate is in us-east-1)" >&2
    exit 2
fi
for tool in aws openssl; do
    command -v "$tool" >/dev/null || { echo "$tool is needed" >&2; exit 1; }
done

api=$(aws cloudformation describe-stacks --stack-name "jari-$stage" \
    --query "Stacks[0].Outputs[?OutputKey=='ApiHost'].OutputValue" --output text)
[[ -n $api && $api != None ]] || { echo "jari-$stage is of an earlier version: deploy it first" >&2; exit 1; }

# For a moment the key lies in files only this user can read: on a command line every process could see it.
umask 077
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
name="/jari/$stage/edge-key"

if [[ -z $(aws ssm get-parameters --names "$name" --query 'Parameters[].Name' --output text) ]]; then
    printf '{ "Name": "%s", "Type": "SecureString", "Value": "%s", "Description": "%s" }' \
        "$name" "$(openssl rand -hex 32)" "What the edge names itself with" >"$files/key"
    aws ssm put-parameter --cli-input-json "file://$files/key" --query Version --output text >/dev/null
    echo "made $name"
fi
key=$(aws ssm get-parameter --name "$name" --with-decryption --query Parameter.Value --output text)

parameters=("Stage=$stage" "Domain=$domain" "CertificateArn=$certificate" "ApiHost=$api" "EdgeKey=$key")
# What is left out stays as it was.
[[ -z $mail ]] || parameters+=("AlarmMail=$mail")
{
    printf '[ "%s"' "${parameters[0]}"
    printf ', "%s"' "${parameters[@]:1}"
    printf ' ]\n'
} >"$files/parameters.json"
aws cloudformation deploy --region us-east-1 --stack-name "jari-$stage-edge" --template-file edge.yaml \
    --parameter-overrides "file://$files/parameters.json" --no-fail-on-empty-changeset --tags house=jari "stage=$stage"
target=$(aws cloudformation describe-stacks --region us-east-1 --stack-name "jari-$stage-edge" \
    --query "Stacks[0].Outputs[?OutputKey=='DomainTarget'].OutputValue" --output text)

cat <<END
The edge is at $target. Now, in this order:
  1. lead $domain there (CNAME, or an alias record)
  2. put EdgeKeys=$(printf %s "$key" | openssl dgst -sha256 -r | cut -d ' ' -f 1) into samconfig.toml (DomainName empty), raise JARI_RELEASE
     in template.yaml, and sam deploy. From then on nobody is answered past the edge.
END
