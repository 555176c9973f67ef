//! The reservations that a change has left behind, as they are listed to whoever made it.

use jari_api::{Problem, respond::instant};
use jari_domain::{Clock, Misfit, Party, Reservation, ReservationId, Restaurant, Status};
use jari_operations::stranded;
use jari_store::Store;
use jari_wiring::store_problem;
use serde::Serialize;
use utoipa::ToSchema;

/// A reservation that no longer fits. It stays as it is until somebody changes it.
#[derive(Serialize, ToSchema)]
#[schema(as = StrandedReservation)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StrandedView {
    #[schema(value_type = String, example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    reservation_id: ReservationId,
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    #[schema(value_type = u8, example = 4)]
    party_size: Party,
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    #[schema(value_type = MisfitView)]
    why: Misfit,
}

/// Why a reservation no longer fits: the most pressing reason.
#[derive(Serialize, ToSchema)]
#[schema(as = Misfit)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Misfit` in the document")]
pub(crate) enum MisfitView {
    TableGone,
    TableTooSmall,
    NotJoined,
    AreaGone,
    OutsideHours,
    PartyTooLarge,
}

/// The upcoming reservations that no longer fit `restaurant`, the earliest first.
pub(crate) async fn stranded_now(
    store: &Store,
    restaurant: &Restaurant,
    clock: &Clock,
) -> Result<Vec<StrandedView>, Problem> {
    let now = clock.now();
    let found = stranded(store, restaurant, now).await.map_err(store_problem)?;
    let view = |(reservation, why): (Reservation, Misfit)| StrandedView {
        reservation_id: reservation.id,
        starts_at: instant(reservation.span.start(), restaurant.zone()),
        party_size: reservation.party,
        status: reservation.status_at(now),
        why,
    };
    Ok(found.into_iter().map(view).collect())
}
