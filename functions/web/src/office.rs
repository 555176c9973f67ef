//! `/office`: where a restaurant is set up by its own people.
//!
//! Each part (profile, menu, floor, schedule, policy) has a page with one form. The form names the revision that it shows:
//! who was slower sees what there is now beside what they have typed. Who may only look gets the same part in words.

mod audit_log;
mod closures;
mod floor;
mod head;
mod home;
mod menu;
mod menu_section;
mod overview;
mod part;
mod policy;
mod profile;
mod rows;
mod schedule;
mod staff;
mod stranded;
mod summary;

use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jari_domain::RestaurantId;
use jari_identity::Operation;
use jari_operations::{Admitted, Standing, admit};

use crate::{
    Desk,
    tonight::path_text,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

pub(crate) use audit_log::{Line, lines};
pub(crate) use head::{registration, status_tone};
pub(crate) use overview::take;
pub(crate) use part::Notice;
pub(crate) use summary::{Summary, all_parts, both};

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/office", get(home::show))
        .route("/office/new", get(home::ask).post(home::register))
        .route("/office/{restaurantId}", get(overview::show))
        .route("/office/{restaurantId}/submit", post(overview::submit).get(overview::back))
        .route("/office/{restaurantId}/close", post(overview::close).get(overview::back))
        .route(
            "/office/{restaurantId}/profile",
            get(part::show::<profile::Profile>).post(part::send::<profile::Profile>),
        )
        .route(
            "/office/{restaurantId}/floor",
            get(part::show::<floor::Floor>).post(part::send::<floor::Floor>),
        )
        .route(
            "/office/{restaurantId}/schedule",
            get(part::show::<schedule::Schedule>).post(part::send::<schedule::Schedule>),
        )
        .route(
            "/office/{restaurantId}/policy",
            get(part::show::<policy::Policy>).post(part::send::<policy::Policy>),
        )
        .route("/office/{restaurantId}/menu", get(menu::show).post(menu::arrange))
        .route("/office/{restaurantId}/menu/{section}", get(menu_section::show).post(menu_section::send))
        .route("/office/{restaurantId}/closures", get(closures::show).post(closures::send))
        .route("/office/{restaurantId}/staff", get(staff::show).post(staff::send))
        .route("/office/{restaurantId}/audit-log", get(audit_log::show))
}

/// The restaurant in the path. What is none is no page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place(pub(crate) RestaurantId);

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, TroublePage> {
        let id = path_text(parts, state, "restaurantId").await.and_then(|id| id.parse().ok());
        if let Some(id) = id {
            return Ok(Self(id));
        }
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        Err(visitor.trouble(Trouble::NoPage))
    }
}

/// In place of the page: who asks has to sign in first, or there is nothing to show them.
#[derive(Debug)]
pub(crate) enum Away {
    /// To sign in, and then here.
    SignIn(Redirect),
    /// Kind words.
    Trouble(TroublePage),
}

impl IntoResponse for Away {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(redirect) => redirect.into_response(),
            Self::Trouble(page) => page.into_response(),
        }
    }
}

impl From<TroublePage> for Away {
    fn from(page: TroublePage) -> Self {
        Self::Trouble(page)
    }
}

/// Lets the visitor in to `operation` at a restaurant, or says where they go instead.
pub(crate) async fn let_in(
    desk: &Desk,
    visitor: &Visitor,
    operation: Operation,
    Place(id): Place,
) -> Result<Admitted, Away> {
    if visitor.access.is_none() {
        return Err(Away::SignIn(visitor.to_sign_in()));
    }
    let admitted = admit(&desk.booking.store, &visitor.bearer(), operation, id).await;
    admitted.map_err(|refusal| visitor.trouble(Trouble::of_refusal(&refusal)).into())
}

/// Whether who was let in may also do this.
pub(crate) fn may(admitted: &Admitted, operation: Operation) -> bool {
    match admitted.standing {
        Standing::Staff(_, role) => operation.admits_staff(role),
        Standing::Platform(_, role) => operation.admits_platform(role),
        Standing::Guest(_) => false,
    }
}
