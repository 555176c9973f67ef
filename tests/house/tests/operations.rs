//! What an operator goes by: alarms and runbook speak of the same, the dashboard shows what is counted, and what is in the
//! on-failure queue can be sent.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::{collections::BTreeSet, path::Path, process::Command};

use jari_telemetry::Metric;
use jari_tests::workspace;
use serde_json::{Value, json};

const TEMPLATES: [&str; 3] = ["template.yaml", "infra/monitoring.yaml", "infra/edge.yaml"];
const PREFIX: &str = "jari-${Stage}-";

/// The names of the alarms, without the stage.
fn alarms() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for template in TEMPLATES {
        let text = workspace::text(template);
        let declared = text.matches("Type: AWS::CloudWatch::Alarm").count();
        let names = text.lines().filter_map(|line| line.trim().strip_prefix("AlarmName: !Sub "));
        let of_template: Vec<String> =
            names.map(|name| name.trim_matches('"').strip_prefix(PREFIX).expect(name).to_owned()).collect();
        assert_eq!(of_template.len(), declared, "every alarm of {template} is named {PREFIX}…");
        all.extend(of_template);
    }
    all
}

/// What the runbook's third-level headings name in code font.
fn sections(runbook: &str) -> BTreeSet<String> {
    let headings = runbook.lines().filter_map(|line| line.strip_prefix("### "));
    headings.flat_map(|heading| heading.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn every_alarm_has_its_section_and_every_section_its_alarm() {
    let alarms = alarms();
    assert!(alarms.len() > 20, "{alarms:?}");
    assert_eq!(alarms, sections(&workspace::text("infra/RUNBOOK.md")));
}

#[test]
fn a_section_says_something() {
    let runbook = workspace::text("infra/RUNBOOK.md");
    for section in runbook.split("\n### ").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap();
        let body = body.split("\n## ").next().unwrap();
        assert!(body.trim().len() > 80, "{heading}: {body}");
    }
}

#[test]
fn the_edge_sends_what_the_functions_ask_for() {
    let template = workspace::text("infra/edge.yaml");
    let (key, client) = (jari_wiring::edge::KEY_HEADER, jari_wiring::edge::CLIENT_HEADER);
    assert!(template.contains(&format!("{{ HeaderName: {key}, HeaderValue: !Ref EdgeKey }}")));
    assert!(template.contains(&format!("event.request.headers['{client}'] = {{ value: event.viewer.ip }};")));
}

/// What is slow on purpose or mails somebody has a throttle of its own at the gateway, and a count by address at the edge.
#[test]
fn the_edge_counts_what_the_gateway_throttles_but_for_bookings() {
    let throttled: BTreeSet<String> = workspace::text("template.yaml")
        .lines()
        .filter_map(|line| {
            line.trim().strip_prefix("\"POST ")?.split_once('"').map(|(path, _)| path.to_owned())
        })
        .filter(|path| path != "/v1/reservations")
        .collect();
    assert!(throttled.len() >= 4, "{throttled:?}");
    let template = workspace::text("infra/edge.yaml");
    let pattern = template.lines().find_map(|line| line.trim().strip_prefix("RegexString: ")).unwrap();
    let counted = regex_lite::Regex::new(pattern.trim_matches('"')).unwrap();
    for path in throttled.iter().map(String::as_str).chain(["/sign-in", "/sign-up", "/forgot-password"]) {
        assert!(counted.is_match(path), "{path}");
    }
    for path in ["/v1/sessions/refresh", "/v1/sessions/current", "/v1/reservations", "/", "/r/accounts"] {
        assert!(!counted.is_match(path), "{path}");
    }
}

#[test]
fn the_dashboard_shows_what_is_counted_and_nothing_else_is_asked_for() {
    let text = workspace::text("infra/monitoring.yaml");
    let shown: BTreeSet<&str> = text
        .match_indices(r#"["Jari", ""#)
        .map(|(at, start)| text[at + start.len()..].split('"').next().unwrap())
        .collect();
    let counted: BTreeSet<&str> = Metric::ALL.into_iter().map(Metric::name).collect();
    assert_eq!(shown, counted);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let watched = lines.windows(2).filter(|pair| pair[0] == "Namespace: Jari");
    let watched: Vec<&str> = watched.map(|pair| pair[1].strip_prefix("MetricName: ").unwrap()).collect();
    assert!(!watched.is_empty() && watched.iter().all(|name| counted.contains(name)), "{watched:?}");
}

#[test]
fn alarms_and_dashboard_name_functions_that_there_are() {
    let events = std::fs::read_dir(workspace::root().join("events")).unwrap();
    let functions: BTreeSet<String> =
        events.map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect();
    for template in TEMPLATES {
        let text = workspace::text(template);
        for (at, start) in text.match_indices("Name: FunctionName, Value: !Sub \"jari-${Stage}-") {
            let name = text[at + start.len()..].split('"').next().unwrap();
            assert!(functions.contains(name), "{template}: there is no function {name}");
        }
        for (at, start) in text.match_indices("/aws/lambda/jari-${Stage}-") {
            let rest = &text[at + start.len()..];
            let name = rest.split(|c: char| c != '-' && !c.is_ascii_lowercase()).next().unwrap();
            assert!(functions.contains(name), "{template}: there is no function {name}");
        }
    }
}

/// The AWS CLI, as far as the script uses it: hands out the messages of `queue` one by one, and keeps what it was told.
const FAKE_AWS: &str = r#"#!/usr/bin/env bash
set -e
here=$(dirname "$0")
case "$1 $2" in
    "sqs get-queue-url") echo https://queue.test/failed-mail ;;
    "sqs receive-message")
        next=$(ls "$here/queue" | head -n 1)
        [[ -z $next ]] || { cat "$here/queue/$next"; mv "$here/queue/$next" "$here/taken-$next"; } ;;
    "sesv2 send-email")
        for word in "$@"; do case $word in file://*) cat "${word#file://}" >>"$here/sent"; echo >>"$here/sent" ;; esac; done ;;
    "sqs delete-message") echo "${@: -1}" >>"$here/deleted" ;;
    *) echo "aws $*" >&2; exit 1 ;;
