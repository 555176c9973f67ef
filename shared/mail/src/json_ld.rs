//! The reservation for machines: schema.org JSON-LD, from which Gmail and others make a card and offer changing or
//! cancelling. All addresses open pages of the reservation: a link in a mail never acts.

use jari_domain::{Guest, Language, Status, is_in_korea};
use serde_json::json;

use crate::Notice;

/// The reservation as JSON that is safe inside a `script` element, whatever its texts contain.
pub(crate) fn reservation(notice: &Notice, guest: &Guest, language: Language) -> String {
    let (reservation, profile) = (&notice.reservation, &notice.restaurant.profile);
    let status = match reservation.status {
        _ if notice.kind.is_over() => "ReservationCancelled",
        Status::Held | Status::Requested => "ReservationPending",
        _ => "ReservationConfirmed",
    };
    let in_zone = |at: jiff::Timestamp| {
        let at = at.to_zoned(notice.restaurant.zone().clone());
        at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    };
    let mut address = json!({ "@type": "PostalAddress", "streetAddress": profile.address.get(language) });
    if is_in_korea(profile) {
        address["addressCountry"] = json!("KR");
    }
    let mut document = json!({
        "@context": "https://schema.org",
        "@type": "FoodEstablishmentReservation",
        "reservationNumber": reservation.id.to_string(),
        "reservationStatus": format!("https://schema.org/{status}"),
        "underName": { "@type": "Person", "name": guest.name.as_str(), "email": guest.email },
        "reservationFor": {
            "@type": "FoodEstablishment",
            "name": profile.name.get(language),
            "address": address,
            "telephone": profile.phone.as_str(),
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": profile.location.lat,
                "longitude": profile.location.lng,
            },
        },
        "startTime": in_zone(reservation.span.start()),
        "endTime": in_zone(reservation.span.end()),
        "partySize": reservation.party.size(),
        "provider": { "@type": "Organization", "name": "Jari", "url": notice.site_url },
    });
    if let Some(link) = &notice.link {
        document["url"] = json!(link);
        document["modifyReservationUrl"] = json!(format!("{link}/change"));
        document["cancelReservationUrl"] = json!(format!("{link}#cancel"));
    }
    // No text may end the script element or open a comment inside it.
    document.to_string().replace('<', "\\u003c")
}
