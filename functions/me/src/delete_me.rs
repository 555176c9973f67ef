//! `delete-me`: an account is erased, and whoever it is of forgotten.

use axum::{
    extract::{FromRef, State},
    http::StatusCode,
};
use jari_api::{Caller, ClientAddress, Code, MaybeBody, Problem, Text, fields, openapi};
use jari_domain::Clock;
use jari_identity::{BearerVerifier, DinerKey};
use jari_operations::accounts::{AccountRefusal, Erasure, NotErased, begin_erasure, check_password, erase};
use jari_store::Store;
use jari_wiring::{Endpoint, admission_problem, store_problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "delete-me",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let exit = Exit {
                store: house.store()?,
                clock: house.clock(),
                bearers: house.bearer_verifier()?,
                diners: house.diner_key().await?,
            };
            Ok(routes().with_state(exit).into())
        })
    },
};

#[derive(Clone, FromRef)]
struct Exit {
    store: Store,
    clock: Clock,
    bearers: BearerVerifier,
    diners: DinerKey,
}

/// That it is really its owner who asks.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Erase {
    /// Of the account, where it has one.
    #[schema(format = Password, min_length = 8, max_length = 128, example = "여름밤의 국수 한그릇")]
    password: Option<String>,
}

fn routes() -> OpenApiRouter<Exit> {
    OpenApiRouter::new().routes(routes!(delete_me))
}

/// Delete one's own account
///
/// With all that names one: reservations still to come are cancelled, those of the past stay with their restaurants without
/// a name, address or note. It can't be undone. An account with a password is deleted with it only. The only owner of a
/// restaurant has to hand it over or close it first (409 `last_owner`). A 503 means that some is left: asked again, it goes on from
/// there; who does not ask again has the rest erased within some minutes.
#[utoipa::path(delete, path = "/v1/me", tag = openapi::tags::ME, operation_id = "delete-me",
    request_body = Option<Erase>, security(("bearer" = [])),
    responses((status = 204, description = "Nothing is left."),
        openapi::BadBody, openapi::Unauthenticated, openapi::Conflict, openapi::TooMany, openapi::Common))]
async fn delete_me(
    State(exit): State<Exit>,
    caller: Caller,
    ClientAddress(client): ClientAddress,
    body: MaybeBody,
) -> Result<StatusCode, Problem> {
    caller.signed_in()?;
    let account = begin_erasure(&exit.store, &caller.0).await.map_err(admission_problem)?;
    let mut read = body.fields();
    let password = if account.password_hash.is_some() {
        read.required("password", fields::parsed)
    } else {
        read.optional("password", fields::parsed)
    };
    read.finish(())?;
    let now = exit.clock.now();
    check_password(&exit.store, &exit.diners, &account, password, client, now).await.map_err(problem)?;
    match erase(&exit.store, account, now).await {
        Ok(Erasure::Done) => Ok(StatusCode::NO_CONTENT),
        Ok(Erasure::MoreLeft) => Err(Problem::unavailable("more is left than one call erases")),
        Err(NotErased::LastOwner) => Err(Problem::new(Code::LastOwner).with_detail(Text::fixed(
            "유일한 소유자로 등록된 식당이 있습니다. 먼저 다른 소유자를 지정하거나 식당 운영을 종료해 주세요.",
            "You are the only owner of a restaurant. Please make somebody else its owner first, or close it for good.",
        ))),
        Err(NotErased::Store(error)) => Err(store_problem(error)),
    }
}

fn problem(refusal: AccountRefusal) -> Problem {
    match refusal {
        AccountRefusal::InvalidCredentials => Problem::new(Code::InvalidCredentials),
        AccountRefusal::TooMany { retry_after } => {
            Problem::new(Code::TooManyRequests).with_retry_after(retry_after.unsigned_abs())
        }
        AccountRefusal::Store(error) => store_problem(error),
        other => Problem::internal(other),
    }
}
