//! Search and a restaurant's page, as a visitor sees them: real times as buttons, and why there are none.

use jari_domain::{RestaurantStatus, SpecialDay};
use jari_tests::{Bistro, Browser, DAY, Form, House, Shown, bistro, house::day, table_for};

async fn house(bistro: Bistro) -> House {
    House::open().with_restaurant(bistro).await
}

fn hold_address(house: &House) -> String {
    format!("/restaurants/{}/hold", house.restaurant())
}

/// The times a page has as buttons of this restaurant.
fn times(page: &Shown, house: &House) -> Vec<String> {
    let action = hold_address(house);
    let forms = page.forms().into_iter().filter(|form| form.action == action);
    forms.flat_map(|form| form.buttons.into_iter().map(|(label, _)| label)).collect()
}

fn restaurant_page(house: &House, query: &str) -> String {
    format!("/restaurants/{}?{query}", house.restaurant())
}

#[tokio::test]
async fn search_has_the_times_that_are_free_and_one_press_holds_one() {
    let house = house(bistro().with_tables(1, 2)).await;
    house.book(table_for(2).at("19:00")).await.is(201);
    let browser = Browser::new(&house);
    let page = browser.open(&format!("/?date={DAY}&party=2&time=19:00")).await.is(200);
    // 90 minutes before and after it are taken with it.
    assert_eq!(times(&page, &house), ["오후 5:00", "오후 5:30", "오후 8:30", "오후 9:00", "오후 9:30"]);

    let form: Form = page.form_with(&hold_address(&house), "오후 8:30").pressing("오후 8:30");
    assert_eq!(form.value("startsAt"), format!("{DAY}T20:30:00+09:00"));
    assert_eq!(form.value("partySize"), "2");
    assert!(!form.value("key").is_empty() && !form.value("formToken").is_empty());
    let held = browser.send(&form).await.is(200);
    assert!(held.address.starts_with("/book/"), "{}", held.address);
    assert_eq!(house.why_not("20:30", 2).await.as_deref(), Some("full"));

    // Who looks next is not offered it.
    let next = Browser::new(&house).in_english().open(&format!("/?date={DAY}&party=2")).await.is(200);
    assert_eq!(times(&next, &house), ["17:00", "17:30"]);
}

#[tokio::test]
async fn a_full_house_says_so_and_offers_the_next_day_with_room() {
    let house = house(bistro().with_tables(1, 2).open("19:00", "19:00", "23:00")).await;
    house.book(table_for(2).at("19:00")).await.is(201);
    let browser = Browser::new(&house).in_english();
    let page = browser.open(&format!("/?date={DAY}")).await.is(200);
    let page =
        page.says(&["Every table for your party is taken.", "The next day with room is Friday 25 December."]);
    assert!(times(&page, &house).is_empty());
    let next = browser.open(&restaurant_page(&house, "date=2026-12-25&party=2")).await.is(200);
    assert_eq!(times(&next, &house), ["19:00"]);
}

#[tokio::test]
async fn whoever_has_no_time_says_why_in_both_languages() {
    let closed = |bistro: Bistro| {
        bistro.with(|restaurant| {
            let name = jari_domain::LocalizedText { ko: "쉬는 이브".into(), en: "Eve off".into() };
            restaurant.schedule.special_days.push(SpecialDay { date: day(DAY), name, shifts: vec![] });
        })
    };
    let cases = [
        (closed(bistro().with_tables(1, 2)), "2", ["쉬는 날입니다.", "The restaurant is closed that day."]),
        (
            bistro().with_tables(1, 2).with_policy(|policy| policy.window_days = 7),
            "2",
            ["아직 예약을 받지 않는 날짜입니다.", "That day can’t be booked yet."],
        ),
        (
            bistro().with_tables(1, 2),
            "3",
            [
                "온라인으로 예약하실 수 있는 인원보다 많습니다.",
                "Your party is larger than can be booked online.",
            ],
        ),
        (
            bistro().with_tables(1, 8),
            "1",
            ["더 많은 인원을 위한 자리만 있습니다.", "Only tables for larger parties are there."],
        ),
    ];
    for (bistro, party, [ko, en]) in cases {
        let house = house(bistro).await;
        for address in [
            format!("/?date={DAY}&party={party}"),
            restaurant_page(&house, &format!("date={DAY}&party={party}")),
        ] {
            let korean = Browser::new(&house).open(&address).await.is(200).says(&[ko]);
            let english = Browser::new(&house).in_english().open(&address).await.is(200).says(&[en]);
            assert!(times(&korean, &house).is_empty() && times(&english, &house).is_empty());
        }
    }
}

