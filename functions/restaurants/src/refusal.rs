//! A refused change of a restaurant as the caller is told it.

use jari_api::{BadField, Code, FieldCode, Problem, Text};
use jari_domain::Missing;
use jari_operations::{MOST_DRAFTS, Refusal, RestaurantRefusal};
use jari_store::StoredRestaurant;
use jari_wiring::admission_problem;
use serde::Serialize;

/// The problem that tells of `refusal`; `current` shows what there is now, where that stands in the way.
pub(crate) fn problem<T: Serialize>(
    refusal: RestaurantRefusal,
    current: impl FnOnce(&StoredRestaurant) -> T,
) -> Problem {
    match refusal {
        RestaurantRefusal::Door(Refusal::Unauthenticated) => Problem::new(Code::Unauthenticated),
        RestaurantRefusal::Door(refusal) => admission_problem(refusal),
        RestaurantRefusal::Stale(stored) => {
            Problem::new(Code::StaleRevision).with("current", current(&stored))
        }
        RestaurantRefusal::WrongStage(stored) => {
            Problem::new(Code::RegistrationConflict).with("current", current(&stored))
        }
        RestaurantRefusal::Incomplete(missing) => {
            Problem::new(Code::RestaurantIncomplete).with_errors(missing.into_iter().map(lacks).collect())
        }
        RestaurantRefusal::TooManyDrafts => Problem::new(Code::TooManyDrafts).with_detail(Text::new(
            format!("승인을 기다리는 식당은 {MOST_DRAFTS}곳까지 등록할 수 있습니다."),
            format!("At most {MOST_DRAFTS} of your restaurants can wait for approval at a time."),
        )),
        RestaurantRefusal::KeyReused => Problem::new(Code::IdempotencyKeyReused),
    }
}

fn lacks(missing: Missing) -> BadField {
    let (pointer, code, detail) = match missing {
        Missing::Name => (
            "/name",
            FieldCode::Required,
            Text::fixed("식당 이름을 입력해 주세요.", "The restaurant needs a name."),
        ),
        Missing::Address => (
            "/address",
            FieldCode::Required,
            Text::fixed("주소를 입력해 주세요.", "The restaurant needs an address."),
        ),
        Missing::Table => (
            "/tables",
            FieldCode::Required,
            Text::fixed("테이블을 하나 이상 등록해 주세요.", "The floor needs a table."),
        ),
        Missing::Shift => (
            "/weekly",
            FieldCode::Required,
            Text::fixed("영업시간을 하나 이상 등록해 주세요.", "The schedule needs a shift."),
        ),
        Missing::MenuCurrency => (
            "/sections",
            FieldCode::OutOfRange,
            Text::fixed(
                "메뉴 가격의 통화가 식당의 통화와 다릅니다.",
                "The menu's prices are in another currency than the restaurant's.",
            ),
        ),
    };
    BadField { pointer: pointer.into(), code, detail }
}
