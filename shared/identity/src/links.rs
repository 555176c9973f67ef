//! Link tokens: the private link in a guest's mail. Whoever holds one may see, change and cancel that
//! one reservation and nothing else.

use jari_domain::ReservationId;
use jiff::Timestamp;

use crate::tokens::{Audience, Signer, Verifier};
use crate::{KeyError, TokenError};

/// Signs link tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LinkSigner(Signer);

impl LinkSigner {
    /// A signer with a private key (PKCS#8 in base64) for a stage.
    pub fn new(pkcs8_base64: &str, issuer: &str) -> Result<Self, KeyError> {
        Signer::new(pkcs8_base64, issuer).map(Self)
    }

    /// The token of a reservation, good until `expires`, to the second.
    #[must_use]
    pub fn sign(&self, reservation: ReservationId, expires: Timestamp, now: Timestamp) -> String {
        self.0.sign(Audience::Reservation, reservation, expires, now)
    }
}

/// Verifies link tokens; holds no secret. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LinkVerifier(Verifier);

impl LinkVerifier {
    /// A verifier with the public keys (a JWK set) of a stage.
    pub fn new(jwks_json: &str, issuer: &str) -> Result<Self, KeyError> {
        Verifier::new(jwks_json, issuer).map(Self)
    }

    /// The reservation a token stands for, if it is ours and good at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<ReservationId, TokenError> {
        self.0.verify(Audience::Reservation, token, now)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jiff::ToSpan;
    use serde_json::{Value, json};

    use super::*;
    use crate::{VisitSigner, generate_signing_key};

    struct Desk {
        signer: LinkSigner,
        verifier: LinkVerifier,
        private: String,
        public: String,
        now: Timestamp,
        reservation: ReservationId,
    }

    fn desk() -> Desk {
        let (private, public) = generate_signing_key().unwrap();
        let now: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
        Desk {
            signer: LinkSigner::new(&private, "test").unwrap(),
            verifier: LinkVerifier::new(&public, "test").unwrap(),
            now,
            reservation: ReservationId::new(now, [7; 10]),
            private,
            public,
        }
    }

    impl Desk {
        fn token(&self) -> String {
            self.signer.sign(self.reservation, self.now + 1.hour(), self.now)
        }

        fn kid(&self) -> String {
            let keys: Value = serde_json::from_str(&self.public).unwrap();
            keys["keys"][0]["kid"].as_str().unwrap().to_owned()
        }

        fn claims(&self) -> Value {
            json!({ "iss": "test", "aud": "reservation", "sub": self.reservation.to_string(),
                    "exp": self.now.as_second() + 60 })
        }

        /// A token of any header and claims, properly signed by our key.
        fn forge(&self, header: &Value, claims: &Value) -> String {
            let pair = crate::keys::key_pair(&self.private).unwrap();
            let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
            let signature = URL_SAFE_NO_PAD.encode(pair.sign(message.as_bytes()));
            format!("{message}.{signature}")
        }
    }

    #[test]
    fn a_token_stands_for_its_reservation_until_its_last_second() {
        let desk = desk();
        let token = desk.token();
        assert_eq!(desk.verifier.verify(&token, desk.now), Ok(desk.reservation));
        assert_eq!(desk.verifier.verify(&token, desk.now + 3599.seconds()), Ok(desk.reservation));
        assert_eq!(desk.verifier.verify(&token, desk.now + 1.hour()), Err(TokenError::Expired));
    }

