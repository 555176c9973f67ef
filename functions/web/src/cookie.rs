//! The pages' cookies. All are `__Host-`: of this very host and no other, over a safe connection, out of scripts' reach.

use axum::http::{HeaderMap, HeaderValue, header};

/// The first cookie of that name. A later one of the same name can only come from a less specific path, and `__Host-`
/// has but one.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(other, value)| (other == name).then_some(value))
}

/// Gives a cookie, for so many seconds or until the browser is closed.
pub(crate) fn give(headers: &mut HeaderMap, name: &str, value: &str, seconds: Option<i64>) {
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let cookie = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        headers.append(header::SET_COOKIE, cookie);
    } else {
        tracing::error!(name, "a cookie's value can't stand in a header");
    }
}

/// Takes a cookie away.
pub(crate) fn take_away(headers: &mut HeaderMap, name: &str) {
    give(headers, name, "", Some(0));
}

/// Whether an answer gives, or takes away, the cookie of that name.
pub(crate) fn is_told(headers: &HeaderMap, name: &str) -> bool {
    let of_name = |value: &HeaderValue| {
        value
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with('='))
    };
    headers.get_all(header::SET_COOKIE).iter().any(of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_not_by_a_part_of_its_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("x-a=1; a=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=3"));
        assert_eq!(
            (read(&headers, "a"), read(&headers, "b"), read(&headers, "c")),
            (Some("2"), Some("3"), None)
        );
    }

    #[test]
    fn a_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let mut headers = HeaderMap::new();
        give(&mut headers, "__Host-a", "1", Some(60));
        assert_eq!(headers["set-cookie"], "__Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
        assert!(is_told(&headers, "__Host-a") && !is_told(&headers, "__Host-"));
    }
}
