//! `create-reservation`: books a table, or holds it while the form is filled in.

use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jari_api::{Body, IdempotencyKey, Problem, Visit, fields, openapi, respond};
use jari_domain::{Clock, RestaurantId, VisitId};
use jari_identity::{LinkSigner, VisitSigner, VisitVerifier};
use jari_operations::{Booked, Booking, BookingKind, Desk, RequestKey, book, new_visit};
use jari_wiring::Endpoint;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    counter::open_desk,
    fields::{area, guest, note},
    refusal::problem,
    view::{GuestView, ReservationView},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "create-reservation",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let counter = Counter {
                desk: open_desk(&house).await?,
                clock: house.clock(),
                links: house.link_signer().await?,
                visits: house.visit_signer().await?,
                visit_verifier: house.visit_verifier()?,
            };
            Ok(routes().with_state(counter).into())
        })
    },
};

#[derive(Clone, FromRef)]
struct Counter {
    desk: Desk,
    clock: Clock,
    links: LinkSigner,
    visits: VisitSigner,
    visit_verifier: VisitVerifier,
}

/// What to book.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what `read` reads")]
struct NewReservation {
    #[schema(example = "rst_01jar100000000000000000001")]
    restaurant_id: String,
    /// One of the restaurant's times, with an offset.
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    #[schema(minimum = 1, maximum = 99, example = 2)]
    party_size: u8,
    /// Required unless `hold` is true.
    #[schema(value_type = Option<GuestView>)]
    guest: Option<serde_json::Value>,
    /// What the restaurant should know.
    #[schema(max_length = 500, example = "창가 자리 부탁드려요.")]
    note: Option<String>,
    /// Hold the table for some minutes instead of booking it; confirm with the guest's details.
    #[schema(default = false)]
    hold: Option<bool>,
    /// Only in this area, by key.
    #[schema(example = "hall", max_length = 40)]
    area: Option<String>,
}

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(create_reservation))
}

/// Book a table, or hold it
///
/// The table is claimed and the reservation written in one transaction. If somebody was faster, the answer is a 409
/// whose `alternatives` are the times still free that day. With an `Idempotency-Key` (use a UUID), a repeat gets the
/// reservation that the first request made. The `linkToken` in the answer is the bearer for this one reservation.
#[utoipa::path(post, path = "/v1/reservations", tag = openapi::tags::RESERVATIONS,
    operation_id = "create-reservation", request_body = NewReservation,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters."),
        ("Jari-Visit" = Option<String>, Header, description = "For a hold: the visit it counts for, as an earlier hold's answer gave it; browsers send the cookie instead. At most 2 live holds a visit."),
    ),
    responses(
        (status = 201, description = "Booked, requested or held; see `status`.", body = ReservationView,
            headers(("Location" = String), ("ETag" = String), ("Idempotent-Replayed" = Option<String>, description = "`true` for the answer to a repeat."), ("Jari-Visit" = Option<String>, description = "The visit of a hold."))),
        openapi::BadBody, openapi::NotFound, openapi::Conflict, openapi::Common))]
async fn create_reservation(
    State(counter): State<Counter>,
    visit: Visit,
    key: Option<IdempotencyKey>,
    body: Body,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let visit_now = match visit.0 {
        Some(visit) => visit,
        None => new_visit(now).map_err(|refusal| problem(refusal, now))?,
    };
    let booking = read(&body, visit_now, key.as_ref())?;
    let booked = book(&counter.desk, &booking, now).await.map_err(|refusal| problem(refusal, now))?;
    let mut response = created(&booked, &booking, &counter.links, now)?;
    // The visit that the hold counts for: a new one, or for a repeat whose first answer was lost, that of the first.
    let counts_for = booked.reservation.hold_place.map(|hold| hold.visit);
    if let Some(counts_for) = counts_for.filter(|counts_for| visit.0 != Some(*counts_for)) {
        Visit::give(response.headers_mut(), &counter.visits.sign(counts_for, now));
    }
    Ok(response)
}

fn read(body: &Body, visit: VisitId, key: Option<&IdempotencyKey>) -> Result<Booking, Problem> {
    let mut fields = body.fields();
    let restaurant = fields.required("restaurantId", fields::id);
    let starts_at = fields.required("startsAt", fields::instant);
    let party = fields.required("partySize", fields::party);
    let hold = fields.optional("hold", fields::boolean).unwrap_or(false);
    let has_guest = fields.has("guest");
    let guest =
        if hold { fields.optional_object("guest", guest) } else { fields.required_object("guest", guest) };
    let note = fields.optional("note", note);
    let area = fields.optional("area", area);
    let kind = match (hold, guest) {
        (true, guest) if guest.is_some() || !has_guest => Some(BookingKind::Hold { visit, guest }),
        (false, Some(guest)) => Some(BookingKind::Direct(guest)),
        _ => None,
    };
    let (restaurant, starts_at, party, kind): (RestaurantId, _, _, _) =
        fields.finish((restaurant, starts_at, party, kind))?;
    let key = key.map(|key| RequestKey { caller: "anonymous".into(), key: key.as_str().to_owned() });
    Ok(Booking { restaurant, starts_at, party, area, note, kind, key })
}

fn created(
    booked: &Booked,
    booking: &Booking,
    links: &LinkSigner,
    now: Timestamp,
) -> Result<Response, Problem> {
    let reservation = &booked.reservation;
    let view = ReservationView::of(reservation, &booked.restaurant, now);
    // Who repeats a hold without a guest has not shown to be the guest that confirmed it since.
    let knew_no_guest = matches!(booking.kind, BookingKind::Hold { guest: None, .. });
    let view = if booked.replayed && knew_no_guest && reservation.guest.is_some() {
        view.without_guest()
    } else {
        view.with_link_token(links.sign(reservation.id, reservation.link_expires(), now))
    };
    let location = format!("/v1/reservations/{}", reservation.id);
    let mut response = respond::created(&location, reservation.revision, &view)?;
    if booked.replayed {
        respond::replayed(&mut response);
    }
    Ok(response)
}
