#!/usr/bin/env bash
# Makes a stage's keys in SSM, once. CloudFormation can't make SecureStrings, and a template must not know them anyway.
#
#     infra/make-secrets.sh STAGE
#
#   /jari/STAGE/secret/token-signing-key  SecureString  Ed25519 private key, PKCS#8 DER in base64: signs links and visits
#   /jari/STAGE/secret/diner-key          SecureString  32 random bytes in base64: turns guests' addresses into diners
#   /jari/STAGE/secret/cursor-key         SecureString  32 random bytes in base64: seals the cursors of lists
#   /jari/STAGE/secret/mail-token-key     SecureString  32 random bytes in base64: makes the links that verify an address
#   /jari/STAGE/token-keys                String        the public keys as a JWKS, resolved when the stack is deployed
#
# Run again for a stage of an earlier version, it adds the keys that were not known then. Never overwrites: a new signing key
# would end every link already mailed, a new diner key would part guests from their reservations. Needs the AWS CLI (with a
# region and the right to put these parameters) and OpenSSL 3.
set -euo pipefail

stage=${1:-}
if [[ $# -ne 1 || ! $stage =~ ^[a-z][a-z0-9]{1,11}$ ]]; then
    echo "usage: infra/make-secrets.sh STAGE   (as in samconfig.toml: 2 to 12 lower-case letters and digits)" >&2
    exit 2
fi
for tool in aws openssl; do
    command -v "$tool" >/dev/null || { echo "$tool is needed" >&2; exit 1; }
done

keys="/jari/$stage/token-keys"
secrets="/jari/$stage/secret"
names=("$secrets/token-signing-key" "$secrets/diner-key" "$secrets/cursor-key" "$secrets/mail-token-key" "$keys")

base64_url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# For a moment the values lie in a file only this user can read: on a command line every process could see them.
umask 077
private=$(mktemp)
trap 'rm -f "$private"' EXIT

# put NAME TYPE VALUE DESCRIPTION
put() {
    printf '{ "Name": "%s", "Type": "%s", "Value": "%s", "Description": "%s" }' \
        "$1" "$2" "${3//\"/\\\"}" "$4" >"$private"
    aws ssm put-parameter --cli-input-json "file://$private" --query Version --output text >/dev/null
    echo "made $1"
}

# A key without which a stage of an earlier version was made.
put_mail_token_key() {
    put "$secrets/mail-token-key" SecureString "$(openssl rand 32 | openssl base64 -A)" "Makes the links of mails about accounts"
}

existing=$(aws ssm get-parameters --names "${names[@]}" --query 'Parameters[].Name' --output text)
if [[ $existing == *"$secrets/token-signing-key"* && $existing == *"$keys"* && $existing != *"$secrets/mail-token-key"* ]]; then
    put_mail_token_key
    exit 0
fi
if [[ -n $existing ]]; then
    echo "stage $stage already has: $existing" >&2
    echo "Nothing was changed. If an earlier run broke off before the stage was ever deployed, delete these and run again." >&2
    exit 1
fi

signing_key=$(openssl genpkey -algorithm ed25519 -outform DER | openssl base64 -A)
public_key() {
    openssl base64 -A -d <<<"$signing_key" | openssl pkey -inform DER -pubout -outform DER | tail -c 32
}
kid=$(public_key | openssl dgst -sha256 -binary | head -c 8 | base64_url)
jwks="{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"kid\":\"$kid\",\"x\":\"$(public_key | base64_url)\"}]}"

put "$secrets/token-signing-key" SecureString "$signing_key" "Signs the links of mails and visits"
put "$secrets/diner-key" SecureString "$(openssl rand 32 | openssl base64 -A)" "Turns guests' addresses into diners"
put "$secrets/cursor-key" SecureString "$(openssl rand 32 | openssl base64 -A)" "Seals the cursors of lists"
put_mail_token_key
put "$keys" String "$jwks" "Public keys of the tokens"
