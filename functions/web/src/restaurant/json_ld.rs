//! The restaurant for search engines: schema.org JSON-LD, with the page itself as where to book.

use jari_domain::{DayName, Language, Restaurant, WeeklyShift, is_in_korea};
use serde_json::{Value, json};

/// As JSON that can stand in a `script` element, whatever its texts contain.
pub(super) fn restaurant(restaurant: &Restaurant, site: &str, language: Language) -> String {
    let profile = &restaurant.profile;
    let page = format!("{site}/restaurants/{}", restaurant.id);
    let mut address = json!({
        "@type": "PostalAddress",
        "streetAddress": profile.address.get(language),
    });
    if is_in_korea(profile) {
        address["addressCountry"] = json!("KR");
    }
    let document = json!({
        "@context": "https://schema.org",
        "@type": "Restaurant",
        "@id": page,
        "url": page,
        "name": profile.name.get(language),
        "description": profile.description.get(language),
        "address": address,
        "geo": { "@type": "GeoCoordinates", "latitude": profile.location.lat, "longitude": profile.location.lng },
        "telephone": profile.phone.as_str(),
        "servesCuisine": profile.cuisines,
        "priceRange": "$".repeat(usize::from(profile.price_band.clamp(1, 4))),
        "currenciesAccepted": profile.currency.to_string(),
        "acceptsReservations": true,
        "hasMenu": format!("{page}#menu"),
        "openingHoursSpecification":
            restaurant.schedule.weekly.iter().map(hours).collect::<Vec<Value>>(),
        "potentialAction": {
            "@type": "ReserveAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": page,
                "inLanguage": ["ko", "en"],
                "actionPlatform": [
                    "https://schema.org/DesktopWebPlatform",
                    "https://schema.org/MobileWebPlatform",
                ],
            },
            "result": { "@type": "FoodEstablishmentReservation" },
        },
    });
    // No text may end the script element or open a comment inside it.
    document.to_string().replace('<', "\\u003c")
}

fn hours(weekly: &WeeklyShift) -> Value {
    let days: Vec<&str> = weekly.days.iter().map(|day| of_schema_org(*day)).collect();
    json!({
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": days,
        "opens": weekly.shift.opens.to_string(),
        "closes": weekly.shift.closes.to_string(),
    })
}

fn of_schema_org(day: DayName) -> &'static str {
    match day {
        DayName::Monday => "https://schema.org/Monday",
        DayName::Tuesday => "https://schema.org/Tuesday",
        DayName::Wednesday => "https://schema.org/Wednesday",
        DayName::Thursday => "https://schema.org/Thursday",
        DayName::Friday => "https://schema.org/Friday",
        DayName::Saturday => "https://schema.org/Saturday",
        DayName::Sunday => "https://schema.org/Sunday",
    }
}
