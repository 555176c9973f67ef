//! `add-staff`: somebody works at a restaurant from now on, or as something else.

use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, fields, openapi, respond};
use jari_domain::{Clock, StaffRole, kind};
use jari_identity::{BearerVerifier, DinerKey, Operation};
use jari_operations::{add_staff as add, admit};
use jari_store::Store;
use jari_wiring::{Endpoint, admission_problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::staff::{StaffMemberView, StaffOffice, problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "add-staff",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let hiring = Hiring { office: StaffOffice::open(&house)?, diners: house.diner_key().await? };
            Ok(routes().with_state(hiring).into())
        })
    },
};

#[derive(Clone)]
struct Hiring {
    office: StaffOffice,
    /// Finds an account by its address.
    diners: DinerKey,
}

impl FromRef<Hiring> for BearerVerifier {
    fn from_ref(hiring: &Hiring) -> Self {
        hiring.office.bearers.clone()
    }
}

impl FromRef<Hiring> for Clock {
    fn from_ref(hiring: &Hiring) -> Self {
        hiring.office.clock.clone()
    }
}

impl FromRef<Hiring> for Store {
    fn from_ref(hiring: &Hiring) -> Self {
        hiring.office.store.clone()
    }
}

/// Whom to add, and as what.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewStaffMember {
    /// Of an account.
    #[schema(format = Email, example = "seojun@example.kr", max_length = 254)]
    email: String,
    /// `host`, `manager` or `owner`.
    #[schema(example = "host")]
    role: String,
}

const ROLES: &[(&str, StaffRole)] =
    &[("host", StaffRole::Host), ("manager", StaffRole::Manager), ("owner", StaffRole::Owner)];

fn routes() -> OpenApiRouter<Hiring> {
    OpenApiRouter::new().routes(routes!(add_staff))
}

/// Add somebody to the staff
///
/// The address must have an account. Who works there already gets the role; the last owner keeps theirs (409 `last_owner`).
/// At most 50 people work at a restaurant (409 `staff_full`); an account adds at most 60 in an hour (429).
#[utoipa::path(post, path = "/v1/restaurants/{restaurantId}/staff", tag = openapi::tags::MANAGEMENT,
    operation_id = "add-staff", request_body = NewStaffMember, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the staff as it was seen.")),
    responses((status = 201, description = "Works there from now on.", body = StaffMemberView, headers(("ETag" = String, description = "The staff's."), ("Location" = String))),
        (status = 200, description = "Worked there already; has this role now.", body = StaffMemberView, headers(("ETag" = String, description = "The staff's."))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale,
        openapi::TooMany, openapi::Common))]
async fn add_staff(
    State(hiring): State<Hiring>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: Option<IfMatch>,
    body: Body,
) -> Result<Response, Problem> {
    let office = &hiring.office;
    let admitted =
        admit(&office.store, &caller.0, Operation::AddStaff, id).await.map_err(admission_problem)?;
    let mut fields = body.fields();
    let email = fields.required("email", fields::email);
    let role = fields.required("role", fields::one_of(ROLES));
    let (email, role) = fields.finish((email, role))?;
    let (now, seen) = (office.clock.now(), seen.and_then(IfMatch::revision));
    let restaurant = &admitted.stored.restaurant;
    let hired = add(&office.store, &hiring.diners, &admitted, (&email, role), seen, now).await;
    let hired = hired.map_err(|refusal| problem(refusal, restaurant))?;
    let view = StaffMemberView::new(&hired.member, restaurant);
    if hired.is_new {
        let location = format!("/v1/restaurants/{id}/staff/{}", hired.member.account);
        respond::created(&location, hired.revision, &view)
    } else {
        Ok(respond::revised(hired.revision, &view))
    }
}
