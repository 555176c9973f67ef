//! An operation's refusal as the caller is told it.

use jari_api::{BadField, Code, FieldCode, Problem, Text, respond::zoned};
use jari_domain::{BadTiming, Language, RestaurantId, TableId, Unavailable};
use jari_operations::Refusal;
use jari_wiring::admission_problem;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::Serialize;

use crate::view::ReservationView;

/// A time that is still free.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Alternative {
    starts_at: String,
    restaurant_id: RestaurantId,
}

/// Tables that are free together.
#[derive(Serialize)]
struct Tables {
    tables: Vec<TableId>,
}

/// The problem that tells of `refusal` at `now`.
pub(crate) fn problem(refusal: Refusal, now: Timestamp) -> Problem {
    match refusal {
        Refusal::SlotTaken { why, restaurant, alternatives } => {
            let code = if why == Unavailable::Pacing { Code::Pacing } else { Code::SlotTaken };
            let alternative =
                |time: &Zoned| Alternative { starts_at: zoned(time), restaurant_id: restaurant };
            let alternatives: Vec<Alternative> = alternatives.iter().map(alternative).collect();
            Problem::new(code).with("alternatives", alternatives)
        }
        Refusal::NotBookable(why) => Problem::new(not_bookable(why)),
        Refusal::NotOffered { nearest } => {
            let times: Vec<String> = nearest.iter().map(zoned).collect();
            Problem::new(Code::OffGrid).with_detail(nearest_text(&nearest)).with("nearest", times)
        }
        Refusal::NoArea => {
            let detail = Text::fixed("해당 구역이 없습니다.", "The restaurant has no such area.");
            bad_field("/area", FieldCode::OutOfRange, detail)
        }
        Refusal::DinerBusy => Problem::new(Code::DinerBusy),
        Refusal::TooManyHolds => Problem::new(Code::TooManyHolds),
        Refusal::KeyReused => Problem::new(Code::IdempotencyKeyReused),
        Refusal::GuestMissing => {
            let detail = Text::fixed("예약자 정보를 입력해 주세요.", "The guest's details are missing.");
            bad_field("/guest", FieldCode::Required, detail)
        }
        Refusal::WrongStatus(_, current) => {
            Problem::new(Code::StateConflict).with("current", ReservationView::new(&current, now))
        }
        Refusal::Stale(current) => {
            Problem::new(Code::StaleRevision).with("current", ReservationView::new(&current, now))
        }
        Refusal::Barred => Problem::new(Code::NoShowLimit),
        Refusal::TableTaken { taken, alternatives } => {
            let alternative = |tables: Vec<TableId>| Tables { tables };
            let alternatives: Vec<Tables> = alternatives.into_iter().map(alternative).collect();
            Problem::new(Code::TableTaken).with("taken", taken).with("alternatives", alternatives)
        }
        Refusal::NoTables => {
            let detail = Text::fixed(
                "이 식당의 테이블을 한 번씩, 6개까지 고를 수 있습니다.",
                "Must be 1 to 6 different tables of the restaurant.",
            );
            bad_field("/tables", FieldCode::OutOfRange, detail)
        }
        Refusal::BadStay => {
            let detail = Text::fixed(
                "15분 단위로 하루 영업 안에서 8시간까지이며, 이미 끝난 시간일 수 없습니다.",
                "A stay is quarter hours inside one service day, at most 8 hours, and not over yet.",
            );
            bad_field("/startsAt", FieldCode::OutOfRange, detail)
        }
        Refusal::NothingToSwap => {
            let detail = Text::fixed(
                "같은 날 이 식당의 다른 예약이어야 합니다.",
                "Must be another reservation of the same restaurant and day.",
            );
            bad_field("/with", FieldCode::OutOfRange, detail)
        }
        Refusal::GuestsOwn => {
            let detail = Text::fixed(
                "온라인으로 예약한 손님의 정보는 바꿀 수 없습니다.",
                "The details of a guest who booked online are their own.",
            );
            bad_field("/guest", FieldCode::OutOfRange, detail)
        }
        Refusal::BadTiming(timing, zone) => bad_timing(timing, &zone),
        Refusal::TooLate { until } => {
            Problem::new(Code::ChangeDeadlinePassed).with_detail(Text::by(|language| {
                let time = until.strftime("%H:%M");
                match language {
                    Language::Ko => {
                        let day = until.strftime("%-m월 %-d일");
                        format!("{day} {time}까지 변경·취소할 수 있었습니다. 식당으로 전화해 주세요.")
                    }
                    Language::En => {
                        let day = until.strftime("%-d %B");
                        format!("It was possible until {time} on {day}. Please call the restaurant.")
                    }
                }
            }))
        }
        Refusal::Unauthenticated
        | Refusal::Forbidden
        | Refusal::NoRestaurant
        | Refusal::NoReservation
        | Refusal::Store(_) => admission_problem(refusal),
    }
}

fn bad_field(pointer: &str, code: FieldCode, detail: Text) -> Problem {
    Problem::invalid_fields(vec![BadField { pointer: pointer.into(), code, detail }])
}

fn bad_timing(timing: BadTiming, zone: &TimeZone) -> Problem {
    let wall = |instant: Timestamp| instant.to_zoned(zone.clone()).strftime("%H:%M").to_string();
    match timing {
        BadTiming::NotBefore(from) => {
            let from = wall(from);
            let detail =
                Text::new(format!("{from}부터 처리할 수 있습니다."), format!("It is possible from {from}."));
            Problem::new(Code::TooEarly).with_detail(detail)
        }
        BadTiming::OnlyUntil(until) => {
            let until = wall(until);
            let detail = Text::new(
                format!("{until}까지 되돌릴 수 있었습니다."),
                format!("It was possible until {until}."),
            );
            Problem::new(Code::UndoTooLate).with_detail(detail)
        }
        BadTiming::AnotherDay => Problem::new(Code::UndoTooLate).with_detail(Text::fixed(
            "당일 영업이 끝날 때까지만 되돌릴 수 있습니다.",
            "It was possible until its service day ended.",
        )),
    }
}

fn not_bookable(why: Unavailable) -> Code {
    match why {
        Unavailable::Full => Code::SlotTaken,
        Unavailable::Pacing => Code::Pacing,
        Unavailable::Closed => Code::Closed,
        Unavailable::PastCutoff => Code::PastCutoff,
        Unavailable::BeyondWindow => Code::OutsideBookingWindow,
        Unavailable::PartyTooLarge => Code::PartyTooLarge,
        Unavailable::PartyTooSmall => Code::PartyTooSmall,
        Unavailable::InHouseOnly => Code::InHouseOnly,
    }
}

fn nearest_text(nearest: &[Zoned]) -> Text {
    let times: Vec<String> = nearest.iter().map(|time| time.strftime("%H:%M").to_string()).collect();
    let times = times.join(", ");
    Text::new(format!("이 식당의 예약 시간: {times}"), format!("The restaurant seats guests at {times}."))
}
