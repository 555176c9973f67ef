//! `/assets/…`: style, scripts and pictures, compiled in. A file's address has a hash of its content, so whoever has it may
//! keep it for ever, and a new version has a new address.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A file that pages link to.
#[derive(Debug)]
pub(crate) struct Asset {
    kind: &'static str,
    text: &'static str,
    address: LazyLock<String>,
}

macro_rules! assets {
    ($($constant:ident = $file:literal, $kind:literal;)+) => {
        $(
            #[doc = concat!("`", $file, "`.")]
            pub(crate) static $constant: Asset = Asset {
                kind: $kind,
                text: include_str!(concat!("../assets/", $file)),
                address: LazyLock::new(|| address_of($file, include_str!(concat!("../assets/", $file)))),
            };
        )+
        static ALL: &[&Asset] = &[$(&$constant),+];
    };
}

assets! {
    STYLE = "jari.css", "text/css; charset=utf-8";
    PAGE = "page.js", "text/javascript; charset=utf-8";
    TONIGHT = "tonight.js", "text/javascript; charset=utf-8";
    BOOKING = "booking.js", "text/javascript; charset=utf-8";
    ICON = "icon.svg", "image/svg+xml";
}

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

impl Asset {
    /// Where it is, on this site.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

/// `/assets/jari.<hash>.css`.
fn address_of(name: &str, text: &str) -> String {
    let hash = URL_SAFE_NO_PAD.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..9]);
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    format!("/assets/{stem}.{hash}.{ending}")
}

pub(crate) async fn show(Path(name): Path<String>) -> Response {
    let asked = format!("/assets/{name}");
    match ALL.iter().find(|asset| asset.address() == asked) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
                (header::CACHE_CONTROL, FOR_EVER),
            ];
            (headers, asset.text).into_response()
        }
        // Of another version, perhaps: a page from before a deployment finds its style gone and is loaded anew.
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_has_another_address() {
        assert_ne!(address_of("jari.css", "a{}"), address_of("jari.css", "b{}"));
        let parts: Vec<&str> = STYLE.address().split('.').collect();
        assert!(matches!(parts[..], ["/assets/jari", _, "css"]), "{parts:?}");
    }

    #[tokio::test]
    async fn every_asset_is_served_where_pages_look_for_it_and_kept_for_ever() {
        for asset in ALL {
            let name = asset.address().strip_prefix("/assets/").unwrap().to_owned();
            let response = show(Path(name)).await;
            assert_eq!(response.status(), StatusCode::OK, "{}", asset.address());
            assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable");
            assert_eq!(response.headers()["content-type"], asset.kind);
        }
        for gone in ["jari.css", "jari.AAAAAAAAAAAA.css", ""] {
            assert_eq!(show(Path(gone.to_owned())).await.status(), StatusCode::NOT_FOUND, "{gone}");
        }
    }
}
