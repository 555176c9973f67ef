//! `export-me`: everything that is kept about somebody, in one document.

use axum::{
    extract::{FromRef, State},
    http::{HeaderValue, header},
    response::Response,
};
use jari_api::{Caller, Cursors, Problem, QueryFields, fields, openapi, respond};
use jari_domain::Clock;
use jari_identity::{BearerVerifier, CursorKey};
use jari_operations::own_account;
use jari_store::Store;
use jari_wiring::{Endpoint, Export, admission_problem, store_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "export-me",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let archive = Archive {
                store: house.store()?,
                clock: house.clock(),
                bearers: house.bearer_verifier()?,
                cursors: house.cursor_key().await?,
            };
            Ok(routes().with_state(archive).into())
        })
    },
};

#[derive(Clone, FromRef)]
struct Archive {
    store: Store,
    clock: Clock,
    bearers: BearerVerifier,
    cursors: CursorKey,
}

fn routes() -> OpenApiRouter<Archive> {
    OpenApiRouter::new().routes(routes!(export_me))
}

/// Take a copy of everything kept about oneself
///
/// One document, of about 1 MB at most: where more reservations follow, `truncated` is true, and the same with the `next` of
/// this one as `cursor` goes on.
#[utoipa::path(get, path = "/v1/me/export", tag = openapi::tags::ME, operation_id = "export-me",
    security(("bearer" = [])),
    params(("cursor" = Option<String>, Query, description = "The `next` of the document before.")),
    responses((status = 200, description = "The document.", body = Export, headers(("Content-Disposition" = String))),
        openapi::BadFields, openapi::Unauthenticated, openapi::Common))]
async fn export_me(
    State(archive): State<Archive>,
    caller: Caller,
    query: QueryFields,
) -> Result<Response, Problem> {
    /// What a cursor may be long.
    const LONGEST_CURSOR: usize = 2048;
    let store = &archive.store;
    caller.signed_in()?;
    let own = own_account(store, &caller.0).await.map_err(admission_problem)?;
    let mut read = query.fields();
    let cursor = read.optional("cursor", fields::text(LONGEST_CURSOR));
    read.finish(())?;
    let cursors = Cursors::new(&archive.cursors, "export-me", &own.diner)?;
    let after = cursor.map(|cursor| cursors.open(&cursor)).transpose()?;

    let (export, more) = Export::of(store, &own, after, archive.clock.now()).await.map_err(store_problem)?;
    let next = more.map(|position| cursors.seal(&position)).transpose()?;
    let export = export.going_on(next);
    let mut response = respond::ok(&export);
    let name = HeaderValue::from_static("attachment; filename=\"jari-export.json\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
