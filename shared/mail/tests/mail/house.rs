//! A restaurant, a reservation and the notices about it.

use std::sync::Arc;

use jari_domain::{
    Actor, Area, Bookable, Confirmation, EmailAddress, Floor, Guest, HistoryEntry, Id, Kind, Language,
    LocalizedText, Location, Party, Place, Policy, Profile, Reservation, Restaurant, RestaurantStatus,
    Schedule, Span, StaffRole, Status, Table,
};
use jari_mail::{Letter, LetterKind, Notice, NoticeKind};
use jiff::Timestamp;

pub(crate) const LINK: &str =
    "https://jari.example/r/eyJhbGciOiJFZERTQSIsImtpZCI6IjEyMyJ9.eyJzdWIiOiJyc3YifQ.c2lnbmF0dXJl";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn sent_at() -> Timestamp {
    at("2026-12-01T10:00:00+09:00")
}

pub(crate) fn from() -> EmailAddress {
    "seat@jari.example".parse().unwrap()
}

fn id<K: Kind>(n: u8) -> Id<K> {
    Id::new(at("2026-12-01T10:00:00+09:00"), [n; 10])
}

pub(crate) fn text(ko: &str, en: &str) -> LocalizedText {
    LocalizedText { ko: ko.to_owned(), en: en.to_owned() }
}

fn table(n: u8, name: &str) -> Table {
    Table {
        id: id(n),
        name: name.to_owned(),
        area: "window".to_owned(),
        min_party: Party::new(1).unwrap(),
        max_party: Party::new(4).unwrap(),
        bookable: Bookable::default(),
    }
}

/// A restaurant in Seoul, whose own mails are Korean.
pub(crate) fn ongi() -> Restaurant {
    Restaurant {
        id: id(1),
        profile: Profile {
            name: text("온기", "Ongi"),
            address: text("서울 성동구 연무장길 47, 2층", "2F, 47 Yeonmujang-gil, Seongdong-gu, Seoul"),
            description: LocalizedText::default(),
            location: Location { lat: 37.543_21, lng: 127.056_4 },
            phone: "+82212345678".parse().unwrap(),
            email: "hello@ongi.example".parse().unwrap(),
            cuisines: vec!["korean".to_owned()],
            area: "seongsu".to_owned(),
            price_band: 3,
            time_zone: "Asia/Seoul".to_owned().try_into().unwrap(),
            currency: "KRW".to_owned().try_into().unwrap(),
            status: RestaurantStatus::Approved,
            rejection: None,
        },
        floor: Floor {
            areas: vec![Area { key: "window".to_owned(), name: text("창가", "By the window") }],
            tables: vec![table(7, "창가 1"), table(8, "창가 2")],
            combinations: vec![],
        },
        schedule: Schedule { weekly: vec![], special_days: vec![] },
        policy: Policy { confirmation: Confirmation::Instant, ..Policy::default() },
        barred: jari_domain::BarredDiners::default(),
    }
}

/// A restaurant elsewhere, whose own mails are English.
pub(crate) fn tasca() -> Restaurant {
    let mut restaurant = ongi();
    let profile = &mut restaurant.profile;
    profile.name = text("", "Tasca da Rua");
    profile.address = text("", "Rua da Bica 12, Lisboa");
    profile.phone = "+351213456789".parse().unwrap();
    profile.time_zone = "Europe/Lisbon".to_owned().try_into().unwrap();
    profile.currency = "EUR".to_owned().try_into().unwrap();
    restaurant.floor.tables = vec![table(7, "Window 1"), table(8, "Window 2")];
    restaurant
}

fn guest(language: Language) -> Guest {
    let name = match language {
        Language::Ko => "김민지",
        Language::En => "Ana María Silva",
    };
    Guest {
        name: name.parse().unwrap(),
        email: Some("guest@example.com".parse().unwrap()),
        phone: Some("+821012345678".parse().unwrap()),
        language,
    }
}

