//! Booking on the pages, as a visitor does: by what the pages say and by their forms, without a script.

use jari_domain::{ReservationId, Status};
use jari_tests::{Bistro, Browser, DAY, Form, House, Shown, bistro, on_day, table_for};
use reqwest::Method;

async fn house(bistro: Bistro) -> House {
    House::open().with_restaurant(bistro).await
}

/// The form of the restaurant's page, as the button of that time sends it.
async fn button(browser: &Browser<'_>, house: &House, time: &str, party: u8) -> Form {
    let page = format!("/restaurants/{}?date={DAY}&party={party}", house.restaurant());
    let shown = browser.open(&page).await.is(200);
    shown.form(&format!("/restaurants/{}/hold", house.restaurant())).with("startsAt", &on_day(time))
}

async fn hold(browser: &Browser<'_>, house: &House, time: &str) -> Shown {
    let form = button(browser, house, time, 2).await;
    browser.send(&form).await
}

fn details(page: &Shown) -> Form {
    page.form(&page.path())
        .with("guest/name", "김민지")
        .with("guest/email", "minji@jari.test")
        .with("guest/phone", "010-1234-5678")
        .with("note", "창가 자리 부탁드려요.")
}

async fn book(browser: &Browser<'_>, house: &House, time: &str) -> Shown {
    let page = hold(browser, house, time).await.is(200);
    browser.send(&details(&page)).await.is(200)
}

