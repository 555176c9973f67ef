//! The first page: what this is, and who takes reservations.

use askama::Template;
use axum::{
    Router,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::Response,
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_domain::{Language, Profile};
use jari_operations::{Filter, list_restaurants};
use jari_store::{ListPosition, StoreError};

use crate::{
    Desk,
    page::{Frame, Told, answer},
    trouble::{Trouble, TroublePage},
    visitor::{Visitor, query},
    words::{area, cuisine},
};

const RESTAURANTS_A_PAGE: usize = 24;
/// The longest `after` read; a position is far shorter.
const LONGEST_AFTER: usize = 1024;

#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    pub(crate) frame: Frame,
    pub(crate) restaurants: Vec<Card>,
    /// The next page's address.
    pub(crate) more: Option<String>,
    pub(crate) is_first: bool,
}

pub(crate) struct Card {
    name: Told,
    description: Told,
    area: String,
    cuisines: String,
}

/// Where in the list to begin. Not sealed as the API's cursors are, since this function holds no secret: whoever makes
/// one up only begins elsewhere in a public list. What is none begins at the first.
pub(crate) struct After(Option<ListPosition>);

impl<S: Sync> FromRequestParts<S> for After {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let text = query(parts.uri.query(), "after").filter(|text| text.len() <= LONGEST_AFTER);
        let json = text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        Ok(Self(json.and_then(|json| serde_json::from_slice(&json).ok())))
    }
}

/// The address of the page that begins after `position`.
fn address(position: &ListPosition) -> Option<String> {
    let json = serde_json::to_vec(position).ok()?;
    Some(format!("/?after={}", URL_SAFE_NO_PAD.encode(json)))
}

pub(crate) fn routes() -> Router<Desk> {
    Router::new().route("/", get(show))
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    After(after): After,
) -> Result<Response, TroublePage> {
    let language = visitor.language(None);
    let here = after.as_ref().and_then(address);
    let page = list_restaurants(&desk.booking.store, &Filter::default(), after, RESTAURANTS_A_PAGE)
        .await
        .map_err(|error| {
            visitor.trouble(match error {
                // The table takes no such key: a position that nobody gave.
                StoreError::Rejected(_) if here.is_some() => Trouble::NoPage,
                error => Trouble::of_store(&error),
            })
        })?;
    let home = Home {
        frame: visitor.frame(),
        restaurants: page.restaurants.iter().map(|listed| Card::new(&listed.profile, language)).collect(),
        more: page.next.as_ref().and_then(address),
        is_first: here.is_none(),
    };
    Ok(answer(StatusCode::OK, &home.frame, &home))
}

impl Card {
    pub(crate) fn new(profile: &Profile, language: Language) -> Self {
        let cuisines: Vec<String> = profile.cuisines.iter().map(|key| cuisine(key, language)).collect();
        Self {
            name: Told::of(&profile.name, language),
            description: Told::of(&profile.description, language),
            area: area(&profile.area, language),
            cuisines: cuisines.join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn after(uri: &str) -> Option<ListPosition> {
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let Ok(After(position)) = After::from_request_parts(&mut parts, &()).await;
        position
    }

    #[tokio::test]
    async fn the_next_pages_address_leads_to_its_place_and_a_made_up_one_to_the_first() {
        let json =
            r#"{"id":"rst_01jar100000000000000000001","name":"무쇠와 나물#01jar100000000000000000001"}"#;
        let position: ListPosition = serde_json::from_str(json).unwrap();
        let address = address(&position).unwrap();
        assert_eq!(after(&address).await, Some(position.clone()));
        assert_eq!(after(&format!("{address}&lang=ko")).await, Some(position));
        for made_up in
            ["/", "/?after=", "/?after=e30", "/?after=%FF", &format!("/?after={}", "A".repeat(2000))]
        {
            assert_eq!(after(made_up).await, None, "{made_up}");
        }
    }
}
