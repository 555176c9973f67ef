//! "Add to calendar" on a page: the visit as a file to download, and as a link to Google's calendar.
//!
//! Neither invites anybody: the file has no METHOD, so that a calendar takes it as an entry of its owner's. Its UID is the
//! invitation's, and a calendar that has that one already knows it for the same event.

use jari_domain::{Status, percent_encoded};
use jiff::Timestamp;

use crate::{
    Method, Notice,
    invitation::{calendar, description, utc, visit},
    message::one_line,
    wording::Words,
};

/// The visit as an iCalendar file; none unless it is confirmed and has a guest.
#[must_use]
pub fn calendar_file(notice: &Notice, made_at: Timestamp) -> Option<String> {
    let guest = notice.reservation.guest.as_ref()?;
    let is_confirmed = notice.reservation.status == Status::Confirmed;
    is_confirmed.then(|| calendar(None, visit(notice, guest, Method::Request, made_at)))
}

/// The address that opens Google's calendar with the visit filled in; none unless it is confirmed and has a guest.
#[must_use]
pub fn google_calendar(notice: &Notice) -> Option<String> {
    let reservation = &notice.reservation;
    let guest = reservation.guest.as_ref().filter(|_| reservation.status == Status::Confirmed)?;
    let words = Words { language: guest.language, zone: notice.restaurant.zone() };
    let profile = &notice.restaurant.profile;
    let name = one_line(profile.name.get(guest.language));
    let address = one_line(profile.address.get(guest.language));
    let parameters = [
        ("text", words.event_title(&name, reservation.party)),
        ("dates", format!("{}/{}", utc(reservation.span.start()), utc(reservation.span.end()))),
        ("location", format!("{name}, {address}")),
        // Without the link: what is put into an address is read by more than one pair of eyes.
        ("details", description(notice, words, None)),
    ];
    let mut address = "https://calendar.google.com/calendar/render?action=TEMPLATE".to_owned();
    for (key, value) in &parameters {
        address.extend(["&", key, "=", &percent_encoded(value)]);
    }
    Some(address)
}
