//! A provider on this machine: it consents for somebody, gives tokens for codes once, signs ID tokens
//! with real keys, and misbehaves when told to.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use aws_lc_rs::{digest, hmac};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jari_social::{Pending, Provider, Providers, SocialError, SocialProfile};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const CLIENT_ID: &str = "jari-at-provider";
pub(crate) const CLIENT_SECRET: &str = "kept-by-us-and-the-provider";
pub(crate) const COME_BACK: &str = "https://jari.example/sign-in/google/callback";
pub(crate) const ACCESS_TOKEN: &str = "access-token-of-minji";

pub(crate) static RSA: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
pub(crate) static EC: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());
pub(crate) static STRANGERS_EC: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());

pub(crate) fn now() -> Timestamp {
    "2026-12-01T10:00:00Z".parse().unwrap()
}

/// What is wrong with a route.
#[derive(Clone, Copy)]
pub(crate) enum Wrong {
    NoAnswer,
    NoEnd,
    Huge,
    Redirect,
    Status(u16),
    NotJson,
}

type Mint = Box<dyn Fn(Value) -> String + Send>;

struct Grant {
    challenge: String,
    redirect_uri: String,
    nonce: Option<String>,
    state: String,
}

struct Inner {
    address: String,
    kind: Provider,
    person: Value,
    profile: Value,
    codes: HashMap<String, Grant>,
    mint: Mint,
    wrong: HashMap<&'static str, Wrong>,
    /// Requests for the keys, and for where nobody should go.
    asked: HashMap<&'static str, usize>,
}

#[derive(Clone)]
pub(crate) struct TestProvider(Arc<Mutex<Inner>>);

impl TestProvider {
    /// Opens one that behaves as `kind` does.
    pub(crate) async fn open(kind: Provider) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let person = match kind {
            Provider::Google => json!({ "sub": "110169484474386276334", "name": "김민지",
                "email": "minji@example.kr", "email_verified": true, "picture": "https://p.example/1" }),
            Provider::Kakao => json!({ "sub": "2310169484", "nickname": "민지", "auth_time": 1_796_000_000,
                "email": "minji@example.kr" }),
            Provider::Naver => Value::Null,
        };
        let profile = match kind {
            Provider::Naver => json!({ "resultcode": "00", "message": "success", "response": {
                "id": "32742776", "nickname": "밍", "name": "김민지", "email": "minji@example.kr" } }),
            _ => json!({ "sub": "2310169484", "nickname": "민지", "email": "minji@example.kr",
                "email_verified": true }),
        };
        let provider = Self(Arc::new(Mutex::new(Inner {
            address,
            kind,
            person,
            profile,
            codes: HashMap::new(),
            mint: Box::new(|claims| rs256("rsa-1", &claims)),
            wrong: HashMap::new(),
            asked: HashMap::new(),
        })));
        let router = Router::new()
            .route("/token", post(token))
            .route("/keys", get(keys))
            .route("/me", get(me))
            .route("/elsewhere", get(elsewhere).post(elsewhere))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub(crate) fn configuration(&self) -> Value {
        let Inner { address, kind, .. } = &*self.0.lock().unwrap();
        let mut entry = json!({
            "clientId": CLIENT_ID,
            "clientSecret": CLIENT_SECRET,
            "authorizationEndpoint": format!("{address}/authorize"),
            "tokenEndpoint": format!("{address}/token"),
        });
        if *kind != Provider::Naver {
            entry["issuer"] = json!(address);
            entry["jwksUri"] = json!(format!("{address}/keys"));
        }
        if *kind != Provider::Google {
            entry["userInfoEndpoint"] = json!(format!("{address}/me"));
        }
        json!({ kind.as_str(): entry })
    }

    pub(crate) fn configured(&self) -> Providers {
        Providers::from_json(&self.configuration().to_string()).unwrap()
    }

    /// Changes what is said of the person in ID tokens.
    pub(crate) fn person(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.0.lock().unwrap().person);
    }

    /// Changes what is said of the person in their profile.
    pub(crate) fn profile(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.0.lock().unwrap().profile);
    }

    /// Makes ID tokens of claims in another way.
    pub(crate) fn mint(&self, mint: impl Fn(Value) -> String + Send + 'static) {
        self.0.lock().unwrap().mint = Box::new(mint);
    }

    /// Makes a route misbehave: `token`, `keys` or `me`.
    pub(crate) fn go_wrong(&self, route: &'static str, wrong: Wrong) {
        self.0.lock().unwrap().wrong.insert(route, wrong);
    }

    pub(crate) fn asked(&self, route: &'static str) -> usize {
        self.0.lock().unwrap().asked.get(route).copied().unwrap_or_default()
    }

    /// What somebody who consents on the page at `url` comes back with.
    pub(crate) fn consent(&self, url: &str) -> String {
        let query: HashMap<String, String> =
            url::Url::parse(url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT_ID);
        assert_eq!(query["code_challenge_method"], "S256");
        let mut inner = self.0.lock().unwrap();
        let code = format!("code-{}", inner.codes.len());
        let grant = Grant {
            challenge: query["code_challenge"].clone(),
            redirect_uri: query["redirect_uri"].clone(),
            nonce: query.get("nonce").cloned(),
            state: query["state"].clone(),
        };
        inner.codes.insert(code.clone(), grant);
        code
    }

    /// A whole sign-in, at [`now`].
    pub(crate) async fn sign_in(&self, providers: &Providers) -> Result<SocialProfile, SocialError> {
        let (code, pending) = self.come_back(providers);
        providers.finish(self.kind(), &code, COME_BACK, &pending, now()).await
    }

    /// A sign-in up to the callback.
    pub(crate) fn come_back(&self, providers: &Providers) -> (String, Pending) {
        let start = providers.start(self.kind(), COME_BACK).unwrap();
        (self.consent(&start.url), start.pending())
    }

    fn kind(&self) -> Provider {
        self.0.lock().unwrap().kind
    }

    fn ask(&self, route: &'static str) -> Option<Wrong> {
        let mut inner = self.0.lock().unwrap();
        *inner.asked.entry(route).or_default() += 1;
        inner.wrong.get(route).copied()
    }
}

