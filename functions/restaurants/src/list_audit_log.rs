//! `list-audit-log`: who changed what of a restaurant, when and why.

use axum::{extract::State, response::Response};
use jari_api::{Caller, Cursors, Items, PathId, Problem, QueryFields, openapi, paging, respond};
use jari_domain::{AccountId, kind};
use jari_identity::Operation;
use jari_store::{ActedAs, AuditLine};
use jari_wiring::{Endpoint, store_problem};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::office::{Archive, Office};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-audit-log",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let archive = Archive { office: Office::open(&house)?, cursors: house.cursor_key().await? };
            Ok(routes().with_state(archive).into())
        })
    },
};

fn routes() -> OpenApiRouter<Archive> {
    OpenApiRouter::new().routes(routes!(list_audit_log))
}

/// One thing that was done.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditLine)]
struct AuditLineView {
    #[schema(format = DateTime, example = "2026-12-01T10:00:00+09:00")]
    at: String,
    /// Whose account did it.
    #[schema(value_type = String, example = "acc_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    by: AccountId,
    /// As what: `host`, `manager`, `owner` or `admin`.
    #[serde(rename = "as")]
    #[schema(value_type = String, example = "manager")]
    acted_as: ActedAs,
    /// The operation, by its `operationId`.
    #[schema(example = "put-floor")]
    what: String,
    /// What it changed, as it was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// What it changed, as it is since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Show what was changed, by whom
///
/// The newest first. A page may hold fewer than `limit` though more follow: go on while `next` is not null.
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/audit-log", tag = openapi::tags::MANAGEMENT,
    operation_id = "list-audit-log", security(("bearer" = [])),
    params(
        ("restaurantId" = String, Path),
        ("limit" = Option<u32>, Query, description = "1 to 100; 20 unless said otherwise."),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = Items<AuditLineView>), openapi::BadFields,
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn list_audit_log(
    State(archive): State<Archive>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    query: QueryFields,
) -> Result<Response, Problem> {
    let office = &archive.office;
    let admitted = office.admit(&caller, Operation::ListAuditLog, id).await?;
    let mut fields = query.fields();
    let (limit, cursor) = paging::read(&mut fields);
    fields.finish(())?;
    let cursors = Cursors::new(&archive.cursors, "audit-log", &id)?;
    let after = cursor.map(|cursor| cursors.open(&cursor)).transpose()?;
    let limit = i32::try_from(limit).unwrap_or(i32::MAX);
    let (lines, next) = office.store.audit_log(id, after.as_ref(), limit).await.map_err(store_problem)?;
    let next = next.map(|position| cursors.seal(&position)).transpose()?;
    let zone = admitted.stored.restaurant.zone();
    let items = lines.into_iter().map(|line| view(line, zone)).collect();
    Ok(respond::ok(&Items { items, next }))
}

fn view(line: AuditLine, zone: &TimeZone) -> AuditLineView {
    AuditLineView {
        at: respond::instant(line.at, zone),
        by: line.by,
        acted_as: line.acted_as,
        what: line.what,
        before: line.before,
        after: line.after,
        why: line.why,
    }
}
