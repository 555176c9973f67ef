//! `create-reservation`: books a table, or holds it while the form is filled in.

use std::sync::Arc;

use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jari_api::fields::{area, guest, guest_by_staff, note, tables};
use jari_api::{Body, Caller, Code, IdempotencyKey, Problem, Visit, fields, openapi, respond};
use jari_domain::{AccountId, Channel, Clock, RestaurantId, VisitId, kind};
use jari_identity::{Access, BearerVerifier, LinkSigner, Operation, VisitSigner, VisitVerifier};
use jari_operations::{
    Booked, Booker, Booking, BookingKind, Desk, RequestKey, StaffBooking, admit, book, book_by_staff,
    new_visit,
};
use jari_wiring::Endpoint;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    counter::open_desk,
    refusal::problem,
    view::{ChannelView, GuestView, ReservationView},
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
                bearers: house.bearer_verifier()?,
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
    bearers: BearerVerifier,
}

/// What to book.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what `read` reads")]
struct NewReservation {
    #[schema(example = "rst_01jar100000000000000000001")]
    restaurant_id: String,
    /// One of the restaurant's times, with an offset; staff may take any quarter hour. A walk-in without it begins with the
    /// quarter hour that has begun.
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: Option<String>,
    #[schema(minimum = 1, maximum = 99, example = 2)]
    party_size: u8,
    /// Required unless `hold` is true or the caller has signed in: then the account's profile says who comes. From staff a
    /// name will do, and for a walk-in nothing at all.
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
    /// `inHouse` and `walkIn` are for the restaurant's staff.
    #[schema(inline, default = "online")]
    channel: Option<ChannelView>,
    /// Staff only: when the table is to be free again; without it, after the turn time.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    /// Staff only: these tables and no others, whatever parties they are meant for; at most 6.
    #[schema(max_items = 6)]
    tables: Option<Vec<String>>,
}

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(create_reservation))
}

/// Book a table, or hold it
///
/// The table is claimed and the reservation written in one transaction. If somebody was faster, the answer is a 409
/// whose `alternatives` are the times still free that day. With an `Idempotency-Key` (use a UUID), a repeat gets the
/// reservation that the first request made. The `linkToken` in the answer is the bearer for this one reservation.
///
/// Whoever has signed in books for themselves: the reservation is their account's, whatever address the guest has, holds
/// and idempotency keys count for the account, and there is no `linkToken`, as the access token does (mails to the guest
/// carry a link all the same). Whom the restaurant has barred after no-shows gets a 422 `no_show_limit`.
///
/// The restaurant's staff write in who calls (`inHouse`, confirmed at once) and who stands at the door (`walkIn`, seated
/// at once), past the window, the cut-off and the online limits, at any quarter hour of the service day. A table that is
/// taken is a 409 `table_taken`, with other tables as `alternatives`.
#[utoipa::path(post, path = "/v1/reservations", tag = openapi::tags::RESERVATIONS,
    operation_id = "create-reservation", request_body = NewReservation, security((), ("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters."),
        ("Jari-Visit" = Option<String>, Header, description = "For a hold: the visit it counts for, as an earlier hold's answer gave it; browsers send the cookie instead. At most 2 live holds a visit."),
    ),
    responses(
        (status = 201, description = "Booked, requested or held; see `status`.", body = ReservationView,
            headers(("Location" = String), ("ETag" = String), ("Idempotent-Replayed" = Option<String>, description = "`true` for the answer to a repeat."), ("Jari-Visit" = Option<String>, description = "The visit of a hold."))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Common))]
async fn create_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    visit: Visit,
    key: Option<IdempotencyKey>,
    body: Body,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let key = key.map(|key| RequestKey { caller: caller.namespace(), key: key.as_str().to_owned() });
    if let Some(channel) = staff_channel(&body) {
        let booked = book_for_the_house(&counter, &caller, &body, channel, key, now).await?;
        let view = ReservationView::for_staff(&booked.reservation, &booked.restaurant, now);
        return created(&booked, &view);
    }
    let access = caller.0.access();
    // An account counts as one visit, on whatever device.
    let own = access.and_then(|access| VisitId::from_digits(&access.account.digits()).ok());
    let visit_now = match own.or(visit.0) {
        Some(visit) => visit,
        None => new_visit(now).map_err(|refusal| problem(refusal, now))?,
    };
    let booking = read(&body, visit_now, access, key)?;
    let booked = book(&counter.desk, &booking, now).await.map_err(|refusal| problem(refusal, now))?;
    let mut response = created(&booked, &view(&booked, &booking, &counter.links, now))?;
    // The visit that the hold counts for: a new one, or for a repeat whose first answer was lost, that of the first.
    let counts_for = booked.reservation.hold_place.map(|hold| hold.visit).filter(|_| own.is_none());
    if let Some(counts_for) = counts_for.filter(|counts_for| visit.0 != Some(*counts_for)) {
        Visit::give(response.headers_mut(), &counter.visits.sign(counts_for, now));
    }
    Ok(response)
}

const CHANNELS: &[(&str, Channel)] =
    &[("online", Channel::Online), ("inHouse", Channel::InHouse), ("walkIn", Channel::WalkIn)];

