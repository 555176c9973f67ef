//! The reservations that a change has left behind, as they are listed to whoever made it.

use jari_api::Problem;
use jari_domain::{Clock, Misfit, Reservation, Restaurant};
use jari_operations::stranded;
use jari_store::Store;
use jari_wiring::{StrandedView, store_problem};

/// The upcoming reservations that no longer fit `restaurant`, the earliest first.
pub(crate) async fn stranded_now(
    store: &Store,
    restaurant: &Restaurant,
    clock: &Clock,
) -> Result<Vec<StrandedView>, Problem> {
    let now = clock.now();
    let found = stranded(store, restaurant, now).await.map_err(store_problem)?;
    let view = |(reservation, why): (Reservation, Misfit)| {
        StrandedView::new(&reservation, why.into(), restaurant, now)
    };
    Ok(found.into_iter().map(view).collect())
}
