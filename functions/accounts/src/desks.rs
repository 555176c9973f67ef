//! What the endpoints of accounts are opened with: each with the secrets that it needs, and no others.

use axum::extract::FromRef;
use jari_domain::Clock;
use jari_identity::{AccessSigner, BearerVerifier, DinerKey, MailTokenKey};
use jari_store::Store;
use jari_wiring::{House, OpenError};

/// Where whoever is signed in signs out. Holds no secret.
#[derive(Clone, FromRef)]
pub(crate) struct ExitDesk {
    pub(crate) store: Store,
    pub(crate) bearers: BearerVerifier,
    pub(crate) clock: Clock,
}

impl ExitDesk {
    pub(crate) fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, bearers: house.bearer_verifier()?, clock: house.clock() })
    }
}

/// Where somebody asks with an address, and a mail with a link follows.
#[derive(Clone)]
pub(crate) struct LinkDesk {
    pub(crate) store: Store,
    pub(crate) diners: DinerKey,
    pub(crate) mail_tokens: MailTokenKey,
    pub(crate) clock: Clock,
}

impl LinkDesk {
    pub(crate) async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self {
            store: house.store()?,
            diners: house.diner_key().await?,
            mail_tokens: house.mail_token_key().await?,
            clock: house.clock(),
        })
    }
}

/// Where a token that was handed out is taken for a session.
#[derive(Clone)]
pub(crate) struct TokenDesk {
    pub(crate) store: Store,
    pub(crate) signer: AccessSigner,
    pub(crate) clock: Clock,
}

impl TokenDesk {
    pub(crate) async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, signer: house.access_signer().await?, clock: house.clock() })
    }
}
