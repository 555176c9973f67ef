//! Cookies as they come with a request.

use axum::http::{HeaderMap, header};

/// The first cookie of that name. A later one of the same name can only come from a less specific
/// path, and `__Host-` has but one.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(other, value)| (other == name).then_some(value))
}
