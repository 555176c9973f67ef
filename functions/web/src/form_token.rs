//! [`FormKey`]: what shows that a form was filled in on a page of ours and not on another site that a browser happened to
//! have open (CSRF). The key is a cookie; each form carries a token made from it, another one every time, so that a
//! compressed page does not give it away bit by bit (BREACH).

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{Context, SHA256},
    rand,
};
use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::cookie;

const COOKIE: &str = "__Host-jari-form";
const KEY_BYTES: usize = 16;
const SALT_BYTES: usize = 16;

/// A browser's key for forms.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FormKey([u8; KEY_BYTES]);

impl std::fmt::Debug for FormKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("FormKey(…)")
    }
}

impl FormKey {
    /// The input of every form that carries the token.
    pub(crate) const INPUT: &str = "formToken";

    /// A new one; none when the system has no random bytes.
    pub(crate) fn new() -> Option<Self> {
        let mut key = [0; KEY_BYTES];
        rand::fill(&mut key).ok()?;
        Some(Self(key))
    }

    /// One that no browser has, so that no form of its is taken.
    pub(crate) const fn nobodys() -> Self {
        Self([0; KEY_BYTES])
    }

    /// The one that the browser has.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let key = URL_SAFE_NO_PAD.decode(cookie::read(headers, COOKIE)?).ok()?;
        key.try_into().ok().map(Self).filter(|key| *key != Self::nobodys())
    }

    /// Gives it to the browser until that is closed.
    pub(crate) fn give(&self, headers: &mut HeaderMap) {
        cookie::give(headers, COOKIE, &URL_SAFE_NO_PAD.encode(self.0), None);
    }

    /// A token for the forms of one page.
    pub(crate) fn token(&self) -> String {
        let mut salt = [0; SALT_BYTES];
        // Without random bytes the token is the same as the last one, and as good against other sites.
        let _ = rand::fill(&mut salt);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(salt), URL_SAFE_NO_PAD.encode(self.hash(&salt)))
    }

    /// Whether a token was made from this key.
    pub(crate) fn made(&self, token: &str) -> bool {
        let Some((salt, hash)) = token.split_once('.') else { return false };
        let (Ok(salt), Ok(hash)) = (URL_SAFE_NO_PAD.decode(salt), URL_SAFE_NO_PAD.decode(hash)) else {
            return false;
        };
        *self != Self::nobodys()
            && salt.len() == SALT_BYTES
            && verify_slices_are_equal(self.hash(&salt).as_ref(), &hash).is_ok()
    }

    fn hash(&self, salt: &[u8]) -> impl AsRef<[u8]> + use<> {
        let mut context = Context::new(&SHA256);
        for part in [b"jari form ", salt, &self.0[..]] {
            context.update(part);
        }
        context.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_with_its_own_key_alone() {
        let (key, other) = (FormKey::new().unwrap(), FormKey::new().unwrap());
        let token = key.token();
        assert!(key.made(&token) && !other.made(&token));
        assert_ne!(token, key.token(), "another one every time");
        let (salt, hash) = token.split_once('.').unwrap();
        for bad in ["", ".", salt, hash, &format!(".{hash}"), &format!("{salt}."), &format!("{hash}.{salt}")]
        {
            assert!(!key.made(bad), "{bad}");
        }
    }

    #[test]
    fn nobodys_key_takes_no_form() {
        assert!(!FormKey::nobodys().made(&FormKey::nobodys().token()));
    }

    #[test]
    fn the_browser_brings_back_the_key_it_was_given() {
        let key = FormKey::new().unwrap();
        let mut headers = HeaderMap::new();
        key.give(&mut headers);
        let given = headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut request = HeaderMap::new();
        request.insert("cookie", given.parse().unwrap());
        assert_eq!(FormKey::of(&request), Some(key));
        assert_eq!(FormKey::of(&HeaderMap::new()), None);
    }
}
