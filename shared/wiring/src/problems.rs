//! What has gone wrong below, as a caller is told it, where it does not matter which endpoint asked.

use jari_api::{Code, Problem, Text};
use jari_operations::Refusal;
use jari_store::StoreError;

/// A table that could not do it.
#[must_use]
pub fn store_problem(error: StoreError) -> Problem {
    match error {
        StoreError::Unavailable(cause) => Problem::unavailable(cause),
        error => Problem::internal(error),
    }
}

/// A refusal at the door: who asks is unknown, or has no business here. What only a reservation's own endpoints can be
/// refused for is theirs to tell; here it would be a mistake of ours.
#[must_use]
pub fn admission_problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Unauthenticated => Problem::new(Code::Unauthenticated).with_detail(Text::fixed(
            "로그인하시거나 예약 확인 메일의 링크로 접속해 주세요.",
            "Please sign in, or use the link in your reservation's mail.",
        )),
        Refusal::Forbidden => Problem::new(Code::Forbidden),
        Refusal::NoRestaurant => Problem::new(Code::NotFound)
            .with_detail(Text::fixed("식당을 찾을 수 없습니다.", "There is no such restaurant.")),
        Refusal::NoReservation => Problem::new(Code::NotFound),
        Refusal::Store(error) => store_problem(error),
        other => Problem::internal(other),
    }
}
