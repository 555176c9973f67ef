//! Keyed hashes: who knows the key can make or check one, who sees the hash learns nothing.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jari_domain::{AccountId, DinerId, EmailAddress, Guest};

use crate::KeyError;

/// Turns a guest's e-mail address into the id that joins their reservations, so that an address is
/// never a key in the table. Cheap to clone.
#[derive(Clone)]
pub struct DinerKey(Arc<hmac::Key>);

impl DinerKey {
    /// A key of at least 32 bytes, in base64.
    pub fn new(base64: &str) -> Result<Self, KeyError> {
        key(base64).map(Self)
    }

    /// The diner behind an address, whatever its case: 26 characters of lower-case Crockford base 32.
    #[must_use]
    pub fn diner_of_email(&self, email: &EmailAddress) -> DinerId {
        self.diner(&format!("email:{}", email.normalized()))
    }

    /// The diner that a guest is: by the address, or by the phone number where there is none. None of whom nothing is
    /// known: such guests can't be told apart.
    #[must_use]
    pub fn diner_of_guest(&self, guest: &Guest) -> Option<DinerId> {
        let by_email = guest.email.as_ref().map(|email| self.diner_of_email(email));
        by_email
            .or_else(|| guest.phone.as_ref().map(|phone| self.diner(&format!("phone:{}", phone.as_str()))))
    }

    /// What a client is counted by: its network address, or the /64 around it, of which one subscriber has a whole
    /// one in IPv6.
    #[must_use]
    pub fn mark_of_client(&self, address: IpAddr) -> String {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).to_string(),
        };
        self.diner(&format!("client:{network}")).0
    }

    /// `name` is prefixed, so that another kind of name under the same key is another diner.
    fn diner(&self, name: &str) -> DinerId {
        let tag = hmac::sign(&self.0, name.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&tag.as_ref()[..16]);
        DinerId(AccountId::derived(bytes).digits())
    }
}

impl fmt::Debug for DinerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DinerKey(…)")
    }
}

/// Seals what a list hands out as its cursor. Cheap to clone.
#[derive(Clone)]
pub struct CursorKey(Arc<hmac::Key>);

impl CursorKey {
    /// The length of a tag in bytes.
    pub const TAG_BYTES: usize = 32;

    /// A key of at least 32 bytes, in base64.
    pub fn new(base64: &str) -> Result<Self, KeyError> {
        key(base64).map(Self)
    }

    /// The tag of `content` as said in `scope`: the same content in another scope has another.
    #[must_use]
    pub fn tag(&self, scope: &str, content: &[u8]) -> [u8; Self::TAG_BYTES] {
        let mut tag = [0; Self::TAG_BYTES];
        tag.copy_from_slice(hmac::sign(&self.0, &joined(scope, content)).as_ref());
        tag
    }

    /// Whether `tag` is that of `content` in `scope`; takes the same time whatever the answer.
    #[must_use]
    pub fn verify(&self, scope: &str, content: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.0, &joined(scope, content), tag).is_ok()
    }
}

impl fmt::Debug for CursorKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CursorKey(…)")
    }
}

/// With the scope's length in front, no scope and content run together into another pair.
pub(crate) fn joined(scope: &str, content: &[u8]) -> Vec<u8> {
    let mut joined = (scope.len() as u64).to_be_bytes().to_vec();
    joined.extend_from_slice(scope.as_bytes());
    joined.extend_from_slice(content);
    joined
}

/// Shared, as the library's own clone of a key copies the state of its hash, and every route has the key.
pub(crate) fn key(base64: &str) -> Result<Arc<hmac::Key>, KeyError> {
    let bytes = STANDARD.decode(base64.trim()).map_err(|_| KeyError::NotBase64)?;
    if bytes.len() < 32 {
        return Err(KeyError::TooShort);
    }
    Ok(Arc::new(hmac::Key::new(HMAC_SHA256, &bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate_secret;

    fn diner_key(byte: u8) -> DinerKey {
        DinerKey::new(&STANDARD.encode([byte; 32])).unwrap()
    }

    #[test]
    fn one_person_is_one_diner_whatever_the_case_of_the_address() {
        let [one, same, other] = ["Minji@Example.kr", "minji@example.KR", "minho@example.kr"]
            .map(|email| diner_key(1).diner_of_email(&email.parse().unwrap()));
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert_eq!(one.0.len(), 26);
        assert!(one.0.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()));
    }

    #[test]
    fn under_another_key_the_same_address_is_another_diner() {
        let email = "minji@example.kr".parse().unwrap();
        assert_ne!(diner_key(1).diner_of_email(&email), diner_key(2).diner_of_email(&email));
    }

    #[test]
    fn a_client_is_its_network_address_and_in_ipv6_its_subscribers() {
        let mark = |address: &str| diner_key(1).mark_of_client(address.parse().unwrap());
        assert_eq!(mark("203.0.113.7"), mark("::ffff:203.0.113.7"));
        assert_ne!(mark("203.0.113.7"), mark("203.0.113.8"));
        assert_eq!(mark("2001:db8:0:1::1"), mark("2001:db8:0:1:ffff::2"));
        assert_ne!(mark("2001:db8:0:1::1"), mark("2001:db8:0:2::1"));
        assert!(!mark("203.0.113.7").contains("203"));
    }

    #[test]
    fn a_tag_is_good_for_its_content_and_scope_only() {
        let key = CursorKey::new(&generate_secret().unwrap()).unwrap();
        let tag = key.tag("restaurants", b"page 2");
        assert!(key.verify("restaurants", b"page 2", &tag));
        assert!(!key.verify("restaurants", b"page 3", &tag));
        assert!(!key.verify("reservations", b"page 2", &tag));
        assert!(!key.verify("restaurantsp", b"age 2", &tag));
        assert!(!key.verify("restaurants", b"page 2", &tag[..31]));
        let other = CursorKey::new(&generate_secret().unwrap()).unwrap();
        assert!(!other.verify("restaurants", b"page 2", &tag));
    }

    #[test]
    fn a_short_key_is_refused() {
        assert_eq!(DinerKey::new(&STANDARD.encode([1; 31])).unwrap_err(), KeyError::TooShort);
        assert_eq!(CursorKey::new("not base64!").unwrap_err(), KeyError::NotBase64);
    }
}
