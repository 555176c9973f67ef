#!/usr/bin/env bash
# Sends the mails of a stage's on-failure queue once more, each as it was to be sent, and takes it from the queue when SES
# has it.
#
#     infra/resend-mail.sh STAGE            sends what can be sent
#     infra/resend-mail.sh STAGE --look     only says what is there, and leaves all of it
#
# First mend what they were refused for (the reason is said of each). While it runs, nobody else sees the messages that it has
# seen; those that stay can be seen again when it ends, or an hour after it was killed. What no message could be made of (a
# stream record, feedback) stays: infra/RUNBOOK.md says what to do about it. Nobody's address is printed. Needs the AWS CLI with
# a region, Python 3, and the right to read the queue and to send.
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
mkdir "$work/seen" "$work/taken" "$work/kept"
queue=$(aws sqs get-queue-url --queue-name "jari-$stage-failed-mail" --query QueueUrl --output text)

# What stays in the queue is there for the next look at once, however this one ends.
give_back() {
    python3 - "$work" <<'PYTHON'
import json, pathlib, sys

work = pathlib.Path(sys.argv[1])
receipts = [one.read_text() for one in work.glob("*/*/receipt")]
for n in range(0, len(receipts), 10):
    entries = [
        {"Id": str(at), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
        for at, receipt in enumerate(receipts[n : n + 10])
    ]
    (work / f"entries-{n}").write_text(json.dumps(entries))
PYTHON
    local entries failed
    for entries in "$work"/entries-*; do
        [[ -e $entries ]] || break
        # Of single ones that failed it tells in its answer: None, if of none.
        failed=$(aws sqs change-message-visibility-batch --queue-url "$queue" --entries "file://$entries" \
            --query 'Failed[].Id' --output text) || failed=all
        [[ -z $failed || $failed == None ]] || echo "some messages are hidden for an hour: they could not be given back" >&2
    done
    rm -rf "$work"
}
trap give_back EXIT
trap 'exit 130' INT TERM

# Takes up to ten messages into $work/taken, each a folder with its receipt, what it is, and the request for SES if it is a mail;
# but none that was seen before: a queue may hand out a message twice, and does when it is so long that the first ones can be
# seen again.
take() {
    aws sqs receive-message --queue-url "$queue" --max-number-of-messages 10 --visibility-timeout 3600 \
        --wait-time-seconds 2 --output json >"$work/received"
    python3 - "$work" "jari-$stage" <<'PYTHON'
import base64, json, pathlib, sys
from email.header import Header

work, configuration_set = pathlib.Path(sys.argv[1]), sys.argv[2]


def what_and_request(message):
    try:
        parked = json.loads(message["Body"])
    except ValueError:
        parked = {}
    mail = parked.get("message")
    if mail is None:
        # Of SNS, or of Lambda when record-mail-feedback failed at it; a batch of the stream comes without what was in it.
        is_feedback = parked.get("Type") == "Notification" or "requestPayload" in parked
        what = parked.get("kind") or ("feedback" if is_feedback else "stream batch")
        return f"{what} {parked.get('about', '')} ({parked.get('reason', 'see infra/RUNBOOK.md')}): no mail to send", None
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
    if mail.get("headers"):
        simple["Headers"] = [{"Name": one["name"], "Value": one["value"]} for one in mail["headers"]]
    whole = {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [mail["to"]]},
        "Content": {"Simple": simple},
        "ConfigurationSetName": configuration_set,
        "EmailTags": [{"Name": "kind", "Value": mail["kind"]}],
    }
    if mail.get("replyTo"):
        whole["ReplyToAddresses"] = [mail["replyTo"]]
    return f"{parked['kind']} {parked['about']} ({parked['reason']})", whole


received = (work / "received").read_text().strip()
for message in json.loads(received).get("Messages", []) if received else []:
    seen = work / "seen" / message["MessageId"]
    if seen.exists():
        # It can only be given back by the receipt of the last time it was handed out.
        for kept in work.glob(f"kept/{message['MessageId']}/receipt"):
            kept.write_text(message["ReceiptHandle"])
        continue
    seen.touch()
    folder = work / "taken" / message["MessageId"]
    folder.mkdir()
    (folder / "receipt").write_text(message["ReceiptHandle"])
    try:
        what, request = what_and_request(message)
    except (AttributeError, KeyError, TypeError):
        what, request = f"message {message['MessageId']}, which this script can't read: it stays", None
    (folder / "what").write_text(what + "\n")
    if request:
        (folder / "request").write_text(json.dumps(request))
PYTHON
}

sent=0 left=0
while true; do
    take
    compgen -G "$work/taken/*" >/dev/null || break
    for message in "$work"/taken/*; do
        cat "$message/what"
        if [[ ! -e $message/request || $mode == --look ]]; then
            mv "$message" "$work/kept"
            left=$((left + 1))
        elif aws sesv2 send-email --cli-binary-format base64 --cli-input-json "file://$message/request" >/dev/null; then
            receipt=$(<"$message/receipt")
            # It is out: whatever happens to its message now, it is not given back.
            rm -r "$message"
            aws sqs delete-message --queue-url "$queue" --receipt-handle "$receipt" || {
                echo "  it is sent, but still in the queue: delete message ${message##*/} before the next run" >&2
                exit 1
            }
            sent=$((sent + 1))
        else
            echo "  SES refused it again; it stays" >&2
            mv "$message" "$work/kept"
            left=$((left + 1))
        fi
    done
done
echo "$sent sent, $left left in the queue"
