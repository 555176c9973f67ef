//! Who works at a restaurant: who may hire and dismiss, what a member sees, and that an owner always stays.

use jari_domain::StaffRole;
use jari_tests::{Answer, House, Person, bistro, people::Introduced};
use serde_json::json;

async fn hire(house: &House, by: &Person, email: &str, role: &str) -> Answer {
    let path = format!("/v1/restaurants/{}/staff", house.restaurant());
    house.post(&path).by(by).json(&json!({ "email": email, "role": role })).await
}

async fn dismiss(house: &House, by: &Person, who: &Person) -> Answer {
    let path = format!("/v1/restaurants/{}/staff/{}", house.restaurant(), who.account());
    house.delete(&path).by(by).await
}

async fn staff(house: &House, by: &Person) -> Answer {
    house.get(&format!("/v1/restaurants/{}/staff", house.restaurant())).by(by).await
}

fn roles(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let items = answer.json["items"].as_array().unwrap().iter();
    let mut roles: Vec<_> = items.map(|item| (text(&item["name"]), text(&item["role"]))).collect();
    roles.sort();
    roles
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_hires_promotes_and_dismisses_and_each_finds_the_restaurant_among_theirs() {
    let house = House::open().with_restaurant(bistro()).with_owner("jun").with_diner("sora").await;
    let (jun, sora) = (house.sign_in("jun"), house.sign_in("sora"));
    let hired = hire(&house, &jun, "Sora@jari.test", "host").await.is(201);
    assert_eq!(
        (hired.json["role"].as_str(), hired.json["email"].as_str()),
        (Some("host"), Some(&*sora.email))
    );
    let location = hired.header("location").unwrap().to_owned();
    assert!(location.ends_with(&format!("/staff/{}", sora.account())), "{location}");
    let mine = house.get("/v1/me/restaurants").by(&sora).await.is(200);
    assert_eq!(mine.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(mine.json["items"][0]["id"], json!(house.restaurant()));
    assert_eq!(
        (&mine.json["items"][0]["role"], &mine.json["items"][0]["status"]),
        (&json!("host"), &json!("approved"))
    );
    staff(&house, &sora).await.refused(403, "forbidden");
    hire(&house, &jun, "sora@jari.test", "manager").await.is(200);
    let listed = staff(&house, &sora).await.is(200);
    assert_eq!(roles(&listed), [("jun".into(), "owner".into()), ("sora".into(), "manager".into())]);
    let known = house.get(&format!("/v1/restaurants/{}/staff", house.restaurant())).by(&sora);
    known.header("if-none-match", listed.header("etag").unwrap()).await.is(304);
    hire(&house, &sora, "jun@jari.test", "host").await.refused(403, "forbidden");
    dismiss(&house, &jun, &sora).await.is(204);
    // Out at once, and nothing of it is left.
    staff(&house, &sora).await.refused(404, "not_found");
    assert_eq!(house.get("/v1/me/restaurants").by(&sora).await.is(200).json["items"], json!([]));
    dismiss(&house, &jun, &sora).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_nothing_there_learns_nothing() {
    let house = House::open().with_restaurant(bistro()).with_owner("jun").with_diner("sora").await;
    let (jun, sora) = (house.sign_in("jun"), house.sign_in("sora"));
    staff(&house, &sora).await.refused(404, "not_found");
    hire(&house, &sora, "sora@jari.test", "owner").await.refused(404, "not_found");
    dismiss(&house, &sora, &jun).await.refused(404, "not_found");
    house.get("/v1/me/restaurants").await.refused(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_an_account_can_be_hired_and_as_something_there_is() {
    let house = House::open().with_restaurant(bistro()).with_owner("jun").await;
    let jun = house.sign_in("jun");
    let refused = hire(&house, &jun, "nobody@jari.test", "host").await.refused(422, "invalid_fields");
    assert_eq!(refused.bad_fields(), [("/email".to_owned(), "out_of_range".to_owned())]);
    let refused = hire(&house, &jun, "nobody", "chef").await.refused(422, "invalid_fields");
    assert_eq!(refused.bad_fields().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_out_by_hiring_which_of_many_addresses_have_accounts() {
    const LET_THROUGH: usize = 60;
    let house = House::open().with_restaurant(bistro()).with_owner("jun").with_owner("sora").await;
    let (jun, sora) = (house.sign_in("jun"), house.sign_in("sora"));
    for n in 0..LET_THROUGH {
        hire(&house, &jun, &format!("nobody-{n}@jari.test"), "host").await.refused(422, "invalid_fields");
    }
    for known_or_not in ["sora@jari.test", "nobody@jari.test"] {
        let refused = hire(&house, &jun, known_or_not, "owner").await.refused(429, "too_many_requests");
        let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=3600).contains(&wait), "{wait}");
    }
    // Nobody else is kept waiting, and after an hour nobody is.
    hire(&house, &sora, "nobody@jari.test", "host").await.refused(422, "invalid_fields");
    house.advance("PT1H").await;
    hire(&house, &jun, "nobody@jari.test", "host").await.refused(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_before_another_change_changes_nothing() {
    let house = House::open().with_restaurant(bistro()).with_owner("jun").with_diner("sora").await;
    let jun = house.sign_in("jun");
    let seen = staff(&house, &jun).await.is(200);
    let path = format!("/v1/restaurants/{}/staff", house.restaurant());
    let body = |role: &str| json!({ "email": "sora@jari.test", "role": role });
    house.post(&path).by(&jun).json(&body("host")).if_unchanged_since(&seen).await.is(201);
    let stale = house.post(&path).by(&jun).json(&body("owner")).if_unchanged_since(&seen).await;
    assert_eq!(stale.refused(412, "stale_revision").json["current"]["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays_an_owner() {
    let house = House::open().with_restaurant(bistro()).with_owner("jun").with_manager("sora").await;
    let jun = house.sign_in("jun");
    dismiss(&house, &jun, &jun).await.refused(409, "last_owner");
    hire(&house, &jun, "jun@jari.test", "host").await.refused(409, "last_owner");
    hire(&house, &jun, "sora@jari.test", "owner").await.is(200);
    hire(&house, &jun, "jun@jari.test", "host").await.is(200);
    let sora = house.sign_in("sora");
    assert_eq!(
        roles(&staff(&house, &sora).await),
        [("jun".into(), "host".into()), ("sora".into(), "owner".into())]
    );
}

/// Two owners go at each other at once, one by dismissing, the other by either way; how many did it, and how many owners
/// are left.
async fn duel(house: House, round: u32) -> (usize, usize) {
    let (jun, sora) = (house.sign_in("jun"), house.sign_in("sora"));
    let (one, other) = tokio::join!(dismiss(&house, &jun, &sora), async {
        if round.is_multiple_of(2) {
            dismiss(&house, &sora, &jun).await
        } else {
            hire(&house, &sora, "jun@jari.test", "host").await
        }
    });
    let done = [&one, &other].into_iter().filter(|answer| answer.status < 300).count();
    let left = house.store().staff(house.restaurant()).await.unwrap();
    (done, left.members.iter().filter(|member| member.role == StaffRole::Owner).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_dismiss_each_other_at_once_leave_one() {
    for round in 0..10 {
        let house = House::open().with_restaurant(bistro()).with_owner("jun").with_owner("sora").await;
        assert_eq!(duel(house, round).await, (1, 1), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_write_condition_the_same_duel_leaves_a_restaurant_without_an_owner() {
    let mut ownerless = false;
    for round in 0..20 {
        let opening = House::open().with_faults().with_restaurant(bistro());
        let house = opening.with_owner("jun").with_owner("sora").await;
        house.proxy().without_conditions();
        ownerless |= duel(house, round).await.1 == 0;
        if ownerless {
            break;
        }
    }
    assert!(ownerless, "the race must be a race");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restaurant_has_at_most_fifty_people_however_many_are_hired_at_once() {
    let restaurant = bistro();
    let id = restaurant.id();
    let mut house = House::open().with_restaurant(restaurant).with_owner("jun").await;
    for n in 0..46 {
        house.introduce(Introduced::staff(&format!("host{n}"), id, StaffRole::Host)).await;
    }
    for n in 0..6 {
        house.introduce(Introduced::diner(&format!("new{n}"))).await;
    }
    let jun = house.sign_in("jun");
    let emails: Vec<String> = (0..6).map(|n| format!("new{n}@jari.test")).collect();
    let answers =
        futures::future::join_all(emails.iter().map(|email| hire(&house, &jun, email, "host"))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [201, 201, 201, 409, 409, 409],
        "{:?}",
        answers.iter().map(|answer| &answer.text).collect::<Vec<_>>()
    );
    assert_eq!(house.store().staff(id).await.unwrap().members.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_in_the_audit_log_without_an_address() {
    let house = House::open().with_restaurant(bistro()).with_owner("jun").with_diner("sora").await;
    let (jun, sora) = (house.sign_in("jun"), house.sign_in("sora"));
    hire(&house, &jun, "sora@jari.test", "host").await.is(201);
    dismiss(&house, &jun, &sora).await.is(204);
    let (lines, _) = house.store().audit_log(house.restaurant(), None, 10).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.what.as_str(), line.by)).collect();
    // Both at the same instant of a clock that stands still: in either order.
    assert_eq!(told.len(), 2);
    assert!(told.contains(&("add-staff", jun.account())) && told.contains(&("remove-staff", jun.account())));
    let text = serde_json::to_string(&lines).unwrap();
    assert!(text.contains(&sora.account().to_string()) && !text.contains('@'), "{text}");
}
