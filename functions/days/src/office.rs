//! What the endpoints of a restaurant's evening are opened with, and how they read their paths.

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use jari_api::{BadField, Caller, Code, FieldCode, Problem, Text, fields};
use jari_domain::{Clock, DinerId, RestaurantId};
use jari_identity::{BearerVerifier, Operation};
use jari_operations::{Admitted, DayRefusal, admit};
use jari_store::Store;
use jari_wiring::{House, OpenError, admission_problem};
use jiff::civil::Date;

/// Where a restaurant's people work. Holds no secret.
#[derive(Clone, FromRef)]
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) bearers: BearerVerifier,
}

impl Office {
    pub(crate) fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock(), bearers: house.bearer_verifier()? })
    }

    /// Lets the caller in to `operation` at `restaurant`, or says why not.
    pub(crate) async fn admit(
        &self,
        caller: &Caller,
        operation: Operation,
        restaurant: RestaurantId,
    ) -> Result<Admitted, Problem> {
        admit(&self.store, &caller.0, operation, restaurant).await.map_err(admission_problem)
    }
}

/// The service day in the path, as `date`. What is no date names nothing: 404.
pub(crate) struct PathDate(pub(crate) Date);

impl<S: Send + Sync> FromRequestParts<S> for PathDate {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let date = fields::date(&path_text(parts, state, "date").await?.into());
        date.map(Self).map_err(|_| Problem::new(Code::NotFound))
    }
}

/// The diner in the path, as `dinerId`.
pub(crate) struct PathDiner(pub(crate) DinerId);

impl<S: Send + Sync> FromRequestParts<S> for PathDiner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        path_text(parts, state, "dinerId").await.map(|diner| Self(DinerId(diner)))
    }
}

async fn path_text<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Result<String, Problem> {
    let not_found = || Problem::new(Code::NotFound);
    let parameters = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_found())?;
    let found = parameters.iter().find(|(other, _)| *other == name);
    found.map(|(_, text)| text.to_owned()).ok_or_else(not_found)
}

/// The problem that tells of `refusal`; `current` shows what is there where the caller saw something else.
pub(crate) fn problem(
    refusal: DayRefusal,
    current: impl FnOnce(&jari_store::DayMarks) -> serde_json::Value,
) -> Problem {
    match refusal {
        DayRefusal::Door(refusal) => admission_problem(refusal),
        DayRefusal::NotPlanned => Problem::invalid_fields(vec![BadField {
            pointer: "/date".into(),
            code: FieldCode::OutOfRange,
            detail: Text::fixed("변경할 수 없는 날짜입니다.", "That day is too far away, or over."),
        }]),
        DayRefusal::Stale(marks) => Problem::new(Code::StaleRevision).with("current", current(&marks)),
    }
}
