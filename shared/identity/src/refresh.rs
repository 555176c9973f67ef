//! Refresh tokens: what keeps a sign-in going without the password. One names its account and its family, so that it is
//! found by one read, and is otherwise random; only its hash is kept.

use std::{fmt, str::FromStr};

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jari_domain::{AccountId, SessionId, TokenHash};
use jiff::SignedDuration;

use crate::mail_tokens::token_hash;
use crate::{KeyError, TokenError};

/// A refresh token: `<account's digits>.<family's digits>.<32 random bytes, base64url>`. Debug output shows whose it is
/// and none of the random.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    account: AccountId,
    family: SessionId,
    secret: String,
}

impl RefreshToken {
    /// How long one is good: a week. Each use gives another that is good a week from then.
    pub const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

    /// A new one of a family.
    pub fn new(account: AccountId, family: SessionId) -> Result<Self, KeyError> {
        let mut secret = [0; 32];
        rand::fill(&mut secret).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self { account, family, secret: URL_SAFE_NO_PAD.encode(secret) })
    }

    /// Whose it says it is.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Which family it says it is of.
    #[must_use]
    pub fn family(&self) -> SessionId {
        self.family
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        token_hash(&self.expose())
    }

    /// The token itself, to hand out and nowhere else to.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}.{}.{}", self.account.digits(), self.family.digits(), self.secret)
    }
}

impl FromStr for RefreshToken {
    type Err = TokenError;

    /// Reads its form. Whether it is good only the table knows.
    fn from_str(text: &str) -> Result<Self, TokenError> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(TokenError::Invalid);
        let (account, family, secret) = (part()?, part()?, part()?);
        if parts.next().is_some() || URL_SAFE_NO_PAD.decode(secret).map(|bytes| bytes.len()) != Ok(32) {
            return Err(TokenError::Invalid);
        }
        Ok(Self {
            account: AccountId::from_digits(account).map_err(|_| TokenError::Invalid)?,
            family: SessionId::from_digits(family).map_err(|_| TokenError::Invalid)?,
            secret: secret.to_owned(),
        })
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RefreshToken({}, {}, …)", self.account, self.family)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn token() -> RefreshToken {
        let now = Timestamp::UNIX_EPOCH;
        RefreshToken::new(AccountId::new(now, [1; 10]), SessionId::new(now, [2; 10])).unwrap()
    }

    #[test]
    fn a_token_reads_as_it_was_written_and_only_so() {
        let token = token();
        let text = token.expose();
        assert_eq!(text.parse(), Ok(token.clone()));
        for wrong in
            ["", "..", &text[1..], &text[..text.len() - 1], &format!("{text}.a"), &format!("{text}=")]
        {
            assert_eq!(wrong.parse::<RefreshToken>(), Err(TokenError::Invalid), "{wrong}");
        }
    }

    #[test]
    fn no_two_are_alike_and_no_hash_leads_back() {
        let (one, other) = (token(), token());
        assert_ne!(one.hash(), other.hash());
        assert!(!one.expose().contains(&one.hash().0));
        assert!(!format!("{one:?}").contains(&one.secret));
    }
}
