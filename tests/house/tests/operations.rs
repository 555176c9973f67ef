//! What an operator goes by: alarms and runbook speak of the same, the dashboard shows what is counted, and what is in the
//! on-failure queue can be sent.

use std::{collections::BTreeSet, process::Command};

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

/// A deployment knows them by name: a reference would close a circle.
#[test]
fn what_rolls_a_deployment_back_is_an_alarm_that_there_is() {
    let alarms = alarms();
    let template = workspace::text("template.yaml");
    let lists: Vec<&str> = template
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Alarms: [")?.strip_suffix(']'))
        .collect();
    assert!(lists.len() > 5, "{lists:?}");
    for name in lists.iter().flat_map(|list| list.split(", ")) {
        let name = name.strip_prefix("!Sub \"jari-${Stage}-").and_then(|name| name.strip_suffix('"'));
        assert!(name.is_some_and(|name| alarms.contains(name)), "{name:?}");
    }
}

/// Among the requests of all, a tenth of one function's would not be seen to fail.
#[test]
fn whatever_is_deployed_in_steps_has_its_own_errors_counted_by_what_rolls_it_back() {
    let (template, monitoring) = (workspace::text("template.yaml"), workspace::text("infra/monitoring.yaml"));
    let alarm = |name: &str| {
        let named = format!("AlarmName: !Sub \"{PREFIX}{name}\"");
        monitoring.split("Type: AWS::CloudWatch::Alarm").find(|alarm| alarm.contains(&named)).unwrap()
    };
    let mut functions = 0;
    for function in template.split("Type: AWS::Serverless::Function").skip(1) {
        let Some((_, list)) = function.split_once("Alarms: [") else { continue };
        let list = list.split(']').next().unwrap();
        let quoted = |text: &str| text.split('"').nth(1).unwrap().strip_prefix(PREFIX).unwrap().to_owned();
        let name = quoted(function.split_once("FunctionName: ").unwrap().1);
        let counts = format!("Name: FunctionName, Value: !Sub \"{PREFIX}{name}\"");
        let is_counted = list.split(", ").any(|one| {
            let alarm = alarm(&quoted(one));
            alarm.contains("MetricName: Errors") && alarm.contains(&counts)
        });
        assert!(is_counted, "{name}");
        functions += 1;
    }
    assert!(functions > 10, "{functions}");
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

/// The AWS CLI, as far as the script uses it, on the queue in the file `queue` beside it. Each look at the queue takes the
/// seconds in `pace`; a message that was taken cannot be seen until its time is over. What it is told is kept.
const FAKE_AWS: &str = r#"#!/usr/bin/env python3
import json, pathlib, sys

here, (service, verb, *rest) = pathlib.Path(sys.argv[0]).parent, sys.argv[1:]
options = dict(zip(rest[::2], rest[1::2]))
queue = json.loads((here / "queue").read_text())

def keep(name, text):
    with open(here / name, "a") as file:
        file.write(text + "\n")

match f"{service} {verb}":
    case "sqs get-queue-url":
        print("https://queue.test/failed-mail")
    case "sqs receive-message":
        queue["now"] += queue["pace"]
        queue["looks"] += 1
        if queue["looks"] > 100:
            sys.exit("it never ends")
        seen = [one for one in queue["messages"] if one["from"] <= queue["now"]]
        seen = seen[: int(options["--max-number-of-messages"])]
        for one in seen:
            one["from"] = queue["now"] + int(options["--visibility-timeout"])
            one["message"]["ReceiptHandle"] = f"{one['message']['MessageId']} at {queue['now']}"
        if seen:
            print(json.dumps({"Messages": [one["message"] for one in seen]}))
    case "sqs change-message-visibility-batch":
        for entry in json.loads(pathlib.Path(options["--entries"].removeprefix("file://")).read_text()):
            taken = [one for one in queue["messages"] if one["message"].get("ReceiptHandle") == entry["ReceiptHandle"]]
            if not taken:
                print(entry["Id"])
            for one in taken:
                one["from"] = queue["now"] + entry["VisibilityTimeout"]
    case "sesv2 send-email":
        # So it is in the shell: an option of its own before the file.
        request = [word for word in rest if word.startswith("file://")][0]
        keep("sent", json.dumps(json.loads(pathlib.Path(request.removeprefix("file://")).read_text())))
    case "sqs delete-message":
        queue["messages"] = [
            one for one in queue["messages"] if one["message"].get("ReceiptHandle") != options["--receipt-handle"]
        ]
    case other:
        sys.exit(f"aws {other}")
(here / "queue").write_text(json.dumps(queue))
"#;

/// A queue, and the fake of the AWS CLI that looks at it.
#[cfg(unix)]
struct Queue {
    folder: tempfile::TempDir,
}

#[cfg(unix)]
impl Queue {
    /// Of these bodies; each look at it takes so many seconds.
    fn of(bodies: &[Value], pace: u32) -> Self {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let aws = folder.path().join("aws");
        std::fs::write(&aws, FAKE_AWS).unwrap();
        std::fs::set_permissions(&aws, std::fs::Permissions::from_mode(0o755)).unwrap();
        let message = |(n, body): (usize, &Value)| {
            let message = json!({ "MessageId": format!("id-{n}"), "Body": body.to_string() });
            json!({ "from": 0, "message": message })
        };
        let messages: Vec<Value> = bodies.iter().enumerate().map(message).collect();
        let queue = json!({ "now": 0, "looks": 0, "pace": pace, "messages": messages });
        std::fs::write(folder.path().join("queue"), queue.to_string()).unwrap();
        Self { folder }
    }

    /// What the script says.
    fn resend(&self, mode: &[&str]) -> String {
        let path = format!("{}:{}", self.folder.path().display(), std::env::var("PATH").unwrap());
        let mut script = Command::new(workspace::root().join("infra/resend-mail.sh"));
        let output = script.arg("dev").args(mode).env("PATH", path).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        said
    }

    /// The messages that are still there: their ids, and whether everybody can see them.
    fn left(&self) -> Vec<(String, bool)> {
        let queue = std::fs::read_to_string(self.folder.path().join("queue")).unwrap();
        let queue: Value = serde_json::from_str(&queue).unwrap();
        let now = queue["now"].as_u64();
        let left = queue["messages"].as_array().unwrap().iter();
        left.map(|one| {
            (one["message"]["MessageId"].as_str().unwrap().to_owned(), one["from"].as_u64() <= now)
        })
        .collect()
    }

    /// The requests that SES has got.
    fn sent(&self) -> Vec<Value> {
        let sent = std::fs::read_to_string(self.folder.path().join("sent")).unwrap_or_default();
        sent.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn a_mail(about: &str) -> Value {
    json!({
        "kind": "confirmed", "about": about, "reason": "SendingPausedException",
        "message": {
            "kind": "confirmed", "to": "minji@jari.test", "replyTo": "ongi@jari.test", "subject": "예약이 확정되었습니다",
            "from": { "name": "온기", "address": "seat@jari.test" }, "text": "본문", "html": "<p>본문</p>",
            "attachments": [{ "fileName": "invite.ics", "contentType": "text/calendar", "content": "BEGIN:VCALENDAR" }],
            "headers": [{ "name": "X-Jari-Cause", "value": "r-1" }],
        },
    })
}

fn a_record() -> Value {
    json!({ "kind": "record", "about": "", "reason": "the record can't be read", "record": {} })
}

#[cfg(unix)]
#[test]
fn a_parked_mail_is_sent_as_it_was_to_be_and_what_is_no_mail_stays() {
    let queue = Queue::of(&[a_record(), a_mail("rsv_1")], 1);
    let said = queue.resend(&[]);
    assert!(said.contains("1 sent, 1 left"), "{said}");
    assert!(!said.contains('@') && !said.contains("온기"), "nobody's address is printed: {said}");
    assert_eq!(queue.left(), [("id-0".to_owned(), true)]);
    let [sent] = &queue.sent()[..] else { panic!("{:?}", queue.sent()) };
    assert_eq!(sent["FromEmailAddress"], "=?utf-8?b?7Jio6riw?= <seat@jari.test>");
    assert_eq!(sent["Destination"]["ToAddresses"], json!(["minji@jari.test"]));
    assert_eq!(sent["ReplyToAddresses"], json!(["ongi@jari.test"]));
    assert_eq!(sent["Content"]["Simple"]["Subject"]["Data"], "예약이 확정되었습니다");
    assert_eq!(sent["Content"]["Simple"]["Attachments"][0]["RawContent"], "QkVHSU46VkNBTEVOREFS");
    assert_eq!(sent["Content"]["Simple"]["Headers"], json!([{ "Name": "X-Jari-Cause", "Value": "r-1" }]));
    assert_eq!(sent["ConfigurationSetName"], "jari-dev");
}

/// Also when looking takes so long that the first messages can be seen again before the last were.
#[cfg(unix)]
#[test]
fn looking_tells_each_message_once_and_leaves_all_of_them_to_be_seen() {
    for pace in [1, 1_500] {
        let bodies: Vec<Value> = (0..25).map(|n| a_mail(&format!("rsv_{n}."))).collect();
        let queue = Queue::of(&bodies, pace);
        let said = queue.resend(&["--look"]);
        assert!(said.contains("0 sent, 25 left") && !said.contains("hidden"), "{said}");
        for n in 0..25 {
            let line = format!("confirmed rsv_{n}. (SendingPausedException)");
            assert_eq!(said.matches(&line).count(), 1, "{line} in {said}");
        }
        assert_eq!(queue.sent(), Vec::<Value>::new());
        assert_eq!(queue.left().len(), 25);
        assert!(queue.left().iter().all(|(_, can_be_seen)| *can_be_seen), "{:?}", queue.left());
    }
}

/// Every function with a schedule has an alarm that watches whether it runs at all.
#[test]
fn no_schedule_falls_silent_unnoticed() {
    let template = workspace::text("template.yaml");
    let schedules = template.match_indices("Type: ScheduleV2").map(|(at, _)| {
        let name = template[at..].split("Name: !Sub \"jari-${Stage}-").nth(1).unwrap();
        name.split('"').next().unwrap()
    });
    let schedules: Vec<&str> = schedules.collect();
    assert!(schedules.len() >= 4, "{schedules:?}");
    let monitoring = workspace::text("infra/monitoring.yaml");
    for name in schedules {
        let alarm = monitoring.split(&format!("AlarmName: !Sub \"jari-${{Stage}}-{name}-silent\"")).nth(1);
        let alarm = alarm.unwrap_or_else(|| panic!("no alarm when {name} is silent"));
        let alarm = alarm.split("\n\n").next().unwrap();
        for line in [
            "ComparisonOperator: LessThanThreshold",
            "TreatMissingData: breaching",
            "MetricName: Invocations",
            &format!("{{ Name: FunctionName, Value: !Sub \"jari-${{Stage}}-{name}\" }}"),
        ] {
            assert!(alarm.contains(line), "{name}: {line}");
        }
    }
}