/// On which of the staff's ways it is to come in, if any; what can't be read is told with the other fields.
fn staff_channel(body: &Body) -> Option<Channel> {
    let channel = body.fields().optional("channel", fields::one_of(CHANNELS))?;
    (channel != Channel::Online).then_some(channel)
}

async fn book_for_the_house(
    counter: &Counter,
    caller: &Caller,
    body: &Body,
    channel: Channel,
    key: Option<RequestKey>,
    now: Timestamp,
) -> Result<Booked, Problem> {
    // Who is nobody there learns nothing of what would be wrong with the rest.
    caller.signed_in()?;
    let restaurant = body.fields().required("restaurantId", fields::id);
    let Some(restaurant) = restaurant else {
        return Err(read_staff(body, AccountId::derived([0; 16]), channel, key)
            .err()
            .unwrap_or_else(|| Problem::new(Code::NotFound)));
    };
    let store = &counter.desk.store;
    let admitted = admit(store, &caller.0, Operation::CreateReservation, restaurant).await;
    let admitted = admitted.map_err(|refusal| problem(refusal, now))?;
    if !admitted.standing.is_staff() {
        return Err(Problem::new(Code::Forbidden));
    }
    let booking = read_staff(body, admitted.account, channel, key)?;
    let restaurant = Arc::new(admitted.stored.restaurant);
    let booked = book_by_staff(store, &counter.desk.diners, restaurant, &booking, now).await;
    booked.map_err(|refusal| problem(refusal, now))
}

fn read_staff(
    body: &Body,
    account: AccountId,
    channel: Channel,
    key: Option<RequestKey>,
) -> Result<StaffBooking, Problem> {
    let mut fields = body.fields();
    let _ = fields.optional("channel", fields::one_of(CHANNELS));
    let restaurant = fields.required("restaurantId", fields::id::<kind::Restaurant>);
    let starts_at = if channel == Channel::WalkIn {
        Some(fields.optional("startsAt", fields::instant))
    } else {
        fields.required("startsAt", fields::instant).map(Some)
    };
    let ends_at = fields.optional("endsAt", fields::instant);
    let party = fields.required("partySize", fields::party);
    let guest = if channel == Channel::WalkIn {
        Some(fields.optional_object("guest", guest_by_staff))
    } else {
        fields.required_object("guest", guest_by_staff).map(Some)
    };
    let note = fields.optional("note", note);
    let area = fields.optional("area", area);
    let tables = tables(&mut fields);
    let (_, starts_at, party, guest) = fields.finish((restaurant, starts_at, party, guest))?;
    Ok(StaffBooking { account, channel, starts_at, ends_at, party, area, tables, note, guest, key })
}

fn read(
    body: &Body,
    visit: VisitId,
    access: Option<&Access>,
    key: Option<RequestKey>,
) -> Result<Booking, Problem> {
    let mut fields = body.fields();
    if ["endsAt", "tables"].into_iter().any(|name| fields.has(name)) {
        return Err(Problem::new(Code::Forbidden));
    }
    let _ = fields.optional("channel", fields::one_of(CHANNELS));
    let restaurant = fields.required("restaurantId", fields::id);
    let starts_at = fields.required("startsAt", fields::instant);
    let party = fields.required("partySize", fields::party);
    let hold = fields.optional("hold", fields::boolean).unwrap_or(false);
    let has_guest = fields.has("guest");
    let may_lack_guest = hold || access.is_some();
    let guest = if may_lack_guest {
        fields.optional_object("guest", guest)
    } else {
        fields.required_object("guest", guest)
    };
    let note = fields.optional("note", note);
    let area = fields.optional("area", area);
    let could_be_read = guest.is_some() || (may_lack_guest && !has_guest);
    let kind = if hold { BookingKind::Hold { visit, guest } } else { BookingKind::Direct(guest) };
    let kind = could_be_read.then_some(kind);
    let (restaurant, starts_at, party, kind): (RestaurantId, _, _, _) =
        fields.finish((restaurant, starts_at, party, kind))?;
    let booker = access.map_or(Booker::Anonymous, |access| Booker::SignedIn {
        account: access.account,
        diner: access.diner.clone(),
    });
    Ok(Booking { restaurant, starts_at, party, area, note, kind, booker, key })
}

/// As whoever booked sees it.
fn view(booked: &Booked, booking: &Booking, links: &LinkSigner, now: Timestamp) -> ReservationView {
    let reservation = &booked.reservation;
    let view = ReservationView::of(reservation, &booked.restaurant, now);
    if booking.booker != Booker::Anonymous {
        return view;
    }
    // Who repeats a hold without a guest has not shown to be the guest that confirmed it since.
    let knew_no_guest = matches!(booking.kind, BookingKind::Hold { guest: None, .. });
    if booked.replayed && knew_no_guest && reservation.guest.is_some() {
        view.without_guest()
    } else {
        view.with_link_token(links.sign(reservation.id, reservation.link_expires(), now))
    }
}

fn created(booked: &Booked, view: &ReservationView) -> Result<Response, Problem> {
    let reservation = &booked.reservation;
    let location = format!("/v1/reservations/{}", reservation.id);
    let mut response = respond::created(&location, reservation.revision, view)?;
    if booked.replayed {
        respond::replayed(&mut response);
    }
    Ok(response)
}
