//! The key of a page's hold buttons: what makes a second press of the same button find the first one's hold.
//!
//! A page that shows times has one key for all of them, in an input named [`HOLD_KEY_INPUT`]: what is held is known by
//! the key, the visit, the time, the party and the area together.

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The input of a hold's form that carries the key.
pub(crate) const HOLD_KEY_INPUT: &str = "key";

/// The longest key taken: twice one of ours.
pub(crate) const LONGEST_HOLD_KEY: usize = 44;

const BYTES: usize = 16;

/// A key that no other page has: 128 random bits, as base64url.
pub(crate) fn new_hold_key() -> String {
    let mut bytes = [0; BYTES];
    // Without random bytes all keys are the same, and what is held is still told apart by the rest.
    let _ = rand::fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_pages_have_the_same_key() {
        let (one, other) = (new_hold_key(), new_hold_key());
        assert_ne!(one, other);
        assert!(one.len() == 22 && one.len() <= LONGEST_HOLD_KEY);
    }
}
