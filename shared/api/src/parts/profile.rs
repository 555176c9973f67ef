//! Reads a profile: of a restaurant to be registered, or what is to be otherwise with one that is.

use jari_domain::{Currency, LocalizedText, Location, Profile, RestaurantStatus, Zone};
use serde_json::Value;

use super::texts::{NAME, described, key, maybe_named, named};
use crate::{FieldCode, FieldError, Fields, Problem, Text, fields};

const ADDRESS: usize = 200;
const DESCRIPTION: usize = 2_000;
const MOST_CUISINES: usize = 10;

/// The profile of a restaurant to be registered.
pub fn read_new(mut body: Fields<'_>) -> Result<Profile, Problem> {
    let name = body.required_object("name", named(NAME));
    let address = body.optional_object("address", maybe_named(ADDRESS)).unwrap_or_default();
    let description = body.optional_object("description", described(DESCRIPTION)).unwrap_or_default();
    let location = body.required_object("location", location);
    let phone = body.required("phone", fields::phone);
    let email = body.required("email", fields::email);
    let cuisines = body.list("cuisines", MOST_CUISINES, key).unwrap_or_default();
    let area = body.optional("area", key).unwrap_or_default();
    let price_band = body.optional("priceBand", fields::integer(1..=4_u8)).unwrap_or(2);
    let zone = if body.has("timeZone") { body.optional("timeZone", zone) } else { home_zone() };
    let currency = if body.has("currency") { body.optional("currency", currency) } else { home_currency() };
    // Asked for again where they are missing, so that a null is not unknown.
    let _ = (body.optional("timeZone", |_| Ok(())), body.optional("currency", |_| Ok(())));
    let (name, location, phone, email, time_zone, currency) =
        body.finish((name, location, phone, email, zone, currency))?;
    Ok(Profile {
        name,
        address,
        description,
        location,
        phone,
        email,
        cuisines,
        area,
        price_band,
        time_zone,
        currency,
        status: RestaurantStatus::Draft,
        rejection: None,
    })
}

/// The profile as it is to be.
pub fn read_patch(mut body: Fields<'_>, before: &Profile) -> Result<Profile, Problem> {
    let mut next = before.clone();
    let set = |field: &mut LocalizedText, text: Option<LocalizedText>| {
        if let Some(text) = text {
            *field = text;
        }
    };
    set(&mut next.name, body.optional_object("name", named(NAME)));
    set(&mut next.address, body.optional_object("address", named(ADDRESS)));
    set(&mut next.description, body.optional_object("description", described(DESCRIPTION)));
    if body.is_null("description") {
        next.description = LocalizedText::default();
    }
    next.location = body.optional_object("location", location).unwrap_or(next.location);
    next.phone = body.optional("phone", fields::phone).unwrap_or(next.phone);
    next.email = body.optional("email", fields::email).unwrap_or(next.email);
    next.cuisines = match body.list("cuisines", MOST_CUISINES, key) {
        Some(cuisines) => cuisines,
        None if body.is_null("cuisines") => Vec::new(),
        None => next.cuisines,
    };
    next.area = body.clearable("area", key).map_or(next.area, Option::unwrap_or_default);
    next.price_band = body.optional("priceBand", fields::integer(1..=4_u8)).unwrap_or(next.price_band);
    next.time_zone = body.optional("timeZone", zone).unwrap_or(next.time_zone);
    next.currency = body.optional("currency", currency).unwrap_or(next.currency);
    if !before.status.is_being_set_up() {
        if next.time_zone != before.time_zone {
            body.refuse("timeZone", settled());
        }
        if next.currency != before.currency {
            body.refuse("currency", settled());
        }
    }
    body.finish(())?;
    Ok(next)
}

fn settled() -> FieldError {
    FieldError::new(
        FieldCode::OutOfRange,
        Text::fixed(
            "승인을 요청한 뒤에는 바꿀 수 없습니다.",
            "Cannot be changed once it has been submitted.",
        ),
    )
}

fn home_zone() -> Option<Zone> {
    Zone::try_from("Asia/Seoul".to_owned()).ok()
}

fn home_currency() -> Option<Currency> {
    Currency::try_from("KRW".to_owned()).ok()
}

fn zone(value: &Value) -> Result<Zone, FieldError> {
    Zone::try_from(fields::text(60)(value)?).map_err(|_| {
        FieldError::invalid_format(
            "IANA 시간대여야 합니다. 예: Asia/Seoul",
            "Must be an IANA time zone, such as Asia/Seoul.",
        )
    })
}

fn currency(value: &Value) -> Result<Currency, FieldError> {
    Currency::try_from(fields::text(3)(value)?).map_err(|_| {
        FieldError::invalid_format(
            "통화 코드여야 합니다. 예: KRW",
            "Must be the code of a currency, such as KRW.",
        )
    })
}

fn location(place: &mut Fields<'_>) -> Option<Location> {
    let lat = place.required("lat", degrees(90.0));
    let lng = place.required("lng", degrees(180.0));
    let (lat, lng) = place.all((lat, lng))?;
    Some(Location { lat, lng })
}

fn degrees(most: f64) -> impl Fn(&Value) -> Result<f64, FieldError> {
    move |value| {
        let Some(degrees) = value.as_f64() else {
            let text = Text::fixed("숫자로 입력해 주세요.", "Must be a number.");
            return Err(FieldError::new(FieldCode::WrongType, text));
        };
        if degrees.abs() <= most {
            // To a centimetre: the table keeps no number as close to zero as JSON does. A minus zero becomes zero.
            return Ok((degrees * 1e7).round() / 1e7 + 0.0);
        }
        let detail = Text::new(
            format!("-{most} 이상 {most} 이하의 값을 입력해 주세요."),
            format!("Must be between -{most} and {most}."),
        );
        Err(FieldError::new(FieldCode::OutOfRange, detail))
    }
}
