//! Single-use tokens in the links of mails about an account: they prove that whoever has one reads that address's mail.
//! The table keeps only a token's hash; who sends the mail makes the token anew from the key, so that it is in the link
//! and nowhere else.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jari_domain::{DinerId, MailTokenId, TokenHash};

use crate::KeyError;
use crate::secret_keys::{joined, key};

/// What following the link does. A token for one is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTokenPurpose {
    /// Makes the account that was signed up for.
    VerifyEmail,
    /// Lets a new password be set.
    ResetPassword,
}

/// Makes the tokens. Cheap to clone.
#[derive(Clone)]
pub struct MailTokenKey(Arc<hmac::Key>);

impl MailTokenKey {
    /// A key of at least 32 bytes, in base64.
    pub fn new(base64: &str) -> Result<Self, KeyError> {
        key(base64).map(Self)
    }

    /// The token of what waits for `diner` under `id`, always the same: `<diner>.<id's digits>.<HMAC-SHA256>`.
    #[must_use]
    pub fn token(&self, purpose: MailTokenPurpose, diner: &DinerId, id: MailTokenId) -> String {
        let name = format!("{}.{}", diner.0, id.digits());
        let tag = hmac::sign(&self.0, &joined(purpose.name(), name.as_bytes()));
        format!("{name}.{}", URL_SAFE_NO_PAD.encode(tag))
    }
}

impl MailTokenPurpose {
    const fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
        }
    }
}

impl fmt::Debug for MailTokenKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MailTokenKey(…)")
    }
}

/// What may be kept of a token: its SHA-256. Tokens are as long as keys, so no dictionary leads back.
#[must_use]
pub fn token_hash(token: &str) -> TokenHash {
    TokenHash(URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes())))
}

/// Where what a token stands for is kept: not yet whether the token is good, which only its hash tells.
#[must_use]
pub fn parse_mail_token(token: &str) -> Option<(DinerId, MailTokenId)> {
    let mut parts = token.split('.');
    let (diner, id, tag) = (parts.next()?, parts.next()?, parts.next()?);
    // Nothing of another form becomes a key of the table.
    let diner_fits = jari_domain::AccountId::from_digits(diner).is_ok();
    let tag_fits = tag.len() == 43 && parts.next().is_none();
    let id = MailTokenId::from_digits(id).ok()?;
    (diner_fits && tag_fits).then(|| (DinerId(diner.to_owned()), id))
}

#[cfg(test)]
mod tests {
    use jari_domain::AccountId;
    use jiff::Timestamp;

    use super::*;
    use crate::generate_secret;

    fn diner(byte: u8) -> DinerId {
        DinerId(AccountId::derived([byte; 16]).digits())
    }

    #[test]
    fn a_token_is_the_same_each_time_and_another_for_whatever_differs() {
        let key = MailTokenKey::new(&generate_secret().unwrap()).unwrap();
        let id = |byte| MailTokenId::new(Timestamp::UNIX_EPOCH, [byte; 10]);
        let token = key.token(MailTokenPurpose::VerifyEmail, &diner(1), id(1));
        assert_eq!(token, key.token(MailTokenPurpose::VerifyEmail, &diner(1), id(1)));
        let other_key = MailTokenKey::new(&generate_secret().unwrap()).unwrap();
        for other in [
            key.token(MailTokenPurpose::ResetPassword, &diner(1), id(1)),
            key.token(MailTokenPurpose::VerifyEmail, &diner(2), id(1)),
            key.token(MailTokenPurpose::VerifyEmail, &diner(1), id(2)),
            other_key.token(MailTokenPurpose::VerifyEmail, &diner(1), id(1)),
        ] {
            assert_ne!(token_hash(&token), token_hash(&other));
            // The secret part, not only the name before it.
            assert_ne!(token.rsplit('.').next(), other.rsplit('.').next());
        }
    }

    #[test]
    fn a_token_says_where_to_look_and_nothing_else_does() {
        let key = MailTokenKey::new(&generate_secret().unwrap()).unwrap();
        let id = MailTokenId::new(Timestamp::UNIX_EPOCH, [9; 10]);
        let token = key.token(MailTokenPurpose::VerifyEmail, &diner(3), id);
        assert_eq!(parse_mail_token(&token), Some((diner(3), id)));
        for wrong in ["", "a.b.c", &token[1..], &token[..token.len() - 1], &format!("{token}.x")] {
            assert_eq!(parse_mail_token(wrong), None, "{wrong}");
        }
        assert_eq!(parse_mail_token(&token.to_uppercase()), None);
    }
}
