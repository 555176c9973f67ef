//! `put-day-note`: what whoever works a day is to know.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, fields, openapi, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::put_day_note as put;
use jari_store::{DayMarks, DayNote};
use jari_wiring::Endpoint;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::office::{Office, PathDate, problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "put-day-note",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

/// The note of a day.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewDayNote {
    /// Empty: no note. Line breaks are kept.
    #[schema(max_length = 1000, example = "7시에 단체 손님, 홀 왼쪽을 비워 주세요.")]
    text: String,
}

/// The note of a day.
#[derive(Serialize, ToSchema)]
#[schema(as = DayNote)]
pub(crate) struct DayNoteView {
    /// Empty: there is none.
    text: String,
    /// Also the `ETag`; 0: there is none.
    revision: u64,
}

impl From<Option<DayNote>> for DayNoteView {
    fn from(note: Option<DayNote>) -> Self {
        let (text, revision) = note.map(|note| (note.text, note.revision)).unwrap_or_default();
        Self { text, revision }
    }
}

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(put_day_note))
}

/// Write the note of a day
///
/// One note a service day, for everybody who works it; it replaces the one before. An empty text removes it.
#[utoipa::path(put, path = "/v1/restaurants/{restaurantId}/days/{date}/note", tag = openapi::tags::DAY_SHEET,
    operation_id = "put-day-note", request_body = NewDayNote, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("date" = String, Path, description = "The service day, at most a year away.", example = "2026-12-24"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the note as it was seen; `\"0\"`: there was none.")),
    responses((status = 200, description = "As it is now.", body = DayNoteView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Stale, openapi::Common))]
async fn put_day_note(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    PathDate(date): PathDate,
    seen: Option<IfMatch>,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::PutDayNote, id).await?;
    let mut read = body.fields();
    let text = read.required("text", fields::day_note);
    let text = read.finish(text)?;
    let text = (!text.is_empty()).then_some(text.as_str());
    let (now, seen) = (office.clock.now(), seen.and_then(IfMatch::revision));
    let note = put(&office.store, &admitted, date, text, seen, now).await;
    let view = DayNoteView::from(note.map_err(|refusal| problem(refusal, current))?);
    Ok(respond::revised(view.revision, &view))
}

/// The note as it is; null where there is none.
fn current(marks: &DayMarks) -> Value {
    let note = marks.note.clone().map(|note| DayNoteView::from(Some(note)));
    note.map_or(Value::Null, |note| serde_json::json!(note))
}
