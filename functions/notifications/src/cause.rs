//! From the request that wrote a record to the mail that it calls for, and to what SES says of the mail: under the same ids.

use aws_lambda_events::dynamodb::EventRecord;
use jari_mail::{Header, Message};
use jari_store::CAUSE;
use jari_telemetry::Cause;
use serde_dynamo::AttributeValue;

/// The header that tells a mail's cause. SES repeats it in what it says of the mail.
pub(crate) const HEADER: &str = "X-Jari-Cause";

/// What the item of a record was last written for.
pub(crate) fn of_record(record: &EventRecord) -> Option<Cause> {
    match record.change.new_image.get(CAUSE) {
        Some(AttributeValue::S(cause)) => cause.parse().ok(),
        _ => None,
    }
}

/// Has `message` tell its cause.
pub(crate) fn tell(message: &mut Message, cause: Option<&Cause>) {
    let header = |cause: &Cause| Header { name: HEADER.to_owned(), value: cause.to_string() };
    message.headers.extend(cause.map(header));
}

/// Does `work` for `cause`, if there is one; else for what it is being done for anyway.
pub(crate) async fn during<W: Future>(cause: Option<Cause>, work: W) -> W::Output {
    match cause {
        Some(cause) => cause.during(work).await,
        None => work.await,
    }
}
