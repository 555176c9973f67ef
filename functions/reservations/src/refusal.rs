//! An operation's refusal as the caller is told it.

use jari_api::{BadField, Code, FieldCode, Problem, Text, respond::zoned};
use jari_domain::{Language, RestaurantId, Unavailable};
use jari_operations::Refusal;
use jari_wiring::admission_problem;
use jiff::{Timestamp, Zoned};
use serde::Serialize;

use crate::view::ReservationView;

/// A time that is still free.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Alternative {
    starts_at: String,
    restaurant_id: RestaurantId,
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
        Refusal::NoArea => Problem::invalid_fields(vec![BadField {
            pointer: "/area".into(),
            code: FieldCode::OutOfRange,
            detail: Text::fixed("해당 구역이 없습니다.", "The restaurant has no such area."),
        }]),
        Refusal::DinerBusy => Problem::new(Code::DinerBusy),
        Refusal::TooManyHolds => Problem::new(Code::TooManyHolds),
        Refusal::KeyReused => Problem::new(Code::IdempotencyKeyReused),
        Refusal::GuestMissing => Problem::invalid_fields(vec![BadField {
            pointer: "/guest".into(),
            code: FieldCode::Required,
            detail: Text::fixed("예약자 정보를 입력해 주세요.", "The guest's details are missing."),
        }]),
        Refusal::WrongStatus(_, current) => {
            Problem::new(Code::StateConflict).with("current", ReservationView::new(&current, now))
        }
        Refusal::Stale(current) => {
            Problem::new(Code::StaleRevision).with("current", ReservationView::new(&current, now))
        }
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
