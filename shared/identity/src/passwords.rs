//! Passwords: what may be one, what is kept of it, and whether one is right.
//!
//! Hashing is argon2id, slow and hungry on purpose: it runs on a thread of its own, and an address without an account
//! costs the same work as one with.

use std::{fmt, str::FromStr, sync::LazyLock};

use argon2::{
    Argon2, Params, PasswordHasher, PasswordVerifier,
    password_hash::{self, phc},
};
use aws_lc_rs::rand;
use jari_domain::{EmailAddress, GuestName, PasswordHash};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

/// A password as somebody typed it: 8 to 128 characters, Unicode NFC, so that 가 typed on another machine is the same.
/// Debug output shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a text can't be a password at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    /// Fewer than [`Password::MIN_CHARS`].
    #[error("is shorter than {} characters", Password::MIN_CHARS)]
    TooShort,
    /// More than [`Password::MAX_CHARS`].
    #[error("is longer than {} characters", Password::MAX_CHARS)]
    TooLong,
    /// A line break or another control character, that nobody types.
    #[error("has characters that are not allowed")]
    Malformed,
}

/// What the kept hash says to a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one.
    Right,
    /// It is the one, and its hash is weaker than what is made today: make it anew.
    RightButOutdated,
    /// It is not; or there is no hash, and the same work was done for nothing.
    Wrong,
}

/// Why nothing can be said about a password. The text never holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// The kept hash is none.
    #[error("a password's hash can't be read")]
    Unreadable,
    /// The work was not done.
    #[error("a password could not be hashed")]
    Failed,
}

/// 19 MiB, 2 passes, 1 lane: the least that OWASP's cheat sheet on password storage asks for.
static ARGON2ID: LazyLock<Argon2<'static>> =
    LazyLock::new(|| Argon2::from(Params::new(19 * 1024, 2, 1, None).unwrap_or_default()));
/// How a hash of today begins.
const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";
/// Checked where there is no hash. Of no password: the output is 32 zero bytes.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm8gYWNjb3VudCBoZXJl$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Password {
    /// Short enough to type on a phone; whether it is hard to guess is [`Password::is_guessable`]'s to say.
    pub const MIN_CHARS: usize = 8;
    /// Room for a sentence; more is somebody trying what we do with it.
    pub const MAX_CHARS: usize = 128;

    /// Whether it is among the first million that anybody would try, who knows the address and the name: common ones,
    /// runs on the keyboard, dates, and what is made of them.
    #[must_use]
    pub fn is_guessable(&self, email: &EmailAddress, name: &GuestName) -> bool {
        let local = email.as_str().split('@').next().unwrap_or_default();
        let theirs = [email.as_str(), local, name.as_str(), "jari", "자리"];
        zxcvbn(&self.0, &theirs).score() < Score::Two
    }

    /// What may be kept of it. Takes some tens of milliseconds, on a thread of its own.
    pub async fn hash(self) -> Result<PasswordHash, PasswordError> {
        let mut salt = [0; 16];
        rand::fill(&mut salt).map_err(|_| PasswordError::NoRandomness)?;
        apart(move || {
            let hash: phc::PasswordHash = ARGON2ID
                .hash_password_with_salt(self.0.as_bytes(), &salt)
                .map_err(|_| PasswordError::Failed)?;
            Ok(PasswordHash(hash.to_string()))
        })
        .await
    }

    /// Whether `kept` is of this password. The work is the same where nothing is kept.
    pub async fn verify(self, kept: Option<PasswordHash>) -> Result<Verdict, PasswordError> {
        apart(move || {
            let hash = kept.as_ref().map_or(NOBODYS, |hash| &hash.0);
            match ARGON2ID.verify_password(self.0.as_bytes(), hash) {
                Ok(()) if hash.starts_with(TODAY) => Ok(Verdict::Right),
                Ok(()) => Ok(Verdict::RightButOutdated),
                Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
                Err(_) => Err(PasswordError::Unreadable),
            }
        })
        .await
    }
}

/// Does slow work where it keeps nobody waiting who is not waiting for it.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
) -> Result<T, PasswordError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Failed)?
}

