//! What the house answered: status, headers, JSON, and the parts of it that tests ask for again and again.

use jari_domain::ReservationId;
use reqwest::{RequestBuilder, header::HeaderMap};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, if it is JSON.
    pub json: Value,
    /// The body as it came.
    pub text: String,
}

/// What a guest keeps of a booking: enough to look, change and cancel.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Which reservation.
    pub id: ReservationId,
    /// The bearer for it.
    pub token: String,
}

impl Answer {
    /// Sends a request and reads the answer.
    pub async fn to(request: RequestBuilder) -> Self {
        Self::if_any(request).await.expect("the house answers, to the end")
    }

    /// The same; none when the house does not answer, or not to the end.
    pub async fn if_any(request: RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let json = serde_json::from_str(&text).unwrap_or_default();
        Ok(Self { status, headers, json, text })
    }

    /// It, if it has that status; else the test ends and shows it.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// It, if it is a problem of that status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
        assert_eq!(self.json["status"], status, "{}", self.text);
        for member in ["type", "title", "requestId"] {
            assert!(
                self.json[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member}: {}",
                self.text
            );
        }
        self
    }

    /// The problem's code; empty if it is none.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The bad fields' pointers and codes, sorted.
    pub fn bad_fields(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let errors = self.json["errors"].as_array().into_iter().flatten();
        let mut bad: Vec<_> = errors.map(|error| (text(&error["pointer"]), text(&error["code"]))).collect();
        bad.sort();
        bad
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The reservation's status.
    #[track_caller]
    pub fn reservation_status(&self) -> &str {
        self.json["status"].as_str().unwrap_or_else(|| panic!("no reservation: {}", self.text))
    }

    /// The reservation's id.
    #[track_caller]
    pub fn id(&self) -> ReservationId {
        let id = self.json["id"].as_str().and_then(|id| id.parse().ok());
        id.unwrap_or_else(|| panic!("no reservation: {}", self.text))
    }

    /// What a guest keeps of a 201.
    #[track_caller]
    pub fn ticket(&self) -> Ticket {
        let token = self.json["linkToken"].as_str();
        let token = token.unwrap_or_else(|| panic!("no token: {}", self.text)).to_owned();
        Ticket { id: self.id(), token }
    }

    /// The times a lost slot offers instead.
    pub fn alternatives(&self) -> Vec<&str> {
        let alternatives = self.json["alternatives"].as_array().into_iter().flatten();
        alternatives.filter_map(|alternative| alternative["startsAt"].as_str()).collect()
    }
}
