//! [`KeySet`]: the keys a provider signs ID tokens with, fetched when first needed and kept for an
//! hour. A key nobody has seen makes it fetched again, at most once a minute: whoever shows us tokens
//! of made-up keys does not make us ask the provider each time.

use std::time::Duration;

use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::{DiscoveryError, JsonWebKeySetUrl};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::Trouble;
use crate::outgoing::Outgoing;

const KEPT: Duration = Duration::from_hours(1);
const NOT_AGAIN_WITHIN: Duration = Duration::from_mins(1);
/// Google has three at a time, Kakao two.
const MOST_KEYS: usize = 32;

pub(crate) struct KeySet {
    url: JsonWebKeySetUrl,
    /// Held while fetching, so that many who come at once ask once.
    fetched: Mutex<Option<Fetched>>,
}

struct Fetched {
    keys: CoreJsonWebKeySet,
    at: Instant,
}

impl KeySet {
    /// Nothing is fetched yet.
    pub(crate) fn new(url: JsonWebKeySetUrl) -> Self {
        Self { url, fetched: Mutex::new(None) }
    }

    /// The keys, at most an hour old.
    pub(crate) async fn keys(&self, outgoing: &Outgoing) -> Result<CoreJsonWebKeySet, Trouble> {
        self.younger_than(KEPT, outgoing).await
    }

    /// The keys after one was missing among those we had: fetched again unless that was just done.
    pub(crate) async fn keys_anew(&self, outgoing: &Outgoing) -> Result<CoreJsonWebKeySet, Trouble> {
        self.younger_than(NOT_AGAIN_WITHIN, outgoing).await
    }

    async fn younger_than(&self, age: Duration, outgoing: &Outgoing) -> Result<CoreJsonWebKeySet, Trouble> {
        let mut fetched = self.fetched.lock().await;
        if let Some(fetched) = &*fetched
            && fetched.at.elapsed() < age
        {
            return Ok(fetched.keys.clone());
        }
        let keys =
            CoreJsonWebKeySet::fetch_async(&self.url, outgoing).await.map_err(|error| match error {
                DiscoveryError::Request(trouble) => trouble,
                DiscoveryError::Response(status, ..) if status != http::StatusCode::OK => {
                    Trouble::Status(status.as_u16())
                }
                _ => Trouble::Unreadable,
            })?;
        if keys.keys().len() > MOST_KEYS {
            return Err(Trouble::TooLarge);
        }
        *fetched = Some(Fetched { keys: keys.clone(), at: Instant::now() });
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Json;
    use axum::routing::get;
    use serde_json::{Value, json};

    use super::*;

    const TEST_KEYS: usize = 2;

    fn key(kid: usize) -> Value {
        json!({ "kty": "RSA", "kid": kid.to_string(), "n": "AQAB", "e": "AQAB" })
    }

    /// A set of so many keys, and how often it was fetched.
    async fn open(keys: usize) -> (KeySet, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        let answer = get(async move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Json(json!({ "keys": (0..keys).map(key).collect::<Vec<_>>() }))
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, axum::Router::new().route("/", answer)).await });
        (KeySet::new(JsonWebKeySetUrl::new(url).unwrap()), asked)
    }

    async fn age(set: &KeySet, by: Duration) {
        set.fetched.lock().await.as_mut().unwrap().at -= by;
    }

    #[tokio::test]
    async fn keys_are_kept_an_hour() {
        let (set, asked) = open(TEST_KEYS).await;
        let outgoing = Outgoing::new().unwrap();
        assert_eq!(set.keys(&outgoing).await.unwrap().keys().len(), TEST_KEYS);
        age(&set, KEPT.checked_sub(Duration::from_secs(10)).unwrap()).await;
        set.keys(&outgoing).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        age(&set, Duration::from_secs(11)).await;
        set.keys(&outgoing).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_key_that_is_missing_is_looked_for_again_once_a_minute() {
        let (set, asked) = open(TEST_KEYS).await;
        let outgoing = Outgoing::new().unwrap();
        set.keys(&outgoing).await.unwrap();
        set.keys_anew(&outgoing).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        age(&set, NOT_AGAIN_WITHIN).await;
        set.keys_anew(&outgoing).await.unwrap();
        set.keys_anew(&outgoing).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_set_of_more_keys_than_a_provider_has_is_not_kept() {
        let (set, _) = open(MOST_KEYS + 1).await;
        assert_eq!(set.keys(&Outgoing::new().unwrap()).await, Err(Trouble::TooLarge));
        assert!(set.fetched.lock().await.is_none());
    }
}
