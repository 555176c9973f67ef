//! The calendar invitation (RFC 5545, RFC 5546) that comes with a confirmation, a change or a cancellation.
//!
//! Calendars know an event by its UID and take the highest SEQUENCE: the UID is the reservation's for life, the
//! sequence its revision. A cancellation is `METHOD:CANCEL` with `STATUS:CANCELLED`; anything else leaves the event
//! where it is. An event first sent as PUBLISH is never removed by Google: all are REQUEST.

use icalendar::{Calendar, Component, Event, Property};
use jari_domain::{EmailAddress, Guest, Status};
use jiff::{Timestamp, tz::TimeZone};

use crate::{Attachment, Audience, Notice, NoticeKind, message::one_line, wording::Words};

/// An iCalendar object and what it asks of the reader's calendar.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What it asks.
    pub method: Method,
    /// The object, ready to be sent: lines end in CRLF and none is longer than 75 octets.
    pub text: String,
}

/// What an invitation asks of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// To enter or update the event.
    Request,
    /// To remove the event.
    Cancel,
}

impl Method {
    /// Its name in iCalendar and in the attachment's media type, which must agree.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

impl Invitation {
    /// It as a mail's attachment.
    #[must_use]
    pub fn attachment(self) -> Attachment {
        let file_name = match self.method {
            Method::Request => "invite.ics",
            Method::Cancel => "cancel.ics",
        };
        Attachment {
            file_name: file_name.to_owned(),
            content_type: format!("text/calendar; charset=UTF-8; method={}", self.method.name()),
            content: self.text,
        }
    }
}

/// The invitation that goes with `notice`; none for the restaurant, and none for what never was in the diner's
/// calendar: a request that waits, was declined or cancelled.
#[must_use]
pub fn invite(notice: &Notice, sent_at: Timestamp, from: &EmailAddress) -> Option<Invitation> {
    let guest = notice.reservation.guest.as_ref()?;
    let method = method(notice)?;
    let event = event(notice, guest, method, sent_at, from);
    Some(Invitation { method, text: calendar(Some(method), event) })
}

/// A calendar of one event, as it is sent.
pub(crate) fn calendar(method: Option<Method>, event: Event) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in
        [("VERSION", "2.0"), ("PRODID", "-//Jari//Reservations//EN"), ("CALSCALE", "GREGORIAN")]
    {
        calendar.append_property((key, value));
    }
    if let Some(method) = method {
        calendar.append_property(("METHOD", method.name()));
    }
    calendar.push(event);
    folded(&calendar.to_string())
}

fn method(notice: &Notice) -> Option<Method> {
    let reservation = &notice.reservation;
    let was_confirmed = || {
        let mut statuses = reservation.history.iter().flat_map(|entry| [entry.from, Some(entry.to)]);
        statuses.any(|status| status == Some(Status::Confirmed))
    };
    match notice.kind {
        _ if notice.kind.audience() != Audience::Diner => None,
        NoticeKind::Confirmed => Some(Method::Request),
        NoticeKind::Changed { .. } if reservation.status == Status::Confirmed => Some(Method::Request),
        NoticeKind::Cancelled { .. } if was_confirmed() => Some(Method::Cancel),
        _ => None,
    }
}

fn event(notice: &Notice, guest: &Guest, method: Method, sent_at: Timestamp, from: &EmailAddress) -> Event {
    let name = one_line(notice.restaurant.profile.name.get(guest.language));
    let mut event = visit(notice, guest, method, sent_at);
    event.append_property(
        Property::new("ORGANIZER", format!("mailto:{}", from.as_str()))
            .add_parameter("CN", &parameter(&name))
            .done(),
    );
    if let Some(email) = &guest.email {
        event.append_multi_property(
            Property::new("ATTENDEE", format!("mailto:{}", email.as_str()))
                .add_parameter("CN", &parameter(guest.name.as_str()))
                .add_parameter("CUTYPE", "INDIVIDUAL")
                .add_parameter("ROLE", "REQ-PARTICIPANT")
                .add_parameter("PARTSTAT", "ACCEPTED")
                .add_parameter("RSVP", "FALSE")
                .done(),
        );
    }
    event.done()
}

