#!/usr/bin/env bash
# Sends the mails of a stage's on-failure queue once more, each as it was to be sent, and takes it from the queue when SES
# has it.
#
#     infra/resend-mail.sh STAGE            sends what can be sent
#     infra/resend-mail.sh STAGE --look     only says what is there, and leaves all of it
#
# First mend what they were refused for (the reason is said of each). Looking or failing hides a message for 15 minutes.
# What no message could be made of (a stream record, feedback) stays: infra/RUNBOOK.md says what to do about it. Nobody's
# address is printed. Needs the AWS CLI with a region, Python 3, and the right to read the queue and to send.
set -euo pipefail

stage=${1:-}
mode=${2:-send}
if [[ $# -lt 1 || $# -gt 2 || ! $stage =~ ^[a-z][a-z0-9]{1,11}$ || ! $mode =~ ^(send|--look)$ ]]; then
    echo "usage: infra/resend-mail.sh STAGE [--look]" >&2
    exit 2
fi
for tool in aws python3; do
    command -v "$tool" >/dev/null || { echo "$tool is needed" >&2; exit 1; }
done

# Mails have names, addresses and private links in them: only this user may read what lies here for a moment.
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Writes the request for SES to $2, if the message in $1 is a mail; prints what it is, and its receipt to $3.
read_parked() {
    python3 - "$1" "$2" "$3" "jari-$stage" <<'PYTHON'
import base64, json, sys
from email.header import Header

received, request, receipt, configuration_set = sys.argv[1:]
message = json.load(open(received))["Messages"][0]
open(receipt, "w").write(message["ReceiptHandle"])
try:
    parked = json.loads(message["Body"])
except ValueError:
    parked = {}
mail = parked.get("message")
if mail is None:
    # Of SNS, or of Lambda when record-mail-feedback failed at it; a batch of the stream comes without what was in it.
    is_feedback = parked.get("Type") == "Notification" or "requestPayload" in parked
    what = parked.get("kind") or ("feedback" if is_feedback else "stream batch")
    print(f"{what} {parked.get('about', '')} ({parked.get('reason', 'see infra/RUNBOOK.md')}): no mail to send")
    sys.exit(3)
name, address = mail["from"]["name"], mail["from"]["address"]
sender = f"{Header(name, 'utf-8').encode(linesep='')} <{address}>" if name else address
if name.isascii() and name:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    sender = f'"{quoted}" <{address}>'
text = lambda data: {"Data": data, "Charset": "UTF-8"}
simple = {"Subject": text(mail["subject"]), "Body": {"Text": text(mail["text"]), "Html": text(mail["html"])}}
if mail["attachments"]:
    simple["Attachments"] = [
        {
            "FileName": one["fileName"],
            "ContentType": one["contentType"],
            "ContentDisposition": "ATTACHMENT",
            "ContentTransferEncoding": "BASE64",
            "RawContent": base64.b64encode(one["content"].encode()).decode(),
        }
        for one in mail["attachments"]
    ]
whole = {
    "FromEmailAddress": sender,
    "Destination": {"ToAddresses": [mail["to"]]},
    "Content": {"Simple": simple},
    "ConfigurationSetName": configuration_set,
    "EmailTags": [{"Name": "kind", "Value": mail["kind"]}],
}
if mail.get("replyTo"):
    whole["ReplyToAddresses"] = [mail["replyTo"]]
json.dump(whole, open(request, "w"))
print(f"{parked['kind']} {parked['about']} ({parked['reason']})")
PYTHON
}

queue=$(aws sqs get-queue-url --queue-name "jari-$stage-failed-mail" --query QueueUrl --output text)
sent=0 left=0
# At most so many messages, so that it ends also while more come in.
for ((n = 0; n < 10000; n++)); do
    aws sqs receive-message --queue-url "$queue" --max-number-of-messages 1 --visibility-timeout 900 \
        --wait-time-seconds 2 --output json >"$work/received"
    grep -q Messages "$work/received" || break
    is_mail=true
    read_parked "$work/received" "$work/request" "$work/receipt" || is_mail=false
    if ! $is_mail || [[ $mode == --look ]]; then
        left=$((left + 1))
        continue
    fi
    if aws sesv2 send-email --cli-binary-format base64 --cli-input-json "file://$work/request" >/dev/null; then
        aws sqs delete-message --queue-url "$queue" --receipt-handle "$(<"$work/receipt")"
        sent=$((sent + 1))
    else
        echo "  SES refused it again; it stays" >&2
        left=$((left + 1))
    fi
done
echo "$sent sent, $left left in the queue"
