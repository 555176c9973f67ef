//! `update-me`: another name, phone, language, or other mails.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, Code, IfMatch, Problem, fields, openapi, respond};
use jari_domain::GuestName;
use jari_operations::{NotChanged, ProfileChange, Refusal, change_profile, own_account};
use jari_wiring::{Endpoint, MeView, admission_problem, store_problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::mirror::Mirror;

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "update-me",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Mirror::open(&house)?).into()) }),
};

/// What is to be otherwise; what is left out stays as it is. The address can't be changed: it is what makes reservations
/// one's own.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct MeChange {
    #[schema(min_length = 1, max_length = 80, example = "김민지")]
    name: Option<String>,
    /// E.164; null: none.
    #[schema(example = "+82 10-1234-5678")]
    phone: Option<String>,
    /// `ko` or `en`.
    #[schema(example = "ko")]
    language: Option<String>,
    mail: Option<MailChange>,
}

/// Which mails one wants.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct MailChange {
    /// The reminders a day and three hours before.
    reminders: Option<bool>,
}

fn routes() -> OpenApiRouter<Mirror> {
    OpenApiRouter::new().routes(routes!(update_me))
}

/// Change one's own account
///
/// With `If-Match`, only as it was seen: otherwise a 412 with its `current` state.
#[utoipa::path(patch, path = "/v1/me", tag = openapi::tags::ME, operation_id = "update-me",
    request_body = MeChange, security(("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "The `ETag` of the account as it was seen.")),
    responses((status = 200, description = "As it is now.", body = MeView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Stale, openapi::Common))]
async fn update_me(
    State(mirror): State<Mirror>,
    caller: Caller,
    seen: Option<IfMatch>,
    body: Body,
) -> Result<Response, Problem> {
    caller.signed_in()?;
    let own = own_account(&mirror.store, &caller.0).await.map_err(admission_problem)?;
    let mut fields = body.fields();
    let change = ProfileChange {
        name: fields.optional("name", fields::parsed::<GuestName>),
        phone: fields.clearable("phone", fields::phone),
        language: fields.optional("language", fields::language),
        reminders: fields
            .optional_object("mail", |mail| Some(mail.optional("reminders", fields::boolean)))
            .flatten(),
    };
    fields.finish(())?;
    let seen = seen.and_then(IfMatch::revision);
    match change_profile(&mirror.store, own, &change, seen).await {
        Ok(changed) => Ok(respond::revised(changed.account.revision, &MeView::new(&changed))),
        Err(NotChanged::SignedOut) => Err(admission_problem(Refusal::Unauthenticated)),
        Err(NotChanged::Stale(current)) => {
            Err(Problem::new(Code::StaleRevision).with("current", MeView::new(&current)))
        }
        Err(NotChanged::Store(error)) => Err(store_problem(error)),
    }
}