/// The event without its people.
pub(crate) fn visit(notice: &Notice, guest: &Guest, method: Method, made_at: Timestamp) -> Event {
    let (reservation, profile) = (&notice.reservation, &notice.restaurant.profile);
    let words = Words { language: guest.language, zone: notice.restaurant.zone() };
    let name = one_line(profile.name.get(guest.language));
    let address = one_line(profile.address.get(guest.language));
    let status = match method {
        Method::Request => "CONFIRMED",
        Method::Cancel => "CANCELLED",
    };
    // RFC 5545 has 32-bit integers; a reservation is not written 2 billion times.
    let sequence = i32::try_from(reservation.revision).unwrap_or(i32::MAX);
    let link = notice.link.as_deref().filter(|_| method == Method::Request);
    let mut event = Event::new();
    event
        .add_property("UID", format!("{}@{}", reservation.id, host(&notice.site_url)))
        .add_property("SEQUENCE", sequence.to_string())
        .add_property("DTSTAMP", utc(made_at))
        .add_property("DTSTART", utc(reservation.span.start()))
        .add_property("DTEND", utc(reservation.span.end()))
        .add_property("STATUS", status)
        .add_property("TRANSP", "OPAQUE")
        .add_property("SUMMARY", words.event_title(&name, reservation.party))
        .add_property("LOCATION", format!("{name}, {address}"))
        .add_property("GEO", format!("{:.6};{:.6}", profile.location.lat, profile.location.lng))
        .add_property("DESCRIPTION", description(notice, words, link));
    if let Some(link) = link {
        event.add_property("URL", one_line(link));
    }
    event.done()
}

pub(crate) fn description(notice: &Notice, words: Words<'_>, link: Option<&str>) -> String {
    let (reservation, labels) = (&notice.reservation, words.labels());
    let phone = notice.restaurant.profile.phone.spoken(words.language);
    let mut lines = vec![
        format!("{}: {}", labels.party, words.spoken().party(reservation.party)),
        format!("{}: {}", labels.reference, reservation.id),
        format!("{}: {phone}", labels.phone),
    ];
    if let Some(link) = link {
        lines.push(format!("{}: {}", words.button(true), one_line(link)));
    }
    lines.join("\n")
}

pub(crate) fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A parameter's value has no way to write a quote or a line break, and is quoted by these alone.
fn parameter(text: &str) -> String {
    one_line(text).replace('"', "'")
}

/// The host of an address such as `https://jari.example:8443/x`: without scheme, port and path.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

/// RFC 5545, 3.1: at most 75 octets a line, the line break not counted, and no character split. The `icalendar` crate
/// lets a last line have 76: what it folded is unfolded first.
fn folded(calendar: &str) -> String {
    const OCTETS: usize = 75;
    let mut out = String::with_capacity(calendar.len() * 102 / 100);
    for line in calendar.replace("\r\n ", "").split_terminator("\r\n") {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > OCTETS {
                out.push_str("\r\n ");
                octets = 1;
            }
            out.push(c);
            octets += c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_76_octets_is_folded() {
        let line = "X".repeat(75 + 75);
        let longest = folded(&format!("{line}\r\n")).split("\r\n").map(str::len).max();
        assert_eq!(longest, Some(75));
        // What the crate itself does, and why we fold: once this fails, `folded` can go.
        let theirs: String = Property::new("X-A", "X".repeat(146)).try_into().unwrap();
        assert_eq!(theirs.split("\r\n").map(str::len).max(), Some(76));
    }

    #[test]
    fn the_host_is_neither_scheme_nor_port_nor_path() {
        assert_eq!(host("https://jari.example/a"), "jari.example");
        assert_eq!(host("http://localhost:3000"), "localhost");
        assert_eq!(host("jari.example"), "jari.example");
    }
}