esac
"#;

fn message(receipt: &str, body: &Value) -> String {
    json!({ "Messages": [{ "ReceiptHandle": receipt, "Body": body.to_string() }] }).to_string()
}

fn resend(folder: &Path, mode: &[&str]) -> String {
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let output = Command::new(workspace::root().join("infra/resend-mail.sh"))
        .arg("dev")
        .args(mode)
        .env("PATH", path)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[cfg(unix)]
#[test]
fn a_parked_mail_is_sent_as_it_was_to_be_and_what_is_no_mail_stays() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("queue")).unwrap();
    std::fs::write(folder.join("aws"), FAKE_AWS).unwrap();
    std::fs::set_permissions(folder.join("aws"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mail = json!({
        "kind": "confirmed", "about": "rsv_1", "reason": "SendingPausedException",
        "message": {
            "kind": "confirmed", "to": "minji@jari.test", "replyTo": "ongi@jari.test", "subject": "예약이 확정되었습니다",
            "from": { "name": "온기", "address": "seat@jari.test" }, "text": "본문", "html": "<p>본문</p>",
            "attachments": [{ "fileName": "invite.ics", "contentType": "text/calendar", "content": "BEGIN:VCALENDAR" }],
        },
    });
    let record = json!({ "kind": "record", "about": "", "reason": "the record can't be read", "record": {} });
    let fill = || {
        std::fs::write(folder.join("queue/1"), message("first", &record)).unwrap();
        std::fs::write(folder.join("queue/2"), message("second", &mail)).unwrap();
    };

    fill();
    let said = resend(folder, &["--look"]);
    assert!(
        said.contains("confirmed rsv_1 (SendingPausedException)") && said.contains("0 sent, 2 left"),
        "{said}"
    );
    assert_eq!((read(folder, "sent"), read(folder, "deleted")), (String::new(), String::new()));

    fill();
    let said = resend(folder, &[]);
    assert!(said.contains("1 sent, 1 left"), "{said}");
    assert!(!said.contains('@') && !said.contains("온기"), "nobody's address is printed: {said}");
    assert_eq!(read(folder, "deleted").trim(), "second");
    let sent: Value = serde_json::from_str(&read(folder, "sent")).unwrap();
    assert_eq!(sent["FromEmailAddress"], "=?utf-8?b?7Jio6riw?= <seat@jari.test>");
    assert_eq!(sent["Destination"]["ToAddresses"], json!(["minji@jari.test"]));
    assert_eq!(sent["ReplyToAddresses"], json!(["ongi@jari.test"]));
    assert_eq!(sent["Content"]["Simple"]["Subject"]["Data"], "예약이 확정되었습니다");
    assert_eq!(sent["Content"]["Simple"]["Attachments"][0]["RawContent"], "QkVHSU46VkNBTEVOREFS");
    assert_eq!(sent["ConfigurationSetName"], "jari-dev");
}
