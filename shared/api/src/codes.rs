//! Every error code there is, once, with its status and its title in both languages. Codes are part
//! of the API: one may be added, none renamed.

use axum::http::StatusCode;
use jari_domain::Language;
use serde::Serialize;

/// Writes the enum and its table from one list, which is the only way they can't differ.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $status:ident $ko:literal $en:literal;)*) => {
        /// What went wrong, stable and in `snake_case` on the wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All of them, by status.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as it is on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status it comes with.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// The title, the same for every problem of this code.
            #[must_use]
            pub const fn title(self, language: Language) -> &'static str {
                match (self, language) { $(
                    (Self::$name, Language::Ko) => $ko,
                    (Self::$name, Language::En) => $en,
                )* }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    MalformedJson "malformed_json" BAD_REQUEST
        "요청 본문이 올바른 JSON 형식이 아닙니다." "The request body is not valid JSON.";
    /// A header, a cursor or the like can't be read.
    MalformedRequest "malformed_request" BAD_REQUEST
        "요청 형식이 올바르지 않습니다." "The request cannot be understood.";
    /// Nobody, or nobody we know.
    Unauthenticated "unauthenticated" UNAUTHORIZED
        "인증이 필요합니다." "You need to be authenticated for this.";
    /// The token was good once.
    TokenExpired "token_expired" UNAUTHORIZED
        "인증 정보가 만료되었습니다." "Your link or session has expired.";
    /// No account has that address and that password.
    InvalidCredentials "invalid_credentials" UNAUTHORIZED
        "이메일 또는 비밀번호가 올바르지 않습니다." "The e-mail address or the password is wrong.";
    /// The refresh token was used, or its time is over.
    SessionOver "session_over" UNAUTHORIZED
        "로그인이 만료되었습니다. 다시 로그인해 주세요." "Your session is over. Please sign in again.";
    /// Known, but not allowed.
    Forbidden "forbidden" FORBIDDEN
        "이 작업을 수행할 권한이 없습니다." "You are not allowed to do this.";
    /// It isn't there, or not for this caller.
    NotFound "not_found" NOT_FOUND
        "요청하신 정보를 찾을 수 없습니다." "There is nothing here.";
    /// The path exists, this method on it does not.
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED
        "지원하지 않는 요청 방식입니다." "This method is not supported here.";
    /// Someone was faster; comes with `alternatives`.
    SlotTaken "slot_taken" CONFLICT
        "선택하신 시간은 방금 예약이 마감되었습니다." "That time has just been taken.";
    /// What is to be done can't be done in the present state; comes with `current`.
    StateConflict "state_conflict" CONFLICT
        "현재 예약 상태에서는 처리할 수 없습니다." "That is not possible in the reservation's present state.";
    /// Not possible where the restaurant stands in registration; comes with `current`.
    RegistrationConflict "registration_conflict" CONFLICT
        "식당의 현재 등록 상태에서는 처리할 수 없습니다."
        "That is not possible where the restaurant stands in registration.";
    /// As many of the account's restaurants wait for approval as may.
    TooManyDrafts "too_many_drafts" CONFLICT
        "등록 중인 식당이 너무 많습니다." "Too many of your restaurants wait for approval.";
    /// The diner has another reservation at that time.
    DinerBusy "diner_busy" CONFLICT
        "같은 시간대에 이미 다른 예약이 있습니다." "You already have a reservation at that time.";
    /// The caller holds as many places as one may.
    TooManyHolds "too_many_holds" CONFLICT
        "동시에 잡아 둘 수 있는 자리 수를 넘었습니다." "You are already holding as many places as you may.";
    /// Without this one the restaurant would have no owner.
    LastOwner "last_owner" CONFLICT
        "식당에는 소유자가 한 명 이상 있어야 합니다." "A restaurant needs at least one owner.";
    /// As many people work at the restaurant as may.
    StaffFull "staff_full" CONFLICT
        "등록할 수 있는 직원 수를 넘었습니다." "No more people can work at this restaurant.";
    /// Too many guests would arrive in that quarter hour; comes with `alternatives`.
    Pacing "pacing" CONFLICT
        "해당 시간에는 더 이상 손님을 받을 수 없습니다." "No more guests can arrive at that time.";
    /// A table asked for by hand, or one that it had, is taken; comes with `taken` and with other free tables as
    /// `alternatives`.
    TableTaken "table_taken" CONFLICT
        "해당 시간에 이미 사용 중인 테이블입니다." "A table is taken at that time.";
    /// `If-Match` names another revision; comes with `current`.
    StaleRevision "stale_revision" PRECONDITION_FAILED
        "그사이 다른 변경이 있었습니다." "It has been changed in the meantime.";
    /// Over the size limit.
    BodyTooLarge "body_too_large" PAYLOAD_TOO_LARGE
        "요청 본문이 너무 큽니다." "The request body is too large.";
    /// Not `application/json`.
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE
        "지원하지 않는 콘텐츠 형식입니다." "This content type is not supported.";
    /// Comes with `errors`, one for each bad field.
    InvalidFields "invalid_fields" UNPROCESSABLE_ENTITY
        "입력하신 내용을 확인해 주세요." "Some fields need your attention.";
    /// Comes with `errors`, one for each thing that it lacks: pointers into its profile, floor, schedule or menu.
    RestaurantIncomplete "restaurant_incomplete" UNPROCESSABLE_ENTITY
        "승인에 필요한 정보가 빠져 있습니다." "The restaurant lacks what it needs to be approved.";
    /// The same key came with another body before.
    IdempotencyKeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY
        "같은 멱등성 키가 다른 요청에 이미 사용되었습니다."
        "This idempotency key was used with another request.";
    /// Too far ahead.
    OutsideBookingWindow "outside_booking_window" UNPROCESSABLE_ENTITY
        "아직 예약할 수 없는 날짜입니다." "That date cannot be booked yet.";
    /// Too close, or over.
    PastCutoff "past_cutoff" UNPROCESSABLE_ENTITY
        "온라인 예약이 마감된 시간입니다." "Online booking for that time has closed.";
    /// More guests than may be booked online.
    PartyTooLarge "party_too_large" UNPROCESSABLE_ENTITY
        "온라인으로 예약할 수 있는 인원을 넘었습니다." "The party is too large to book online.";
    /// Fewer guests than the restaurant takes.
    PartyTooSmall "party_too_small" UNPROCESSABLE_ENTITY
        "예약할 수 있는 최소 인원보다 적습니다." "The party is too small for this restaurant.";
    /// The restaurant does not open then.
    Closed "closed" UNPROCESSABLE_ENTITY
        "영업하지 않는 시간입니다." "The restaurant is closed at that time.";
    /// Between two times that can be booked.
    OffGrid "off_grid" UNPROCESSABLE_ENTITY
        "예약할 수 있는 시각이 아닙니다." "Bookings do not start at that time.";
    /// Only the restaurant itself books that.
    InHouseOnly "in_house_only" UNPROCESSABLE_ENTITY
        "매장에서만 예약할 수 있는 자리입니다." "Only the restaurant itself can book that.";
    /// Too late to change or cancel online.
    ChangeDeadlinePassed "change_deadline_passed" UNPROCESSABLE_ENTITY
        "온라인으로 변경하거나 취소할 수 있는 시간이 지났습니다."
        "It is too late to change or cancel online.";
    /// The token of a mail's link was used, or its time is over.
    InvalidToken "invalid_token" UNPROCESSABLE_ENTITY
        "링크가 만료되었거나 이미 사용되었습니다." "The link has expired or was used before.";
    /// The diner did not come too often, and books here by phone until the restaurant lifts it.
    NoShowLimit "no_show_limit" UNPROCESSABLE_ENTITY
        "노쇼 횟수가 초과되어 이 식당은 온라인으로 예약하실 수 없습니다. 식당으로 전화해 주세요."
        "Online booking here is closed to you after several no-shows. Please call the restaurant.";
    /// A no-show before the party is late.
    TooEarly "too_early" UNPROCESSABLE_ENTITY
        "아직 처리할 수 없는 시간입니다." "It is too early for that.";
    /// An undo of what is too long ago.
    UndoTooLate "undo_too_late" UNPROCESSABLE_ENTITY
        "되돌릴 수 있는 시간이 지났습니다." "It is too late to undo that.";
    /// A provider sent somebody back with something that does not hold, or not any more.
    SocialSignInFailed "social_sign_in_failed" UNPROCESSABLE_ENTITY
        "로그인을 완료하지 못했습니다. 처음부터 다시 시도해 주세요."
        "The sign-in could not be completed. Please start again.";
    /// A provider shares no address that an account could be made with.
    AddressNeeded "address_needed" UNPROCESSABLE_ENTITY
        "가입하려면 이메일 제공에 동의해 주세요."
        "To make an account, please agree to share your e-mail address.";
    /// `If-Match` is required here.
    PreconditionRequired "precondition_required" PRECONDITION_REQUIRED
        "If-Match 헤더가 필요합니다." "An If-Match header is required.";
    /// Comes with `Retry-After`.
    TooManyRequests "too_many_requests" TOO_MANY_REQUESTS
        "요청이 너무 많습니다." "Too many requests.";
    /// Our fault.
    Internal "internal" INTERNAL_SERVER_ERROR
        "서버에 문제가 발생했습니다." "Something went wrong on our side.";
    /// Whoever people sign in with does not answer as it should. The sign-in has to be started again.
    ProviderFailed "provider_failed" BAD_GATEWAY
        "로그인 서비스에 일시적인 문제가 있습니다. 잠시 후 처음부터 다시 시도해 주세요."
        "The sign-in service has a problem. Please start again in a moment.";
    /// For a moment; comes with `Retry-After`. Nothing was done.
    Unavailable "unavailable" SERVICE_UNAVAILABLE
        "일시적으로 이용할 수 없습니다." "The service is unavailable for a moment.";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// It must be there.
    Required,
    /// It means nothing here.
    UnknownField,
    /// A number where a text belongs, and the like.
    WrongType,
    /// More than the most characters or entries.
    TooLong,
    /// Fewer than the fewest characters or entries.
    TooShort,
    /// Below the least or above the most.
    OutOfRange,
    /// Not of the form, or not one of the choices.
    InvalidFormat,
    /// A password that anybody would guess.
    TooGuessable,
}

impl FieldCode {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Required,
        Self::UnknownField,
        Self::WrongType,
        Self::TooLong,
        Self::TooShort,
        Self::OutOfRange,
        Self::InvalidFormat,
        Self::TooGuessable,
    ];

    /// The code as it is on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::UnknownField => "unknown_field",
            Self::WrongType => "wrong_type",
            Self::TooLong => "too_long",
            Self::TooShort => "too_short",
            Self::OutOfRange => "out_of_range",
            Self::InvalidFormat => "invalid_format",
            Self::TooGuessable => "too_guessable",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_its_own_and_speaks_both_languages() {
        let codes: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{code:?}");
            assert!(code.status().is_client_error() || code.status().is_server_error(), "{code:?}");
            let korean = code.title(Language::Ko);
            assert!(korean.chars().any(|letter| ('가'..='힣').contains(&letter)), "{code:?}");
            assert!(code.title(Language::En).is_ascii(), "{code:?}");
        }
    }
}