/// Confirmed for two at 19:00 in Seoul on Christmas Eve.
pub(crate) fn reservation(language: Language) -> Reservation {
    let note = match language {
        Language::Ko => "결혼기념일입니다.\n창가 자리 부탁드려요 🎂",
        Language::En => "It is our anniversary.\nA quiet corner, please 🎂",
    };
    let starts_at = at("2026-12-24T19:00:00+09:00");
    Reservation {
        id: id(9),
        restaurant: id(1),
        date: "2026-12-24".parse().unwrap(),
        span: Span::new(starts_at, 90).unwrap(),
        party: Party::new(2).unwrap(),
        tables: vec![id(7)],
        area: Some("window".to_owned()),
        guest: Some(guest(language)),
        diner: None,
        note: Some(note.parse().unwrap()),
        status: Status::Confirmed,
        until: None,
        hold_place: None,
        paced: false,
        channel: jari_domain::Channel::Online,
        reminded: 0,
        reconfirmed_at: None,
        revision: 2,
        created_at: sent_at(),
        history: vec![HistoryEntry {
            at: sent_at(),
            by: Actor::Guest,
            from: None,
            to: Status::Confirmed,
            why: None,
            before: None,
        }],
    }
}

pub(crate) fn before() -> Place {
    Place {
        starts_at: at("2026-12-23T18:30:00+09:00"),
        party: Party::new(4).unwrap(),
        tables: vec![id(7), id(8)],
    }
}

/// A notice about a reservation that is as such a notice finds it.
pub(crate) fn notice(kind: NoticeKind, language: Language) -> Notice {
    let mut reservation = reservation(language);
    match &kind {
        NoticeKind::Requested | NoticeKind::RestaurantRequestWaiting => {
            reservation.status = Status::Requested;
            reservation.until = Some(at("2026-12-02T10:00:00+09:00"));
            reservation.history.clear();
        }
        NoticeKind::Changed { .. } | NoticeKind::RestaurantChanged { .. } => reservation.revision = 3,
        NoticeKind::Cancelled { .. } | NoticeKind::RestaurantCancelled { .. } => {
            reservation.status = Status::Cancelled;
            reservation.revision = 4;
        }
        NoticeKind::Declined { .. } => {
            reservation.status = Status::Declined;
            reservation.history.clear();
        }
        NoticeKind::ReminderDayBefore => reservation.reminded = 1,
        NoticeKind::ReminderHoursBefore => reservation.reminded = 2,
        NoticeKind::Confirmed | NoticeKind::RestaurantNew => {}
    }
    Notice {
        kind,
        reservation,
        restaurant: Arc::new(ongi()),
        link: Some(LINK.to_owned()),
        site_url: "https://jari.example".to_owned(),
    }
}

pub(crate) fn diner_kinds() -> Vec<NoticeKind> {
    vec![
        NoticeKind::Requested,
        NoticeKind::Confirmed,
        NoticeKind::Changed { before: before() },
        NoticeKind::Cancelled { by: Actor::Guest, why: None },
        NoticeKind::Declined {
            why: Some("그날은 대관 행사가 있습니다. (Private event.)".to_owned())
        },
        NoticeKind::ReminderDayBefore,
        NoticeKind::ReminderHoursBefore,
    ]
}

pub(crate) fn restaurant_kinds() -> Vec<NoticeKind> {
    vec![
        NoticeKind::RestaurantNew,
        NoticeKind::RestaurantChanged { before: before() },
        NoticeKind::RestaurantCancelled { by: Actor::Guest, why: Some("아이가 아파요".to_owned()) },
        NoticeKind::RestaurantRequestWaiting,
    ]
}

/// A single-use token as links have it.
pub(crate) const TOKEN: &str = "0123456789abcdefghjkmnpqrs.01jar300000000000000000000.c2luZ2xlLXVzZQ";

pub(crate) fn letters(language: Language) -> Vec<Letter> {
    let token = TOKEN.to_owned();
    let restaurant = || ongi().profile.name;
    [
        LetterKind::VerifyEmail { token: token.clone(), minutes: 24 * 60 },
        LetterKind::AlreadyRegistered,
        LetterKind::PasswordReset { token, minutes: 60 },
        LetterKind::PasswordChanged,
        LetterKind::RestaurantApproved { restaurant: restaurant() },
        LetterKind::RestaurantRejected {
            restaurant: restaurant(),
            why: "영업 신고증의 주소와 다릅니다. (The address differs from the licence.)".to_owned(),
        },
        LetterKind::StaffAdded { restaurant: restaurant(), role: StaffRole::Manager },
    ]
    .map(|kind| Letter {
        kind,
        to: "minji@example.com".parse().unwrap(),
        language,
        site_url: "https://jari.example".to_owned(),
    })
    .into()
}
