//! Tokens: of what was given out, anything that is not exactly that is refused, and so is one for another purpose, or made up.
//! The input is how a good one is altered.
#![no_main]
#![allow(dead_code, reason = "part of a file of the pages")]

use std::sync::OnceLock;

use jari_domain::{AccountId, DinerId, ReservationId, SessionId, VisitId};
use jari_identity::{
    Access, AccessSigner, AccessVerifier, BearerVerifier, LinkSigner, LinkVerifier, RefreshToken,
    VisitSigner, VisitVerifier, generate_signing_key, jwks_of, parse_mail_token,
};
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;

#[allow(unused_imports, reason = "its tests are not run here")]
#[path = "../../../functions/web/src/form_token.rs"]
mod form_token;

/// What the pages' file takes from its crate; a cookie is not what is tried here.
mod cookie {
    pub(crate) use jari_api::cookie as read_cookie;

    pub(crate) fn read<'a>(headers: &'a axum::http::HeaderMap, name: &str) -> Option<&'a str> {
        read_cookie(headers, name)
    }

    pub(crate) fn give(_: &mut axum::http::HeaderMap, _: &str, _: &str, _: Option<i64>) {}
}

struct Given {
    access: AccessVerifier,
    links: LinkVerifier,
    visits: VisitVerifier,
    bearers: BearerVerifier,
    form: form_token::FormKey,
    /// One of each: access, link, visit, refresh, form.
    tokens: [String; 5],
}

const ISSUER: &str = "jari-fuzz";

fn now() -> Timestamp {
    Timestamp::from_second(1_796_086_800).expect("in range")
}

fn given() -> &'static Given {
    static GIVEN: OnceLock<Given> = OnceLock::new();
    GIVEN.get_or_init(|| {
        let (private, _) = generate_signing_key().expect("a key");
        let jwks = jwks_of(&private).expect("its public half");
        let account = AccountId::new(now(), [1; 10]);
        let session = SessionId::new(now(), [2; 10]);
        let diner = DinerId(account.digits());
        let access = Access { account, diner, platform: None, session, generation: 3 };
        let form = form_token::FormKey::new().expect("random bytes");
        let month = SignedDuration::from_hours(720);
        Given {
            tokens: [
                AccessSigner::new(&private, ISSUER).expect("a key").sign(&access, now()),
                LinkSigner::new(&private, ISSUER).expect("a key").sign(
                    ReservationId::new(now(), [4; 10]),
                    now() + month,
                    now(),
                ),
                VisitSigner::new(&private, ISSUER).expect("a key").sign(VisitId::new(now(), [5; 10]), now()),
                RefreshToken::new(account, session).expect("random bytes").expose(),
                form.token(),
            ],
            access: AccessVerifier::new(&jwks, ISSUER).expect("keys"),
            links: LinkVerifier::new(&jwks, ISSUER).expect("keys"),
            visits: VisitVerifier::new(&jwks, ISSUER).expect("keys"),
            bearers: BearerVerifier::new(&jwks, ISSUER).expect("keys"),
            form,
        }
    })
}

/// A token with pieces of it overwritten, cut out or put in, as the input says: place, how, byte.
fn altered(token: &str, edits: &[u8]) -> String {
    let mut bytes = token.as_bytes().to_vec();
    for edit in edits.chunks_exact(4).take(8) {
        let at = usize::from(u16::from_be_bytes([edit[0], edit[1]])) % (bytes.len() + 1);
        match edit[2] % 4 {
            0 if at < bytes.len() => bytes[at] = edit[3],
            1 => bytes.insert(at, edit[3]),
            2 => bytes.truncate(at),
            _ if at < bytes.len() => drop(bytes.remove(at)),
            _ => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fuzz_target!(|data: &[u8]| {
    let Some((which, edits)) = data.split_first() else { return };
    let given = given();
    let kind = usize::from(*which) % 6;
    // The sixth is made up wholly.
    let token = given
        .tokens
        .get(kind)
        .map_or_else(|| String::from_utf8_lossy(edits).into_owned(), |token| altered(token, edits));
    let is_as_given = |of: usize| given.tokens[of] == token;
    assert_eq!(given.access.verify(&token, now()).is_ok(), is_as_given(0));
    assert_eq!(given.links.verify(&token, now()).is_ok(), is_as_given(1));
    assert_eq!(given.visits.verify(&token, now()).is_ok(), is_as_given(2));
    assert_eq!(given.bearers.verify(&token, now()).is_ok(), is_as_given(0) || is_as_given(1));
    assert_eq!(given.form.made(&token), is_as_given(4));
    // Only the table knows whether a refresh token is good; but one has one form.
    if let Ok(refresh) = token.parse::<RefreshToken>() {
        assert_eq!(refresh.expose(), token);
    }
    let _ = parse_mail_token(&token);
});
