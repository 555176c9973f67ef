//! Which mails there must be, by what has happened to a reservation, and which came out.

use std::collections::{BTreeMap, BTreeSet};

use jari_domain::{Reservation, Status};
use jari_local::catcher::Mail;
use jari_store::Item;

/// Which mail: about what, of which kind, and which of the facts of that kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MailFact {
    /// As `rsv_…`.
    pub about: String,
    /// As `confirmed`.
    pub kind: String,
    /// Of a reservation's mail, the revision.
    pub which: String,
}

/// What the store knows of a mail about a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailGuardItem {
    /// Which mail.
    pub fact: MailFact,
    /// Whether it is written down how it ended.
    pub is_settled: bool,
}

/// A mail that did not come out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OddMail {
    /// It is due, and did not come out.
    Missing(MailFact),
    /// It came out more than once: how often.
    Repeated(MailFact, usize),
    /// It tells of nothing that happened.
    Unfounded(MailFact),
}

impl MailFact {
    /// What a mail tells, by its tags.
    pub fn of(mail: &Mail) -> Self {
        let tag = |name: &str| {
            let tag = mail.tags.iter().find(|tag| tag.name == name);
            tag.unwrap_or_else(|| panic!("{name} is no tag of {mail:?}")).value.clone()
        };
        Self { about: tag("about"), kind: tag("kind"), which: tag("which") }
    }
}

/// What a mail says that it was sent for.
pub fn cause(mail: &Mail) -> Option<&str> {
    let header = mail.headers.iter().find(|header| header.name == "X-Jari-Cause");
    header.map(|header| header.value.as_str())
}

impl MailGuardItem {
    /// The guard that an item is; none if it is something else.
    pub fn of(item: &Item) -> Option<Self> {
        let text = |name: &str| item.get(name)?.as_s().ok();
        let digits = text("PK")?.strip_prefix("RSV#")?;
        let (kind, which) = text("SK")?.strip_prefix("MAIL#")?.split_once('#')?;
        let fact = MailFact { about: format!("rsv_{digits}"), kind: kind.into(), which: which.into() };
        Some(Self { fact, is_settled: item.contains_key("outcome") })
    }
}

/// The mails about reservations that did not come out once.
pub fn odd_mails<'a>(mails: impl IntoIterator<Item = &'a Mail>, all: &[Reservation]) -> Vec<OddMail> {
    let mut times: BTreeMap<MailFact, usize> = BTreeMap::new();
    for mail in mails {
        *times.entry(MailFact::of(mail)).or_default() += 1;
    }
    let mut odd = Vec::new();
    for fact in all.iter().flat_map(facts) {
        match times.remove(&fact).unwrap_or_default() {
            0 => odd.push(OddMail::Missing(fact)),
            1 => {}
            n => odd.push(OddMail::Repeated(fact, n)),
        }
    }
    odd.extend(times.into_keys().map(OddMail::Unfounded));
    odd
}

/// The mails that a reservation's history calls for.
pub fn facts(reservation: &Reservation) -> BTreeSet<MailFact> {
    let mut facts = BTreeSet::new();
    for (revision, entry) in (1_u64..).zip(&reservation.history) {
        let kinds: &[&str] = match (entry.from, entry.to) {
            (None | Some(Status::Held), Status::Confirmed) => &["confirmed", "restaurant-new"],
            (None | Some(Status::Held), Status::Requested) => &["requested", "restaurant-request-waiting"],
            (Some(Status::Requested | Status::Confirmed), Status::Cancelled) => {
                &["cancelled", "restaurant-cancelled"]
            }
            _ if entry.before.is_some() => &["changed", "restaurant-changed"],
            _ => &[],
        };
        facts.extend(kinds.iter().map(|kind| MailFact {
            about: reservation.id.to_string(),
            kind: (*kind).to_owned(),
            which: revision.to_string(),
        }));
    }
    assert_eq!(reservation.history.len() as u64, reservation.revision, "an entry a revision");
    facts
}