async fn misbehave(wrong: Wrong) -> Response {
    match wrong {
        Wrong::NoAnswer => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            StatusCode::OK.into_response()
        }
        Wrong::NoEnd => {
            let bytes = axum::body::Bytes::from_static(b"{");
            let drops = std::iter::repeat_with(move || bytes.clone());
            Response::new(Body::new(Dripping(Box::new(drops), Box::pin(tokio::time::sleep(Duration::ZERO)))))
        }
        Wrong::Huge => Json(json!({ "access_token": "x".repeat(300 * 1024) })).into_response(),
        Wrong::Redirect => Redirect::temporary("/elsewhere").into_response(),
        Wrong::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Wrong::NotJson => "<html>".into_response(),
    }
}

/// A body of a byte a second.
struct Dripping(Box<dyn Iterator<Item = axum::body::Bytes> + Send>, std::pin::Pin<Box<tokio::time::Sleep>>);

impl axum::body::HttpBody for Dripping {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::ready!(self.1.as_mut().poll(context));
        self.1 = Box::pin(tokio::time::sleep(Duration::from_secs(1)));
        std::task::Poll::Ready(self.0.next().map(|bytes| Ok(http_body::Frame::data(bytes))))
    }
}

async fn token(State(provider): State<TestProvider>, Form(form): Form<HashMap<String, String>>) -> Response {
    if let Some(wrong) = provider.ask("token") {
        return misbehave(wrong).await;
    }
    let mut inner = provider.0.lock().unwrap();
    let naver = inner.kind == Provider::Naver;
    let refuse = |error: &str| {
        let status = if naver { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        let body = json!({ "error": error, "error_description": "code of minji@example.kr" });
        (status, Json(body)).into_response()
    };
    if form["client_id"] != CLIENT_ID || form["client_secret"] != CLIENT_SECRET {
        return refuse("invalid_client");
    }
    let grant = inner.codes.remove(&form["code"]);
    let challenge = BASE64.encode(digest::digest(&digest::SHA256, form["code_verifier"].as_bytes()));
    let Some(grant) = grant.filter(|grant| {
        grant.challenge == challenge
            && grant.redirect_uri == form["redirect_uri"]
            && (!naver || grant.state == form["state"])
    }) else {
        return refuse(if naver { "invalid_request" } else { "invalid_grant" });
    };
    if naver {
        return Json(json!({ "access_token": ACCESS_TOKEN, "refresh_token": "r", "token_type": "bearer",
            "expires_in": "3600" }))
        .into_response();
    }
    let seconds = now().as_second();
    let mut claims = json!({ "iss": inner.address, "aud": CLIENT_ID, "iat": seconds, "exp": seconds + 3600,
        "nonce": grant.nonce });
    claims.as_object_mut().unwrap().extend(inner.person.as_object().unwrap().clone());
    Json(json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 3600,
        "id_token": (inner.mint)(claims) }))
    .into_response()
}

async fn keys(State(provider): State<TestProvider>) -> Response {
    if let Some(wrong) = provider.ask("keys") {
        return misbehave(wrong).await;
    }
    // PKCS#1: nine bytes of lengths, the modulus, an exponent of 65537.
    let modulus = &RSA.public_key().as_ref()[9..][..RSA.public_modulus_len()];
    // 4, x, y
    let point = EC.public_key().as_ref();
    Json(json!({ "keys": [
        { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "rsa-1", "n": BASE64.encode(modulus),
          "e": "AQAB" },
        { "kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": "ec-1",
          "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]) },
        { "kty": "something-new", "kid": "new-1" },
    ] }))
    .into_response()
}

async fn me(State(provider): State<TestProvider>, headers: HeaderMap) -> Response {
    if let Some(wrong) = provider.ask("me") {
        return misbehave(wrong).await;
    }
    if headers[header::AUTHORIZATION] != format!("Bearer {ACCESS_TOKEN}") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(provider.0.lock().unwrap().profile.clone()).into_response()
}

async fn elsewhere(State(provider): State<TestProvider>) -> StatusCode {
    provider.ask("elsewhere");
    StatusCode::OK
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

pub(crate) fn rs256(kid: &str, claims: &Value) -> String {
    let message = message(&json!({ "alg": "RS256", "typ": "JWT", "kid": kid }), claims);
    let mut signature = vec![0; RSA.public_modulus_len()];
    RSA.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", BASE64.encode(signature))
}

pub(crate) fn es256(key: &EcdsaKeyPair, kid: &str, claims: &Value) -> String {
    let message = message(&json!({ "alg": "ES256", "typ": "JWT", "kid": kid }), claims);
    let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", BASE64.encode(signature))
}

pub(crate) fn unsigned(claims: &Value) -> String {
    format!("{}.", message(&json!({ "alg": "none", "typ": "JWT" }), claims))
}

pub(crate) fn hs256(key: &[u8], kid: &str, claims: &Value) -> String {
    let message = message(&json!({ "alg": "HS256", "typ": "JWT", "kid": kid }), claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message.as_bytes());
    format!("{message}.{}", BASE64.encode(tag))
}