#[tokio::test]
async fn the_page_of_a_restaurant_has_every_time_of_the_day_and_its_month() {
    let house = house(bistro().with_tables(1, 2)).await;
    house.book(table_for(2).at("19:00")).await.is(201);
    let browser = Browser::new(&house);
    let page = browser.open(&restaurant_page(&house, &format!("date={DAY}&party=2"))).await.is(200);
    assert_eq!(times(&page, &house), ["오후 5:00", "오후 5:30", "오후 8:30", "오후 9:00", "오후 9:30"]);
    let page = page.says(&[
        "<b>오후 7:00</b><span>만석</span>",
        "<dt>만석</dt>",
        "<span class=\"unseen\">12월 24일 (목)</span>",
        "<script type=\"application/ld+json\">{",
        "https://map.naver.com/p/search/",
        "https://map.kakao.com/?q=",
        "https://www.google.com/maps/search/",
        "href=\"tel:+82212345678\"",
    ]);
    assert_eq!(page.headers["cache-control"], "no-store");
    let held = browser.press(&page, &hold_address(&house), "오후 9:00").await.is(200);
    assert!(held.address.starts_with("/book/"), "{}", held.address);
}

#[tokio::test]
async fn where_one_sits_can_be_chosen_and_is_held_there() {
    let house = house(bistro().with_tables(1, 2).with_tables_in("terrace", 1, 1, 2)).await;
    let browser = Browser::new(&house).in_english();
    let page =
        browser.open(&restaurant_page(&house, &format!("date={DAY}&party=2&area=terrace"))).await.is(200);
    let form = page.form_with(&hold_address(&house), "19:00");
    assert_eq!(form.value("area"), "terrace");
    browser.send(&form.pressing("19:00")).await.is(200);
    let again =
        browser.open(&restaurant_page(&house, &format!("date={DAY}&party=2&area=terrace"))).await.is(200);
    assert!(!times(&again, &house).contains(&"19:00".to_owned()));
    again.says(&["<b>19:00</b><span>Elsewhere</span>"]);
}

#[tokio::test]
async fn a_day_the_restaurant_closes_at_short_notice_is_closed_on_its_page() {
    let mut house = house(bistro().with_tables(1, 2)).await;
    let manager = jari_tests::Introduced::staff("mina", house.restaurant(), jari_domain::StaffRole::Manager);
    let manager = house.introduce(manager).await;
    let path = format!("/v1/restaurants/{}/days/{DAY}/closure", house.restaurant());
    house.put(&path).by(&manager).json(&serde_json::json!({})).await;
    let page = Browser::new(&house).open(&restaurant_page(&house, &format!("date={DAY}"))).await.is(200);
    let page = page.says(&["<p>쉬는 날입니다.</p>", "다음 빈자리: 12월 25일 (금)"]);
    assert!(times(&page, &house).is_empty());
}

#[tokio::test]
async fn an_address_nobody_can_read_still_opens_a_page() {
    let house = house(bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house);
    for query in [
        "date=2026-13-01&party=0&time=99:99&area=%FF&cuisine=A%20B&q=%00&after=e30",
        "date=2020-01-01&party=&time=&area=&cuisine=&q=&after=",
        "date=9999-12-31&party=99&month=9999-12",
        "date&party&&&=&q=%",
    ] {
        browser.open(&format!("/?{query}")).await.is(200);
        browser.open(&restaurant_page(&house, query)).await.is(200);
    }
    browser
        .open("/?date=2020-01-01")
        .await
        .is(200)
        .says(&["오늘, 12월 1일 (화) · 2명", "지났거나 알아볼 수 없어"]);
}

#[tokio::test]
async fn a_restaurant_that_is_not_public_or_not_there_has_no_page() {
    let draft =
        bistro().with_tables(1, 2).with(|restaurant| restaurant.profile.status = RestaurantStatus::Draft);
    let house = house(draft).await;
    let browser = Browser::new(&house);
    browser.open(&restaurant_page(&house, "")).await.is(404);
    for id in ["rst_01jar199999999999999999999", "rst_1", "rsv_01jar100000000000000000001", "%FF"] {
        browser.open(&format!("/restaurants/{id}")).await.is(404);
    }
    let page = browser.open("/").await.is(200);
    assert!(!page.html.contains("온기") && times(&page, &house).is_empty());
}

#[tokio::test]
async fn a_search_is_kept_over_its_pages_and_by_its_filters() {
    let mut house = House::open().with_demo().await;
    house.open_restaurant(&bistro().with_tables(1, 2)).await;
    let browser = Browser::new(&house);
    let first = browser.open(&format!("/?date={DAY}&party=2&time=19:00")).await.is(200);
    let cards = |page: &Shown| page.html.matches("class=\"card place\"").count();
    assert_eq!(cards(&first), 12);
    let next = first.html.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let second = browser.open(&next).await.is(200).says(&["value=\"19:00\" selected"]);
    assert!((1..12).contains(&cards(&second)), "{}", cards(&second));
    assert!(!second.html.contains("rel=\"next\""));
    // A place in another list is none of this one.
    browser.open(&format!("{next}&area=seongsu")).await.is(200).says(&["처음부터 보여 드립니다"]);

    let seongsu =
        browser.open(&format!("/?date={DAY}&area=seongsu&cuisine=korean&q=%EC%98%A8%EA%B8%B0")).await;
    let seongsu = seongsu.is(200).says(&["온기", "value=\"seongsu\" selected", "value=\"korean\" selected"]);
    assert_eq!(cards(&seongsu), 1);
    browser.open("/?q=nobody").await.is(200).says(&["조건에 맞는 식당이 없습니다"]);
}
