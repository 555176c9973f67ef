//! What each mail says to whom, and what can't get into it.

use std::{fs, path::Path, sync::Arc};

use jari_domain::{Actor, Guest, Language, Status};
use jari_mail::{Audience, ComposeError, LetterKind, Message, Notice, NoticeKind, compose, compose_letter};

use crate::house::{self, LINK, TOKEN, diner_kinds, from, letters, notice, restaurant_kinds, sent_at};

fn composed(notice: &Notice) -> Message {
    compose(notice, sent_at(), &from()).unwrap()
}

/// Every mail of this issue in every language it is written in, under its name.
fn every_mail() -> Vec<(String, Notice)> {
    let mut all = vec![];
    for language in [Language::Ko, Language::En] {
        for kind in diner_kinds() {
            all.push((format!("{}-{}", kind.key(), language.code()), notice(kind, language)));
        }
        for kind in restaurant_kinds() {
            let mut notice = notice(kind, language);
            if language == Language::En {
                notice.restaurant = Arc::new(house::tasca());
            }
            all.push((format!("{}-{}", notice.kind.key(), language.code()), notice));
        }
    }
    all
}

fn hold(name: &str, message: &Message) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mails");
    fs::create_dir_all(&folder).unwrap();
    // To look at in a browser.
    fs::write(folder.join(format!("{name}.html")), &message.html).unwrap();
    let attached: Vec<&str> = message.attachments.iter().map(|file| file.file_name.as_str()).collect();
    let shown = format!(
        "From: {} ({})\nTo: {}\nReply-To: {}\nSubject: {}\nAttached: {}\n\n{}",
        message.from.name,
        message.from.address.as_str(),
        message.to.as_str(),
        message.reply_to.as_ref().map(jari_domain::EmailAddress::as_str).unwrap_or_default(),
        message.subject,
        attached.join(", "),
        message.text,
    );
    insta::assert_snapshot!(format!("{name}.txt"), shown);
    insta::assert_snapshot!(format!("{name}.html"), message.html);
}

#[test]
fn every_mail_says_what_its_snapshot_says() {
    for (name, notice) in every_mail() {
        hold(&name, &composed(&notice));
    }
}

#[test]
fn every_letter_says_what_its_snapshot_says() {
    for letter in [letters(Language::Ko), letters(Language::En)].concat() {
        let name = format!("{}-{}", letter.kind.key(), letter.language.code());
        hold(&name, &compose_letter(&letter, &from()).unwrap());
    }
}

#[test]
fn a_letter_comes_in_the_houses_name_and_goes_to_one_address() {
    for letter in letters(Language::Ko) {
        let message = compose_letter(&letter, &from()).unwrap();
        assert_eq!(message.from.name, "Jari 자리");
        assert_eq!((message.reply_to, message.to.as_str()), (None, "minji@example.com"));
        assert!(message.subject.chars().count() <= 40, "{}", message.subject);
        let has_token = message.text.contains(TOKEN) && message.html.contains(TOKEN);
        let proves = matches!(letter.kind, LetterKind::VerifyEmail { .. } | LetterKind::PasswordReset { .. });
        assert_eq!(has_token, proves, "{}", letter.kind.key());
        let shown = format!("{letter:?} {:?}", letter.kind);
        assert!(!shown.contains(TOKEN) && !shown.contains("minji"), "{shown}");
    }
}

#[test]
fn what_an_admin_or_a_restaurant_typed_is_text_in_a_letter() {
    let hostile = r#""><script>alert('1')</script>"#;
    let mut letter = letters(Language::En).remove(0);
    let restaurant = house::text("", &format!("{hostile}\r\nBcc: all@example.com"));
    letter.kind = LetterKind::RestaurantRejected { restaurant, why: hostile.to_owned() };
    let message = compose_letter(&letter, &from()).unwrap();
    assert!(!message.html.contains("<script"));
    assert!(!message.subject.contains(['\r', '\n']), "{:?}", message.subject);
}

#[test]
fn a_reminder_offers_to_come_and_to_cancel_and_both_only_open_the_page() {
    for kind in [NoticeKind::ReminderDayBefore, NoticeKind::ReminderHoursBefore] {
        let mut notice = notice(kind, Language::En);
        let text = composed(&notice).text;
        assert!(text.contains(&format!("I’m coming:\n{LINK}#coming")), "{text}");
        assert!(text.contains(&format!("Cancel:\n{LINK}#cancel")), "{text}");
        // Said once, it is not asked again.
        notice.reservation.reconfirmed_at = Some(sent_at());
        let text = composed(&notice).text;
        assert!(!text.contains("coming:") && text.contains(LINK), "{text}");
        // Too late to cancel online, the button does not offer it.
        notice.reservation.reconfirmed_at = None;
        let late = compose(&notice, house::at("2026-12-24T18:00:00+09:00"), &from()).unwrap().text;
        assert!(!late.contains("Cancel:") && late.contains("View reservation:"), "{late}");
    }
}

