//! The reservations that a change has left behind: listed to whoever made it, with a way to each on its day.

use std::borrow::Cow;

use jari_domain::{Misfit, Reservation, Restaurant, Spoken, Status};
use jari_operations::stranded;
use jari_store::StoreError;

use crate::{Desk, texts::Texts};

/// A reservation that somebody has to be called about.
#[derive(Debug)]
pub(crate) struct Stranded {
    /// On its day.
    pub(crate) address: String,
    pub(crate) when: String,
    pub(crate) party: String,
    pub(crate) guest: Option<String>,
    pub(crate) phone: Option<(String, String)>,
    pub(crate) why: Option<Cow<'static, str>>,
}

impl Stranded {
    pub(crate) fn new(
        reservation: &Reservation,
        why: Option<Misfit>,
        restaurant: &Restaurant,
        is_held: bool,
        t: Texts,
    ) -> Self {
        let spoken = Spoken { language: t.0, zone: restaurant.zone() };
        // Who has not confirmed yet is nobody to be called.
        let guest = reservation.guest.as_ref().filter(|_| !is_held);
        Self {
            address: format!(
                "/office/{}/days/{}?reservation={}",
                restaurant.id, reservation.date, reservation.id
            ),
            when: spoken.day_and_time(reservation.span.start()),
            party: spoken.party(reservation.party),
            guest: guest.map(|guest| guest.name.as_str().to_owned()),
            phone: guest
                .and_then(|guest| guest.phone.as_ref())
                .map(|phone| (phone.as_str().to_owned(), phone.spoken(t.0))),
            why: why.map(|why| reason(why, t)),
        }
    }

    /// Everybody whom the parts as they are now leave behind.
    pub(crate) async fn all(desk: &Desk, restaurant: &Restaurant, t: Texts) -> Result<Vec<Self>, StoreError> {
        let now = desk.clock.now();
        let found = stranded(&desk.booking.store, restaurant, now).await?;
        let told = |(reservation, why): (Reservation, Misfit)| {
            let is_held = reservation.status_at(now) == Status::Held;
            Self::new(&reservation, Some(why), restaurant, is_held, t)
        };
        Ok(found.into_iter().map(told).collect())
    }
}

fn reason(why: Misfit, t: Texts) -> Cow<'static, str> {
    match why {
        Misfit::TableGone => t.say("office-table-gone"),
        Misfit::TableTooSmall => t.say("office-table-too-small"),
        Misfit::NotJoined => t.say("office-not-joined"),
        Misfit::AreaGone => t.say("office-area-gone"),
        Misfit::OutsideHours => t.say("office-outside-hours"),
        Misfit::PartyTooLarge => t.say("office-party-too-large"),
    }
}
