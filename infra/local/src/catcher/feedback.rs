//! What SES tells of a mail, as its configuration set puts it on a topic: that it took it, and for some addresses that it
//! bounced or was taken for spam.

use serde_json::{Value, json};

use super::{Caught, Mail};

/// Tells what becomes of a mail.
pub(super) fn tell(caught: &Caught, messages: Vec<String>) {
    for message in messages {
        if caught.feedback.try_send(message).is_err() {
            tracing::warn!("nobody records what SES tells of mails");
        }
    }
}

/// What is told of a mail that was taken.
pub(crate) fn messages(taken: &Mail) -> Vec<String> {
    let tags = taken.tags.iter().map(|tag| (tag.name.clone(), json!([tag.value])));
    let to: Vec<&str> = taken.to.split(", ").collect();
    let mail = json!({
        "timestamp": taken.sent_at.to_string(),
        "messageId": taken.id,
        "destination": to,
        "tags": tags.collect::<serde_json::Map<_, _>>(),
        "headers": taken.headers,
    });
    let mut messages = vec![json!({ "eventType": "Send", "mail": mail, "send": {} })];
    for address in to {
        let recipients = json!([{ "emailAddress": address }]);
        if is_simulated(address, "bounce") {
            let bounce = json!({
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": recipients,
                "timestamp": taken.sent_at.to_string(),
            });
            messages.push(json!({ "eventType": "Bounce", "mail": mail, "bounce": bounce }));
        } else if is_simulated(address, "complaint") {
            let complaint =
                json!({ "complainedRecipients": recipients, "timestamp": taken.sent_at.to_string() });
            messages.push(json!({ "eventType": "Complaint", "mail": mail, "complaint": complaint }));
        }
    }
    messages.iter().map(Value::to_string).collect()
}

/// SES's own simulator, and names of the kind at the local domain, so that a test has more than one.
fn is_simulated(address: &str, what: &str) -> bool {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    (local == what && domain == "simulator.amazonses.com")
        || (local.starts_with(what) && domain == "jari.test")
}