    #[test]
    fn a_token_with_any_character_altered_is_refused() {
        let desk = desk();
        let token = desk.token();
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(desk.verifier.verify(&altered, desk.now), Err(TokenError::Invalid), "at {at}");
        }
    }

    #[test]
    fn a_token_signed_by_another_key_is_refused() {
        let (desk, other) = (desk(), desk());
        assert_eq!(desk.verifier.verify(&other.token(), desk.now), Err(TokenError::Invalid));
        // Even under our key's name.
        let forged = other.forge(&json!({ "alg": "EdDSA", "kid": desk.kid() }), &desk.claims());
        assert_eq!(desk.verifier.verify(&forged, desk.now), Err(TokenError::Invalid));
    }

    #[test]
    fn a_token_without_a_signature_is_refused() {
        let desk = desk();
        for alg in ["none", "None", "NONE"] {
            let message = [json!({ "alg": alg, "kid": desk.kid() }), desk.claims()]
                .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()))
                .join(".");
            for token in [format!("{message}."), message.clone(), format!("{message}.AAAA")] {
                assert_eq!(desk.verifier.verify(&token, desk.now), Err(TokenError::Invalid));
            }
        }
    }

    #[test]
    fn the_public_key_is_no_hmac_secret() {
        let desk = desk();
        let keys: Value = serde_json::from_str(&desk.public).unwrap();
        let public = URL_SAFE_NO_PAD.decode(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
        for secret in [public.as_slice(), desk.public.as_bytes()] {
            let message = [json!({ "alg": "HS256", "kid": desk.kid() }), desk.claims()]
                .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()))
                .join(".");
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
            let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
            let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag));
            assert_eq!(desk.verifier.verify(&token, desk.now), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn a_token_of_another_stage_is_refused() {
        let desk = desk();
        let elsewhere = LinkSigner::new(&desk.private, "prod").unwrap();
        let token = elsewhere.sign(desk.reservation, desk.now + 1.hour(), desk.now);
        assert_eq!(desk.verifier.verify(&token, desk.now), Err(TokenError::Invalid));
    }

    #[test]
    fn a_token_for_another_purpose_is_refused() {
        let desk = desk();
        let visits = VisitSigner::new(&desk.private, "test").unwrap();
        let token = visits.sign(jari_domain::VisitId::new(desk.now, [1; 10]), desk.now);
        assert_eq!(desk.verifier.verify(&token, desk.now), Err(TokenError::Invalid));
        // And one that names our purpose among others.
        let mut claims = desk.claims();
        claims["aud"] = json!(["reservation", "visit"]);
        let header = json!({ "alg": "EdDSA", "kid": desk.kid() });
        assert_eq!(desk.verifier.verify(&desk.forge(&header, &claims), desk.now), Err(TokenError::Invalid));
    }

    #[test]
    fn every_claim_and_the_keys_name_are_required() {
        let desk = desk();
        let header = json!({ "alg": "EdDSA", "kid": desk.kid() });
        assert!(desk.verifier.verify(&desk.forge(&header, &desk.claims()), desk.now).is_ok());
        for claim in ["iss", "aud", "sub", "exp"] {
            let mut claims = desk.claims();
            claims.as_object_mut().unwrap().remove(claim);
            let token = desk.forge(&header, &claims);
            assert_eq!(desk.verifier.verify(&token, desk.now), Err(TokenError::Invalid), "{claim}");
        }
        for header in [json!({ "alg": "EdDSA" }), json!({ "alg": "EdDSA", "kid": "other" })] {
            let token = desk.forge(&header, &desk.claims());
            assert_eq!(desk.verifier.verify(&token, desk.now), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn a_subject_that_is_no_reservation_is_refused() {
        let desk = desk();
        let mut claims = desk.claims();
        claims["sub"] = json!("rst_00000000000000000000000000");
        let token = desk.forge(&json!({ "alg": "EdDSA", "kid": desk.kid() }), &claims);
        assert_eq!(desk.verifier.verify(&token, desk.now), Err(TokenError::Invalid));
    }

    #[test]
    fn nonsense_is_refused() {
        let desk = desk();
        for token in ["", ".", "..", "a.b.c", "🍜", &"A".repeat(100_000)] {
            assert_eq!(desk.verifier.verify(token, desk.now), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn while_keys_are_rotated_tokens_of_both_are_good() {
        let (old, new) = (desk(), desk());
        let [mut both, more] =
            [&old.public, &new.public].map(|set| serde_json::from_str::<Value>(set).unwrap());
        both["keys"].as_array_mut().unwrap().extend(more["keys"].as_array().unwrap().clone());
        let verifier = LinkVerifier::new(&both.to_string(), "test").unwrap();
        assert!(verifier.verify(&old.token(), old.now).is_ok());
        assert!(verifier.verify(&new.token(), new.now).is_ok());
    }

    #[test]
    fn a_key_set_of_anything_else_is_refused() {
        for set in [
            "",
            "{}",
            r#"{"keys":[]}"#,
            r#"{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}"#,
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA"}]}"#,
        ] {
            assert_eq!(LinkVerifier::new(set, "test").unwrap_err(), KeyError::NotKeySet, "{set}");
        }
    }

    #[test]
    fn no_key_is_shown_when_debugged() {
        let desk = desk();
        assert_eq!(format!("{:?}", desk.signer), r#"LinkSigner(Signer { issuer: "test", .. })"#);
    }
}