/// The reservations of the day that stand, with their times.
async fn standing(house: &House) -> Vec<(ReservationId, Status)> {
    let now = house.now();
    let all = house.reservations(house.restaurant(), DAY).await;
    let active = all.into_iter().filter(|reservation| reservation.status_at(now).is_active());
    active.map(|reservation| (reservation.id, reservation.status)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_books_by_the_forms_alone() {
    let house = house(bistro().with_tables(2, 2)).await;
    let browser = Browser::new(&house);
    let held = hold(&browser, &house, "19:00").await.is(200);
    assert!(held.address.starts_with("/book/"), "{}", held.address);
    let held = held.says(&[
        "12월 24일 (목)",
        "오후 7:00 · 2명",
        "오전 10:05까지",
        "data-until=\"2026-12-01T01:05:00Z\"",
    ]);
    let booked = browser.send(&details(&held)).await.is(200);
    assert!(booked.address.starts_with("/r/"), "{}", booked.address);
    booked.says(&["예약이 확정되었습니다", "김민지", "minji@jari.test", "calendar.google.com", "창가 자리"]);
    let [(id, Status::Confirmed)] = standing(&house).await[..] else { panic!("one reservation") };
    let guest = house.reservation(id).await.unwrap().guest.unwrap();
    assert_eq!(guest.phone.unwrap().as_str(), "+821012345678", "as it is dialled at home");
    assert_eq!(guest.language, jari_domain::Language::Ko);
    assert_eq!(house.mails_to("minji@jari.test").await.len(), 1);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_a_button_is_pressed_there_is_one_reservation() {
    let house = house(bistro().with_tables(3, 2)).await;
    let browser = Browser::new(&house);
    let chosen = button(&browser, &house, "19:00", 2).await;
    let (one, other) = tokio::join!(browser.send(&chosen), browser.send(&chosen));
    let (one, other) = (one.is(200), other.is(200));
    assert_eq!(one.form(&one.path()).action, one.path());
    assert_eq!(standing(&house).await.len(), 1, "one hold");
    let (form, twin) = (details(&one), details(&other));
    let (first, second) = tokio::join!(browser.send(&form), browser.send(&twin));
    for booked in [first, second, browser.send(&form).await] {
        booked.is(200).says(&["예약이 확정되었습니다"]);
    }
    // Back at the restaurant's page, the same time leads to what was booked.
    let again = browser.send(&chosen).await.is(200).says(&["예약이 확정되었습니다"]);
    assert!(again.address.starts_with("/r/"));
    assert_eq!(standing(&house).await.len(), 1);
    assert_eq!(house.mails_to("minji@jari.test").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_let_go_can_be_chosen_again_by_the_same_button() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house);
    let chosen = button(&browser, &house, "19:00", 2).await;
    for _ in 0..3 {
        let held = browser.send(&chosen).await.is(200);
        let let_go = format!("{}/let-go", held.path());
        let gone = browser.ask(Method::POST, &let_go, &held.form(&let_go).inputs).await;
        let expected = format!("/restaurants/{}?date={DAY}&party=2", house.restaurant());
        assert_eq!(gone.redirects_to(), Some(expected));
        assert_eq!(standing(&house).await.len(), 0);
    }
    // What is confirmed is not let go by a window that was left open.
    let held = browser.send(&chosen).await.is(200);
    browser.send(&details(&held)).await.is(200);
    let let_go = format!("{}/let-go", held.path());
    browser.send(&held.form(&let_go)).await.is(200).says(&["예약이 확정되었습니다"]);
    assert_eq!(standing(&house).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_hold_ends_while_typing_nothing_typed_is_lost_and_another_time_books_at_once() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house);
    let held = hold(&browser, &house, "19:00").await.is(200);
    house.advance("6m").await;
    // Somebody else has taken it meanwhile.
    house.book(table_for(2).at("19:00").by("faster")).await.is(201);
    let ended = browser.send(&details(&held)).await.is(409);
    let ended = ended.says(&[
        "맡아 둔 시간이 끝났습니다",
        "value=\"김민지\"",
        "value=\"010-1234-5678\"",
        "창가 자리 부탁드려요.",
    ]);
    let form = ended.form_with(&held.path(), "오후 8:30");
    assert!(form.buttons.iter().all(|(label, _)| label != "오후 7:00"), "it is taken");
    // Enter in an input presses the first button, which does nothing.
    assert_eq!(form.buttons[0].1, None);
    let pressed = form.pressing("오후 8:30");
    let (one, other) = tokio::join!(browser.send(&pressed), browser.send(&pressed));
    for booked in [one, other] {
        booked.is(200).says(&["예약이 확정되었습니다", "오후 8:30 · 2명", "김민지"]);
    }
    let retyped = browser.send(&pressed.clone().with("guest/name", "김민정")).await;
    retyped.is(200).says(&["오후 8:30 · 2명", "김민지"]);
    assert_eq!(standing(&house).await.len(), 2, "the other guest's, and one");
    assert_eq!(house.mails_to("minji@jari.test").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_after_the_last_table_one_gets_it_and_the_other_the_nearest_times() {
    let house = house(bistro().with_tables(1, 2)).await;
    let visitors = [Browser::new(&house), Browser::new(&house).in_english()];
    let wishes =
        [button(&visitors[0], &house, "19:00", 2).await, button(&visitors[1], &house, "19:00", 2).await];
    let (one, other) = tokio::join!(visitors[0].send(&wishes[0]), visitors[1].send(&wishes[1]));
    let lost = match (one.status, other.status) {
        (200, 409) => (&visitors[1], other, "20:30"),
        (409, 200) => (&visitors[0], one, "오후 8:30"),
        statuses => panic!("{statuses:?}"),
    };
    let (loser, page, label) = lost;
    let hold = format!("/restaurants/{}/hold", house.restaurant());
    let other = loser.press(&page, &hold, label).await.is(200);
    assert!(other.address.starts_with("/book/"));
    loser.send(&details(&other)).await.is(200).says(&[label]);
    assert_eq!(standing(&house).await.len(), 2);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_wrong_is_told_beside_its_input_and_the_hold_goes_on() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house).in_english();
    let held = hold(&browser, &house, "19:00").await.is(200);
    let wrong = details(&held).with("guest/email", "minji at home").with("guest/phone", "123");
    let again = browser.send(&wrong).await.is(422);
    let again =
        again.says(&["aria-invalid=\"true\"", "value=\"minji at home\"", "until 10:05", "Book this table"]);
    browser.send(&details(&again)).await.is(200).says(&["Your reservation is confirmed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restaurant_that_answers_itself_says_so_before() {
    let house = house(bistro().with_tables(1, 2).on_request()).await;
    let browser = Browser::new(&house).in_english();
    let held = hold(&browser, &house, "19:00").await.is(200);
    let held = held.says(&["answers each request itself", "Request this table"]);
    browser.send(&details(&held)).await.is(200).says(&["Waiting for the restaurant’s answer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_another_reservation_then_is_told_and_keeps_the_hold() {
    let house = house(bistro().with_tables(3, 2)).await;
    house.book(table_for(2).at("19:30").by("minji")).await.is(201);
    let browser = Browser::new(&house).in_english();
    let held = hold(&browser, &house, "19:00").await.is(200);
    let busy = browser.send(&details(&held)).await.is(409);
    let busy = busy.says(&["You have another reservation at that time", "until 10:05", "value=\"김민지\""]);
    let form = details(&busy).with("guest/email", "minji.work@jari.test");
    browser.send(&form).await.is(200).says(&["Your reservation is confirmed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_two_tables_is_shown_them_and_can_let_one_go() {
    let house = house(bistro().with_tables(3, 2)).await;
    let browser = Browser::new(&house).in_english();
    hold(&browser, &house, "18:00").await.is(200);
    hold(&browser, &house, "20:00").await.is(200);
    let full = hold(&browser, &house, "21:00").await.is(409);
    let full = full.says(&["Two tables are held for you already", "18:00 · 2 people", "20:00 · 2 people"]);
    let let_go = full.forms().into_iter().find(|form| form.action.ends_with("/let-go")).unwrap();
    browser.ask(Method::POST, &let_go.action, &let_go.inputs).await.is(303);
    hold(&browser, &house, "21:00").await.is(200);
    // Another visitor's are not shown, whatever the cookie says.
    let other = Browser::new(&house).in_english();
    hold(&other, &house, "17:00").await.is(200);
    hold(&other, &house, "18:30").await.is(200);
    other.keep("__Host-jari-holds", &browser.cookie("__Host-jari-holds").unwrap());
    let full = hold(&other, &house, "21:30").await.is(409);
    assert!(!full.html.contains("/book/"), "{}", full.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_booked_says_why_and_leads_on() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house).in_english();
    let form = button(&browser, &house, "19:00", 2).await;
    for (form, status, told) in [
        (
            form.clone().with("startsAt", "2026-12-01T10:30:00+09:00"),
            422,
            "not one of the restaurant’s times",
        ),
        (form.clone().with("startsAt", "2027-03-01T19:00:00+09:00"), 422, "can’t be booked yet"),
        (form.clone().with("partySize", "12"), 422, "large party"),
        (form.clone().with("area", "moon"), 422, "not one of the restaurant’s times"),
        (form.clone().with("startsAt", "soon"), 400, "We could not read"),
        (form.clone().without("key"), 400, "We could not read"),
        (form.clone().without("formToken"), 403, "is out of date"),
    ] {
        let page = browser.send(&form).await;
        assert_eq!(page.status, status, "{told}\n{}", page.html);
        assert!(page.html.contains(told), "{told}\n{}", page.html);
    }
    assert_eq!(standing(&house).await.len(), 0);
    let back = browser.ask(Method::GET, &form.action, &[]).await;
    assert_eq!(back.redirects_to(), Some(format!("/restaurants/{}", house.restaurant())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_is_changed_on_its_page_and_stays_until_the_new_place_is_certain() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house).in_english();
    let page = book(&browser, &house, "19:00").await;
    let change = format!("{}/change", page.path());
    let times = browser.open(&change).await.is(200);
    // Its own table does not stand in its way.
    let form = times.form_with(&change, "19:30");
    // Somebody takes the time whose button is pressed.
    house.book(table_for(2).at("21:00").by("faster")).await.is(201);
    let lost = browser.send(&form.clone().pressing("21:00")).await.is(409);
    let lost =
        lost.says(&["Somebody else was just faster", "Your reservation stays as it is", "19:00 · 2 people"]);
    let moved = browser.press(&lost, &change, "19:30").await.is(200);
    let moved = moved.says(&["It is changed", "19:30 · 2 people"]);
    // A page that was left open shows what it is now.
    let stale = browser.send(&form.pressing("18:00")).await.is(409);
    stale.says(&["has changed meanwhile", "19:30 · 2 people"]);
    // The note, by a form of its own.
    let times = browser.open(&change).await.is(200);
    let note = times.form_with(&change, "Save the note").with("note", "An allergy: nuts");
    browser.send(&note).await.is(200).says(&["An allergy: nuts", "19:30 · 2 people"]);
    assert_eq!(moved.status, 200);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_another_day_and_party_goes_by_the_form_that_chooses_them() {
    let house = house(bistro().with_tables(1, 2).with_tables(1, 4)).await;
    let browser = Browser::new(&house).in_english();
    let page = book(&browser, &house, "19:00").await;
    let change = format!("{}/change", page.path());
    let choose = browser.open(&change).await.is(200).form(&change);
    assert_eq!((choose.value("date"), choose.value("party")), (DAY, "2"));
    let times = browser.send(&choose.with("date", "2026-12-26").with("party", "4")).await.is(200);
    let moved = browser.press(&times, &change, "18:00").await.is(200);
    moved.says(&["Saturday 26 December 2026", "18:00 · 4 people"]);
    // The link of the new page lasts as long as the new visit needs.
    house.local().clock().set("2026-12-26T12:00:00+09:00".parse().unwrap());
    assert_eq!(browser.open(&page.path()).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_links_of_a_mail_lead_to_the_forms_they_are_named_for() {
    let house = house(bistro().with_tables(1, 2)).await;
    book(&Browser::new(&house), &house, "19:00").await;
    let mails = house.mails_to("minji@jari.test").await;
    let (_, card) = mails[0].html.split_once("application/ld+json\">").unwrap();
    let card: serde_json::Value = serde_json::from_str(card.split("</script>").next().unwrap()).unwrap();
    let address = |name: &str| card[name].as_str().unwrap().strip_prefix(house.url()).unwrap().to_owned();
    // Opened in another browser than the one it was booked in.
    let browser = Browser::new(&house);
    let change = address("modifyReservationUrl");
    assert!(browser.open(&change).await.is(200).has_form(&change));
    let cancel = address("cancelReservationUrl");
    let (page, anchor) = cancel.split_once('#').unwrap();
    let shown = browser.open(page).await.is(200).says(&[&format!("id=\"{anchor}\"")]);
    assert!(shown.has_form(&format!("{page}/cancel")));
}

#[tokio::test(flavor = "multi_thread")]
async fn past_the_deadline_the_pages_say_to_call() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house).in_english();
    let page = book(&browser, &house, "19:00").await;
    let change = format!("{}/change", page.path());
    let times = browser.open(&change).await.is(200).form_with(&change, "19:30");
    house.local().clock().set("2026-12-24T17:30:00+09:00".parse().unwrap());
    let late = browser.open(&change).await.is(200);
    assert!(!late.has_form(&change));
    late.says(&["please call the restaurant", "tel:+82212345678"]);
    browser.send(&times.pressing("19:30")).await.is(422).says(&["too late to change", "tel:+82212345678"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_is_cancelled_with_a_reason_once() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house);
    let page = book(&browser, &house, "19:00").await;
    let cancel = format!("{}/cancel", page.path());
    let form = page.form(&cancel).with("reason", "일정이 바뀌었습니다.");
    let long = browser.send(&form.clone().with("reason", &"길".repeat(201))).await;
    assert_eq!(long.status, 422);
    browser.send(&form).await.is(200).says(&[
        "예약이 취소되었습니다",
        "일정이 바뀌었습니다.",
        "다시 예약하기",
    ]);
    browser.send(&form).await.is(409).says(&["이미 취소된 예약입니다"]);
    assert_eq!(standing(&house).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_any_address_of_a_reservation_changes_nothing() {
    let house = house(bistro().with_tables(2, 2)).await;
    let browser = Browser::new(&house);
    let held = hold(&browser, &house, "18:00").await.is(200);
    let booked = book(&browser, &house, "20:00").await;
    house.comes_to_rest().await;
    let before = house.items().await.len();
    let (held, booked) = (held.path(), booked.path());
    for address in [
        held.clone(),
        format!("{held}/let-go"),
        booked.clone(),
        format!("{booked}/cancel"),
        format!("{booked}/reconfirm"),
        format!("{booked}/change?date=2026-12-25&party=1"),
        format!("{booked}/calendar.ics"),
        format!("/restaurants/{}/hold?startsAt={}&partySize=2&key=x", house.restaurant(), on_day("21:00")),
    ] {
        // As a scanner does: no cookies, no script.
        Browser::new(&house).open(&address).await;
    }
    house.comes_to_rest().await;
    assert_eq!(house.items().await.len(), before);
    let statuses: Vec<Status> = standing(&house).await.into_iter().map(|(_, status)| status).collect();
    assert!(statuses.contains(&Status::Held) && statuses.contains(&Status::Confirmed), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_file_is_an_entry_of_ones_own_and_the_same_event_as_the_invitation() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house);
    let page = book(&browser, &house, "19:00").await;
    let file = browser.open(&format!("{}/calendar.ics", page.path())).await.is(200);
    assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let [(id, _)] = standing(&house).await[..] else { panic!("one reservation") };
    for line in ["BEGIN:VEVENT", "DTSTART:20261224T100000Z", &format!("UID:{id}@"), "STATUS:CONFIRMED"] {
        assert!(file.html.contains(line), "{line}\n{}", file.html);
    }
    for line in ["METHOD", "ORGANIZER", "ATTENDEE"] {
        assert!(!file.html.contains(line), "{line}\n{}", file.html);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_signed_in_finds_their_details_filled_in_and_the_reservation_among_their_own() {
    let house = House::open()
        .with_restaurant(bistro().with_tables(2, 2))
        .with_host("staff")
        .with_diner("minji")
        .await;
    let minji = house.sign_in("minji");
    let browser = Browser::new(&house).signed_in_as(&minji).in_english();
    let held = hold(&browser, &house, "19:00").await.is(200);
    let form = held.form(&held.path());
    assert_eq!((form.value("guest/name"), form.value("guest/email")), ("minji", "minji@jari.test"));
    // The reservation is theirs, wherever its mails are to go.
    browser.send(&form.with("guest/email", "family@jari.test")).await.is(200).says(&["is confirmed"]);
    let [(id, Status::Confirmed)] = standing(&house).await[..] else { panic!("one reservation") };
    assert_eq!(house.reservation(id).await.unwrap().diner.as_ref(), Some(minji.diner()));
    let own = format!("/me/reservations/{id}");
    let page = browser.open(&own).await.is(200).says(&["is confirmed", "19:00 · 2 people"]);
    let change = format!("{own}/change");
    let times = browser.open(&change).await.is(200);
    let moved = browser.press(&times, &change, "20:00").await.is(200).says(&["20:00 · 2 people"]);
    assert_eq!(moved.path(), own);
    // The page from before names the revision of before.
    let cancel = format!("{own}/cancel");
    let stale = browser.send(&page.form(&cancel)).await.is(409).says(&["has changed meanwhile"]);
    browser.send(&stale.form(&cancel)).await.is(200).says(&["This reservation is cancelled"]);
    // To the restaurant's people, whose pages are others, and to strangers it is not there.
    for name in ["staff"] {
        let other = Browser::new(&house).signed_in_as(&house.sign_in(name));
        for address in [&own, &change] {
            assert_eq!(other.open(address).await.status, 404, "{name} {address}");
        }
    }
}
