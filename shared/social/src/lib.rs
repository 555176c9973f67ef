//! Sign-in with Google, Kakao and Naver: where to send somebody, and who came back.
//!
//! `OpenID` Connect with PKCE, state and nonce through `openidconnect` and `oauth2`; the HTTP client is
//! the AWS SDK's, bounded in time and size. Nothing is stored here: whoever calls keeps a [`Start`]'s
//! secrets under the state until the callback, once, and hands them back as a [`Pending`].
//!
//! Only an address that the provider vouches for ([`SocialProfile::email_verified`]) may ever lead to
//! an account that exists: anybody can type another's address at a provider that does not check it.

mod code_exchange;
mod configuration;
mod error;
mod id_token;
mod key_set;
mod outgoing;
mod provider;
mod sign_in;
mod user_info;

pub use configuration::ProvidersError;
pub use error::{Mismatch, SocialError, Trouble};
pub use provider::{Provider, UnknownProvider};
pub use sign_in::{Pending, Providers, SocialProfile, Start};
