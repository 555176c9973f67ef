//! The endpoints of accounts: signing up, signing in, and what keeps a sign-in going.

mod desks;
pub mod finish_social_sign_in;
pub mod list_sign_in_providers;
mod provider_in_path;
pub mod refresh_session;
mod refusal;
pub mod request_password_reset;
pub mod reset_password;
mod session;
pub mod sign_in;
pub mod sign_out;
pub mod sign_out_everywhere;
pub mod sign_up;
pub mod start_social_sign_in;
pub mod verify_email;

use jari_wiring::Endpoint;

/// The longest token of ours fits, and no more.
const LONGEST_TOKEN: usize = 200;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[
    sign_up::ENDPOINT,
    verify_email::ENDPOINT,
    sign_in::ENDPOINT,
    refresh_session::ENDPOINT,
    sign_out::ENDPOINT,
    sign_out_everywhere::ENDPOINT,
    request_password_reset::ENDPOINT,
    reset_password::ENDPOINT,
    list_sign_in_providers::ENDPOINT,
    start_social_sign_in::ENDPOINT,
    finish_social_sign_in::ENDPOINT,
];
