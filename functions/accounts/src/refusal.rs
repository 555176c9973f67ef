//! What has gone wrong, as the caller is told it. No answer here says whether an address has an account.

use jari_api::{BadField, Code, FieldCode, Problem, Text};
use jari_operations::accounts::AccountRefusal;
use jari_social::SocialError;
use jari_wiring::store_problem;

pub(crate) fn problem(refusal: AccountRefusal) -> Problem {
    match refusal {
        AccountRefusal::InvalidCredentials => Problem::new(Code::InvalidCredentials),
        AccountRefusal::InvalidToken => Problem::new(Code::InvalidToken),
        AccountRefusal::GuessablePassword => Problem::invalid_fields(vec![BadField {
            pointer: "/password".to_owned(),
            code: FieldCode::TooGuessable,
            detail: Text::fixed(
                "너무 쉽게 추측할 수 있는 비밀번호입니다. 다른 비밀번호를 입력해 주세요.",
                "That is too easy to guess. Please choose another password.",
            ),
        }]),
        AccountRefusal::NoAddress => Problem::new(Code::AddressNeeded),
        AccountRefusal::TooMany { retry_after } => Problem::new(Code::TooManyRequests)
            .with_detail(Text::fixed(
                "시도 횟수가 너무 많습니다. 잠시 후 다시 시도해 주세요.",
                "There were too many tries. Please wait a while before the next.",
            ))
            .with_retry_after(retry_after.unsigned_abs()),
        AccountRefusal::Store(error) => store_problem(error),
        AccountRefusal::Password(error) => Problem::internal(error),
        AccountRefusal::Key(error) => Problem::internal(error),
    }
}

/// The same, where the token is what keeps a sign-in going.
pub(crate) fn session_problem(refusal: AccountRefusal) -> Problem {
    match refusal {
        AccountRefusal::InvalidToken => Problem::new(Code::SessionOver),
        other => problem(other),
    }
}

/// The same, where the token is the state of a sign-in with a provider.
pub(crate) fn attempt_problem(refusal: AccountRefusal) -> Problem {
    match refusal {
        AccountRefusal::InvalidToken => Problem::new(Code::SocialSignInFailed),
        other => problem(other),
    }
}

/// Why a provider did not let somebody in. What exactly is wrong with an answer that does not hold is for the log.
pub(crate) fn social_problem(error: SocialError) -> Problem {
    match error {
        SocialError::NotOffered(_) => Problem::new(Code::NotFound),
        SocialError::Denied => Problem::new(Code::SocialSignInFailed),
        SocialError::Invalid(_) => {
            tracing::warn!(%error, "a provider's answer was refused");
            Problem::new(Code::SocialSignInFailed)
        }
        SocialError::Provider(_) => {
            tracing::error!(%error, "a provider could not be asked");
            Problem::new(Code::ProviderFailed)
        }
        SocialError::RedirectUri => Problem::internal(error),
    }
}