impl FromStr for Password {
    type Err = InvalidPassword;

    fn from_str(text: &str) -> Result<Self, InvalidPassword> {
        // A character of four bytes that NFC takes apart into a few: enough to say no before doing any work.
        if text.len() > Self::MAX_CHARS * 16 {
            return Err(InvalidPassword::TooLong);
        }
        let text: String = text.nfc().collect();
        match text.chars().count() {
            chars if chars < Self::MIN_CHARS => Err(InvalidPassword::TooShort),
            chars if chars > Self::MAX_CHARS => Err(InvalidPassword::TooLong),
            _ if text.chars().any(char::is_control) => Err(InvalidPassword::Malformed),
            _ => Ok(Self(text)),
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let hash = password("correct horse").hash().await.unwrap();
        assert!(hash.0.starts_with(TODAY), "{}", hash.0);
        assert_eq!(password("correct horse").verify(Some(hash.clone())).await, Ok(Verdict::Right));
        for wrong in ["correct horsf", "Correct horse", "correct horse "] {
            assert_eq!(password(wrong).verify(Some(hash.clone())).await, Ok(Verdict::Wrong), "{wrong}");
        }
        assert_ne!(password("correct horse").hash().await.unwrap(), hash, "each has its own salt");
    }

    #[tokio::test]
    async fn where_nothing_is_kept_the_same_work_is_done_for_nothing() {
        assert!(NOBODYS.starts_with(TODAY));
        assert!(phc::PasswordHash::new(NOBODYS).is_ok());
        assert_eq!(password("correct horse").verify(None).await, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn a_weaker_hash_of_the_right_password_is_to_be_made_anew() {
        let weaker = Argon2::from(Params::new(8 * 1024, 1, 1, None).unwrap());
        let hash: phc::PasswordHash =
            weaker.hash_password_with_salt(b"correct horse", b"0123456789abcdef").unwrap();
        let kept = Some(PasswordHash(hash.to_string()));
        assert_eq!(password("correct horse").verify(kept.clone()).await, Ok(Verdict::RightButOutdated));
        assert_eq!(password("wrong horses").verify(kept).await, Ok(Verdict::Wrong));
        let none = Some(PasswordHash("*".into()));
        assert_eq!(password("correct horse").verify(none).await, Err(PasswordError::Unreadable));
    }

    #[test]
    fn a_password_is_8_to_128_characters_of_any_script() {
        for fits in ["가나다라마바사아".to_owned(), "🍜".repeat(128), "with a space".into()] {
            assert!(fits.parse::<Password>().is_ok(), "{fits}");
        }
        for (wrong, why) in [
            ("1234567".to_owned(), InvalidPassword::TooShort),
            (String::new(), InvalidPassword::TooShort),
            ("a".repeat(129), InvalidPassword::TooLong),
            ("a".repeat(60_000), InvalidPassword::TooLong),
            ("line\nbreak".into(), InvalidPassword::Malformed),
        ] {
            assert_eq!(wrong.parse::<Password>(), Err(why));
        }
        assert_eq!(password("\u{1100}\u{1161}나다라마바사아"), password("가나다라마바사아"));
    }

    #[test]
    fn what_anybody_would_try_is_refused() {
        let guessable = |text: &str| {
            password(text).is_guessable(&"minji.kim@example.kr".parse().unwrap(), &"김민지".parse().unwrap())
        };
        for weak in [
            "password",
            "12345678",
            "qwertyuiop",
            "iloveyou1",
            "aaaaaaaaaa",
            "minji.kim",
            "minji.kim1",
            "Password1",
            "19900101",
            "abcd1234",
            "jarijari",
        ] {
            assert!(guessable(weak), "{weak}");
        }
        for good in ["jari-demo-2026", "correct horse battery", "여름밤의 국수 한그릇", "x7#kQ9!mZ2"]
        {
            assert!(!guessable(good), "{good}");
        }
    }

    #[test]
    fn a_password_is_not_in_debug_output() {
        assert_eq!(format!("{:?}", password("correct horse")), "Password(…)");
    }
}
