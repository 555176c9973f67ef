//! Erasure and export: after the one nothing in the table names its person, and the other has all that did.

use jari_domain::{Channel, MailTokenId, Reservation, ReservationId, Span, StaffRole, Status, service_day};
use jari_identity::{MailTokenPurpose, Password, token_hash};
use jari_operations::accounts::open_session;
use jari_store::{
    ActedAs, AuditLine, Claims, Commit, NewRestaurant, PendingReset, PendingSignUp, Registered, RetryBudget,
    SignUpFor, SocialIdentity, StaffMember, StoredAccount, Transaction,
};
use jari_tests::{
    Bistro, Browser, House, Person, bistro, on_day, people::Introduced, restaurants::party, table_for,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const PASSWORD: &str = "여름밤의 국수 한그릇";
const NOTE: &str = "창가 쪽 조용한 자리";

async fn house() -> House {
    let house =
        House::open().with_restaurant(bistro().with_tables(3, 2)).with_owner("jun").with_diner("minji");
    let house = house.await;
    let mut stored = house.store().account(house.sign_in("minji").account()).await.unwrap().unwrap();
    stored.password_hash = Some(PASSWORD.parse::<Password>().unwrap().hash().await.unwrap());
    stored.account.phone = Some("+821098765432".parse().unwrap());
    assert!(house.store().replace_account(&stored).await.unwrap());
    house
}

fn guest() -> Value {
    json!({ "name": "김민지", "email": "Minji@Jari.test", "phone": "+82 10-9876-5432", "language": "ko" })
}

#[tokio::test(flavor = "multi_thread")]
async fn after_erasure_nothing_in_the_table_names_its_person_and_the_past_stays_as_it_was() {
    let mut house = house().await;
    let restaurant = house.restaurant();
    let minji = house.introduce(Introduced::staff("minji", restaurant, StaffRole::Host)).await;
    let wish = |time: &str| table_for(2).at(time).with("guest", guest()).with("note", NOTE);
    let past = house.book(wish("17:00").asked_by(&minji)).await.is(201).id();
    let upcoming = house.book(wish("20:30")).await.is(201).ticket();
    let called_off = house.book(wish("18:30")).await.is(201).ticket();
    house.patch("/v1/me").by(&minji).json(&json!({ "mail": { "reminders": false } })).await.is(200);
    let path = format!("/v1/reservations/{}/cancel", called_off.id);
    house.post(&path).by(&minji).json(&json!({ "reason": "민지가 아파요" })).await.is(200);
    house.local().move_clock_to(on_day("18:35").parse().unwrap()).await;
    house.comes_to_rest().await;
    let before = house.reservation(past).await.unwrap();

    house.delete("/v1/me").by(&minji).await.refused(422, "invalid_fields");
    let wrong = json!({ "password": "틀린 비밀번호입니다" });
    house.delete("/v1/me").by(&minji).json(&wrong).await.refused(401, "invalid_credentials");
    let right = json!({ "password": PASSWORD });
    house.delete("/v1/me").by(&minji).json(&right).await.is(204);
    house.delete("/v1/me").by(&minji).json(&right).await.refused(401, "unauthenticated");
    house.comes_to_rest().await;

    let account = minji.account().digits();
    let named = [
        "minji@jari.test",
        "Minji@",
        "김민지",
        "민지",
        "821098765432",
        &minji.diner().0,
        &account,
        NOTE,
        "아파요",
    ];
    for item in house.items().await {
        let text = format!("{item:?}");
        // Of what it did as staff a restaurant keeps the account's id, and nothing else.
        let is_audit = item["SK"].as_s().unwrap().starts_with("AUDIT#");
        for word in named.iter().filter(|word| !is_audit || **word != account) {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
    let after = house.reservation(past).await.unwrap();
    assert_eq!(
        (after.party, after.span, after.status, &after.tables),
        (before.party, before.span, before.status, &before.tables)
    );
    let upcoming = house.reservation(upcoming.id).await.unwrap();
    assert_eq!(upcoming.status, jari_domain::Status::Cancelled);
    house.assert_consistent().await;

    // Whoever comes with the same address begins anew.
    let stored = jari_store::StoredAccount {
        account: jari_domain::Account {
            id: jari_domain::AccountId::derived([9; 16]),
            email: minji.email.parse().unwrap(),
            name: "minji".parse().unwrap(),
            phone: None,
            language: jari_domain::Language::Ko,
            mail: jari_domain::MailPreferences::default(),
            platform: None,
            generation: minji.access.generation,
            created_at: house.now(),
            revision: 1,
        },
        diner: minji.diner().clone(),
        password_hash: None,
        deleting: false,
    };
    assert_eq!(house.store().create_account(&stored).await.unwrap(), jari_store::Created::Done);
    let mut anew = minji.clone();
    anew.access.account = stored.account.id;
    assert_eq!(house.get("/v1/me/reservations?when=past").by(&anew).await.is(200).json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_stopped_half_way_is_gone_on_with_and_lets_nothing_else_in() {
    let house = house().await;
    let minji = house.sign_in("minji");
    house.book(table_for(2).by("minji")).await.is(201);
    let mut stored = house.store().account(minji.account()).await.unwrap().unwrap();
    stored.deleting = true;
    assert!(house.store().replace_account(&stored).await.unwrap());
    house.get("/v1/me/export").by(&minji).await.refused(401, "unauthenticated");
    house.delete("/v1/me").by(&minji).json(&json!({ "password": PASSWORD })).await.is(204);
    assert!(house.store().account(minji.account()).await.unwrap().is_none());
}

/// So many visits of hers, a day apart, that are long over.
async fn visited(house: &House, bistro: &Bistro, count: i64) {
    let minji = house.sign_in("minji");
    for n in 0..count {
        let start: Timestamp = "2026-11-30T19:00:00+09:00".parse().unwrap();
        let start = start - SignedDuration::from_hours(24 * n);
        let reservation = Reservation {
            id: ReservationId::new(start, std::array::from_fn(|_| fastrand::u8(..))),
            restaurant: bistro.id(),
            date: service_day(start, bistro.restaurant.zone()),
            span: Span::new(start, 90).unwrap(),
            party: party(2),
            tables: vec![bistro.tables()[0]],
            area: Some("hall".into()),
            guest: Some(serde_json::from_value(guest()).unwrap()),
            diner: Some(minji.diner().clone()),
            note: Some(NOTE.parse().unwrap()),
            status: Status::Completed,
            until: None,
            hold_place: None,
            paced: false,
            channel: Channel::Online,
            reminded: 2,
            reconfirmed_at: None,
            revision: 3,
            created_at: start,
            history: Vec::new(),
        };
        let transaction = Transaction::create(Claims::new(start), &reservation, None).unwrap();
        let committed = house.store().commit(&transaction, &mut RetryBudget::start()).await.unwrap();
        assert!(matches!(committed, Commit::Done(None)));
    }
}

/// Nothing in the table has any of these words.
async fn assert_nothing_names(house: &House, words: &[&str]) {
    for item in house.items().await {
        let text = format!("{item:?}");
        for word in words {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}

async fn frequent_guest(visits: i64) -> (House, Person) {
    let bistro = bistro().with_tables(1, 2);
    let house = House::open().with_restaurant(bistro.clone()).with_diner("minji").await;
    visited(&house, &bistro, visits).await;
    let minji = house.sign_in("minji");
    (house, minji)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_more_visits_than_a_call_erases_asks_again_until_nothing_is_left() {
    let (house, minji) = frequent_guest(320).await;
    for _ in 0..2 {
        let told = house.delete("/v1/me").by(&minji).await.refused(503, "unavailable");
        assert!(told.header("retry-after").is_some());
        house.get("/v1/me").by(&minji).await.refused(401, "unauthenticated");
    }
    house.delete("/v1/me").by(&minji).await.is(204);
    house.delete("/v1/me").by(&minji).await.refused(401, "unauthenticated");
    let account = minji.account().digits();
    assert_nothing_names(&house, &[&minji.email, "김민지", NOTE, &minji.diner().0, &account]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_pages_a_long_erasure_is_said_to_go_on_by_itself() {
    let (house, minji) = frequent_guest(160).await;
    let browser = Browser::new(&house).signed_in_as(&minji);
    let page = browser.open("/me/delete").await.is(200);
    let gone = browser.send(&page.form("/me/delete")).await.is(200);
    assert_eq!(gone.address, "/goodbye?left=some");
    gone.says(&["남은 정보는 몇 분 안에 모두 지워지며", "href=\"/sign-in\""]);
    house.advance("PT16M").await;
    assert!(house.store().account(minji.account()).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_goes_on_with_is_erased_within_minutes() {
    let (house, minji) = frequent_guest(320).await;
    house.delete("/v1/me").by(&minji).await.refused(503, "unavailable");
    // Her token is over, and there is no other to be had.
    house.advance("PT16M").await;
    assert!(house.store().account(minji.account()).await.unwrap().is_none());
    let account = minji.account().digits();
    assert_nothing_names(&house, &[&minji.email, "김민지", NOTE, &minji.diner().0, &account]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_in_the_moment_of_an_erasure_leaves_nothing() {
    let house = house().await;
    let minji = house.sign_in("minji");
    // As whoever signs in has read it just before.
    let read = house.store().account(minji.account()).await.unwrap().unwrap();
    let going = StoredAccount { deleting: true, ..read.clone() };
    assert!(house.store().replace_account(&going).await.unwrap());
    assert!(open_session(house.store(), &read, house.now()).await.unwrap().is_none(), "it is going");
    house.delete("/v1/me").by(&minji).json(&json!({ "password": PASSWORD })).await.is(204);
    assert!(open_session(house.store(), &read, house.now()).await.unwrap().is_none(), "it is gone");
    assert_nothing_names(&house, &[&minji.account().digits()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restaurant_registered_in_the_moment_of_an_erasure_is_not() {
    let house = House::open().with_diner("jun").await;
    let (jun, bistro) = (house.sign_in("jun"), bistro());
    // As whoever registers has read it just before.
    let read = house.store().account(jun.account()).await.unwrap().unwrap();
    let founder = StaffMember {
        account: jun.account(),
        role: StaffRole::Owner,
        name: read.account.name.clone(),
        email: read.account.email.clone(),
        since: house.now(),
    };
    let line = AuditLine {
        at: house.now(),
        by: jun.account(),
        acted_as: ActedAs::Staff(StaffRole::Owner),
        what: "create-restaurant".to_owned(),
        before: None,
        after: None,
        why: None,
    };
    let profile = &bistro.restaurant.profile;
    let new = NewRestaurant { id: bistro.id(), profile, founder: &founder, line: &line, fingerprint: None };
    let going = StoredAccount { deleting: true, ..read };
    assert!(house.store().replace_account(&going).await.unwrap());
    assert_eq!(
        house.store().register_restaurant(&new, 10).await.unwrap(),
        Registered::NoAccount,
        "it is going"
    );
    house.delete("/v1/me").by(&jun).await.is(204);
    assert_eq!(
        house.store().register_restaurant(&new, 10).await.unwrap(),
        Registered::NoAccount,
        "it is gone"
    );
    assert_nothing_names(&house, &[&jun.email, &jun.account().digits()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_with_an_address_in_the_moment_of_its_erasure_leads_nowhere_and_ends_by_itself() {
    let house = house().await;
    let minji = house.sign_in("minji");
    let key = house.local().house().mail_token_key().await.unwrap();
    house.delete("/v1/me").by(&minji).json(&json!({ "password": PASSWORD })).await.is(204);
    // As whoever read that there is an account writes it down, just after everything was forgotten.
    let (diner, id) = (minji.diner().clone(), MailTokenId::derived([7; 16]));
    let reset = key.token(MailTokenPurpose::ResetPassword, &diner, id);
    let pending = PendingReset {
        id,
        account: Some(minji.account()),
        generation: minji.access.generation,
        token_hash: token_hash(&reset),
        expires_at: house.now() + SignedDuration::from_hours(1),
        diner: diner.clone(),
    };
    house.store().put_password_reset(&pending).await.unwrap();
    let verify = key.token(MailTokenPurpose::VerifyEmail, &diner, id);
    let pending = PendingSignUp {
        id,
        email: minji.email.parse().unwrap(),
        name: "김민지".parse().unwrap(),
        phone: None,
        language: jari_domain::Language::Ko,
        kind: SignUpFor::Known,
        token_hash: token_hash(&verify),
        expires_at: house.now() + SignedDuration::from_hours(24),
        diner,
    };
    house.store().put_sign_up(&pending).await.unwrap();

    let body = json!({ "token": reset, "password": "가을밤의 국수 두그릇" });
    house.post("/v1/password-resets/confirm").json(&body).await.refused(422, "invalid_token");
    house.post("/v1/accounts/verify").json(&json!({ "token": verify })).await.refused(422, "invalid_token");
    house.comes_to_rest().await;
    // A day and the hours until it is tidied up later nothing tells of either.
    house.advance("PT26H").await;
    assert_nothing_names(&house, &[&minji.email, "김민지", &minji.account().digits()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_owner_of_a_restaurant_stays_and_nothing_of_theirs_is_touched() {
    let house = house().await;
    let jun = house.sign_in("jun");
    house.book(table_for(2).by("jun")).await.is(201);
    house.delete("/v1/me").by(&jun).await.refused(409, "last_owner");
    house.get("/v1/me").by(&jun).await.is(200);
    let kept = house.get("/v1/me/reservations").by(&jun).await.is(200);
    assert_eq!(kept.json["items"][0]["status"], "confirmed");
}

/// A restaurant that `by` registers; its path.
async fn draft_of(house: &House, by: &Person) -> String {
    let text = |korean: &str| json!({ "ko": korean });
    let draft = json!({
        "name": text("새벽"), "address": text("서울 성동구 서울숲길 9"),
        "location": { "lat": 37.5447, "lng": 127.0400 }, "phone": "+82212345678",
        "email": "dawn@jari.test", "area": "seongsu",
    });
    let draft = house.post("/v1/restaurants").by(by).json(&draft).await.is(201);
    format!("/v1/restaurants/{}", draft.json["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gives_a_restaurant_up_before_it_was_approved_closes_it_and_can_be_erased() {
    let house = House::open().with_diner("jun").await;
    let jun = house.sign_in("jun");
    let path = draft_of(&house, &jun).await;
    house.delete("/v1/me").by(&jun).await.refused(409, "last_owner");
    house.post(&format!("{path}/close")).by(&jun).await.is(200);
    house.delete("/v1/me").by(&jun).await.is(204);
    let (account, email) = (jun.account().digits(), &*jun.email);
    for item in house.items().await {
        let is_audit = item["SK"].as_s().unwrap().starts_with("AUDIT#");
        let text = format!("{item:?}");
        assert!(!text.contains(email) && (is_audit || !text.contains(&account)), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_was_handed_over_does_not_tell_who_founded_it() {
    let house = House::open().with_diner("jun").with_diner("sora").await;
    let jun = house.sign_in("jun");
    let path = draft_of(&house, &jun).await;
    let heir = json!({ "email": "sora@jari.test", "role": "owner" });
    house.post(&format!("{path}/staff")).by(&jun).json(&heir).await.is(201);
    house.delete("/v1/me").by(&jun).await.is(204);
    for item in house.items().await.iter().filter(|item| !item["SK"].as_s().unwrap().starts_with("AUDIT#")) {
        assert!(!format!("{item:?}").contains(&jun.account().digits()), "{item:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_restaurants_know_of_their_guest_goes_too() {
    let mut house = house().await;
    let (restaurant, minji) = (house.restaurant(), house.sign_in("minji"));
    let haeun = house.introduce(Introduced::staff("haeun", restaurant, StaffRole::Host)).await;
    let wish = |time: &str| table_for(2).at(time).with("guest", guest());
    let came = house.book(wish("17:00")).await.is(201).id();
    let absent = house.book(wish("18:30")).await.is(201).id();
    house.local().move_clock_to(on_day("18:46").parse().unwrap()).await;
    for (id, step) in [(came, "seat"), (came, "complete"), (absent, "no-show")] {
        house.post(&format!("/v1/reservations/{id}/{step}")).by(&haeun).await.is(200);
    }
    let (pk, bar) =
        (format!("REST#{}", restaurant.digits()), json!({ "since": house.now(), "reservation": absent }));
    house.put_item(&json!({ "PK": pk, "SK": "NOSHOWS", &minji.diner().0: bar })).await;
    house.comes_to_rest().await;
    house.delete("/v1/me").by(&minji).json(&json!({ "password": PASSWORD })).await.is(204);
    house.comes_to_rest().await;
    assert_nothing_names(&house, &[&minji.email, "김민지", &minji.diner().0, &minji.account().digits()])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_holds_and_of_times_that_were_given_up_nothing_names_its_person_either() {
    let house = house().await;
    let minji = house.sign_in("minji");
    let held = |time: &str| table_for(2).at(time).held().asked_by(&minji);
    let ended = house.book(held("17:00")).await.is(201).id();
    house.advance("PT6M").await;
    let let_go = house.book(held("17:00")).await.is(201).id();
    house.post(&format!("/v1/reservations/{let_go}/cancel")).by(&minji).await.is(200);
    let live = house.book(held("18:30")).await.is(201).id();
    let moved =
        house.book(table_for(2).at("20:30").with("guest", guest()).asked_by(&minji)).await.is(201).id();
    let other_day = json!({ "startsAt": "2026-12-26T19:00:00+09:00" });
    house.patch(&format!("/v1/reservations/{moved}")).by(&minji).json(&other_day).await.is(200);
    house.comes_to_rest().await;
    house.delete("/v1/me").by(&minji).json(&json!({ "password": PASSWORD })).await.is(204);
    house.comes_to_rest().await;
    for id in [ended, let_go, live, moved] {
        assert!(!house.reservation(id).await.unwrap().status.is_active());
    }
    assert_nothing_names(&house, &[&minji.email, &minji.diner().0, &minji.account().digits()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_all_that_is_kept_and_no_hash() {
    let house = house().await;
    let minji = house.sign_in("minji");
    let booked = house.book(table_for(2).with("guest", guest()).with("note", NOTE)).await.is(201).ticket();
    let export = house.get("/v1/me/export").by(&minji).await.is(200);
    assert!(export.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!((&export.json["truncated"], &export.json["next"]), (&json!(false), &Value::Null));
    assert_eq!(export.json["account"]["phone"], "+821098765432");
    let reservation = &export.json["reservations"][0];
    assert_eq!((&reservation["id"], &reservation["note"]), (&json!(booked.id), &json!(NOTE)));
    assert_eq!(reservation["guest"]["name"], "김민지");
    assert!(!reservation["history"].as_array().unwrap().is_empty());
    assert_eq!((&export.json["identities"], &export.json["guestRecords"]), (&json!([]), &json!([])));
    assert!(!export.text.contains("argon2"), "{}", export.text);
    house.get("/v1/me/export").await.refused(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_what_restaurants_keep_of_their_guest_and_with_whom_one_signs_in() {
    let mut house = house().await;
    let restaurant = house.restaurant();
    let minji = house.sign_in("minji");
    let haeun = house.introduce(Introduced::staff("haeun", restaurant, StaffRole::Host)).await;
    let wish = |time: &str| table_for(2).at(time).with("guest", guest());
    let came = house.book(wish("17:00")).await.is(201).id();
    let absent = house.book(wish("18:30")).await.is(201).id();
    house.local().move_clock_to(on_day("18:46").parse().unwrap()).await;
    for (id, step) in [(came, "seat"), (came, "complete"), (absent, "no-show")] {
        house.post(&format!("/v1/reservations/{id}/{step}")).by(&haeun).await.is(200);
    }
    let stored = house.store().account(minji.account()).await.unwrap().unwrap();
    let subject_hash = token_hash("who-minji-is-there");
    let identity = SocialIdentity { provider: "kakao".into(), subject_hash: subject_hash.clone() };
    assert!(house.store().link_identity(&identity, None, &stored).await.unwrap());

    let export = house.get("/v1/me/export").by(&minji).await.is(200);
    let record = &export.json["guestRecords"][0];
    assert_eq!((&record["restaurantId"], &record["visits"]), (&json!(restaurant), &json!(1)));
    let no_show: Timestamp = record["noShows"][0].as_str().unwrap().parse().unwrap();
    assert_eq!(no_show, on_day("18:30").parse().unwrap());
    assert_eq!(export.json["guestRecords"].as_array().unwrap().len(), 1);
    assert_eq!(export.json["identities"], json!([{ "provider": "kakao" }]));
    assert!(!export.text.contains(&subject_hash.0), "{}", export.text);
    // Another's visits are none of hers.
    let jun = house.sign_in("jun");
    assert_eq!(house.get("/v1/me/export").by(&jun).await.is(200).json["guestRecords"], json!([]));
}