#[test]
fn kinds_have_keys_of_their_own() {
    let mut keys: Vec<&str> = diner_kinds().iter().chain(&restaurant_kinds()).map(NoticeKind::key).collect();
    keys.extend(letters(Language::Ko).iter().map(|letter| letter.kind.key()));
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

#[test]
fn answers_go_past_the_house() {
    let diner = composed(&notice(NoticeKind::Confirmed, Language::Ko));
    let restaurant = composed(&notice(NoticeKind::RestaurantNew, Language::Ko));
    assert_eq!(
        (Some(&diner.to), diner.reply_to.as_ref()),
        (restaurant.reply_to.as_ref(), Some(&restaurant.to))
    );
    assert_eq!(diner.from.header(), "=?UTF-8?B?7Jio6riw?= <seat@jari.example>");
}

#[test]
fn the_diner_chooses_the_language_and_the_restaurant_has_its_own() {
    let english = notice(NoticeKind::RestaurantNew, Language::En);
    assert_eq!(english.language(), Language::Ko, "a restaurant in Seoul reads Korean");
    assert_eq!(notice(NoticeKind::Confirmed, Language::En).language(), Language::En);
}

#[test]
fn the_restaurant_never_gets_the_private_link() {
    for (name, notice) in every_mail() {
        let message = composed(&notice);
        let everything = format!("{message:?}{}{}{}", message.html, message.text, message.subject);
        let shown = everything.contains(LINK) || everything.contains("eyJhbGciOi");
        let active = !matches!(notice.kind, NoticeKind::Cancelled { .. } | NoticeKind::Declined { .. });
        if notice.kind.audience() == Audience::Restaurant {
            assert!(!shown, "{name}");
        } else if active {
            assert!(message.html.contains(LINK) && message.text.contains(LINK), "{name}");
        }
    }
}

#[test]
fn debug_output_has_no_personal_data_and_no_token() {
    let notice = notice(NoticeKind::Confirmed, Language::Ko);
    let shown = format!("{notice:?} {:?} {:#?}", composed(&notice), composed(&notice));
    for secret in ["민지", "guest@", "eyJ", "1234"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn what_a_guest_types_is_text_and_never_markup() {
    let mut notice = notice(NoticeKind::Confirmed, Language::En);
    let hostile = r#""><script>alert('1')</script>&amp;"#;
    let guest: &mut Guest = notice.reservation.guest.as_mut().unwrap();
    guest.name = hostile.parse().unwrap();
    notice.reservation.note = Some(format!("{hostile}\n<!-- <img src=x onerror=y>").parse().unwrap());
    for kind in diner_kinds().into_iter().chain(restaurant_kinds()) {
        notice.kind = kind;
        let html = composed(&notice).html;
        let without_json_ld = html.replacen("<script type=\"application/ld+json\">", "", 1);
        assert!(!without_json_ld.contains("<script"), "{}", notice.kind.key());
        assert!(!html.contains("<img") && !html.contains("<!--"));
        assert!(html.matches("</script>").count() <= 1);
        assert!(html.contains("&#60;script&#62;") || html.contains("&lt;script&gt;"));
    }
}

#[test]
fn the_cards_data_is_json_that_gives_back_what_was_typed() {
    let mut notice = notice(NoticeKind::Confirmed, Language::Ko);
    notice.reservation.guest.as_mut().unwrap().name = r#"</script><!-- "김" \"#.parse().unwrap();
    let html = composed(&notice).html;
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    let card: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(card["underName"]["name"], r#"</script><!-- "김" \"#);
    assert_eq!(card["reservationStatus"], "https://schema.org/ReservationConfirmed");
    assert_eq!(card["startTime"], "2026-12-24T19:00:00+09:00");
    assert_eq!(card["url"], LINK);
    assert_eq!(card["modifyReservationUrl"], format!("{LINK}/change"));
    assert_eq!(card["cancelReservationUrl"], format!("{LINK}#cancel"));
    assert_eq!(card["partySize"], 2);
}

#[test]
fn no_line_break_reaches_a_header() {
    let mut restaurant = house::ongi();
    restaurant.profile.name = house::text("온기\r\nBcc: all@example.com", "Ongi\nBcc: all@example.com");
    for kind in diner_kinds().into_iter().chain(restaurant_kinds()) {
        let mut notice = notice(kind, Language::Ko);
        notice.restaurant = Arc::new(restaurant.clone());
        let message = composed(&notice);
        for header in [&message.subject, &message.from.name, &message.from.header()] {
            assert!(!header.contains(['\r', '\n']), "{header:?}");
        }
    }
}

#[test]
fn a_changed_request_still_waits_for_its_answer() {
    let mut notice = notice(NoticeKind::Changed { before: house::before() }, Language::En);
    notice.reservation.status = Status::Requested;
    let message = composed(&notice);
    assert!(message.text.contains("not yet a confirmed reservation"), "{}", message.text);
    assert!(message.attachments.is_empty());
}

#[test]
fn a_cancellation_says_who_cancelled() {
    let text = |by| {
        let why = Some("정전으로 영업이 어렵습니다".to_owned());
        composed(&notice(NoticeKind::Cancelled { by, why }, Language::Ko)).text
    };
    let staff = jari_domain::AccountId::new(sent_at(), [1; 10]);
    assert!(text(Actor::Guest).contains("요청하신 대로"));
    assert!(text(Actor::Staff(staff)).contains("매장 사정으로"));
    assert!(text(Actor::House).contains("자동으로"));
    assert!(text(Actor::House).contains("사유: 정전으로 영업이 어렵습니다"));
}

#[test]
fn a_reservation_without_a_guest_is_nobodys_mail() {
    let mut notice = notice(NoticeKind::Confirmed, Language::Ko);
    notice.reservation.guest = None;
    assert!(matches!(compose(&notice, sent_at(), &from()), Err(ComposeError::NoGuest)));
}

#[test]
fn too_late_to_change_the_button_no_longer_offers_it() {
    let notice = notice(NoticeKind::Confirmed, Language::En);
    let late = house::at("2026-12-24T18:00:00+09:00");
    let message = compose(&notice, late, &from()).unwrap();
    assert!(message.text.contains("View reservation:") && message.text.contains("please call us"));
}

#[test]
fn a_message_survives_being_put_aside_and_sent_later() {
    let message = composed(&notice(NoticeKind::Confirmed, Language::Ko));
    let kept = serde_json::to_string(&message).unwrap();
    assert!(serde_json::from_str::<Message>(&kept).unwrap() == message);
}
