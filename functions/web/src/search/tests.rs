//! The first page, rendered from values.

use jari_domain::Language;
use jari_operations::{DayTimes, Time};

use super::{
    card::{Seen, Wish},
    *,
};
use crate::tests::{at, frame, restaurant};

const NOW: &str = "2026-12-01T10:00:00+09:00";

fn seoul() -> TimeZone {
    TimeZone::get(HOME_ZONE).unwrap()
}

fn seen(times: &[(&str, Result<Vec<String>, jari_domain::Unavailable>)], next: Option<&str>) -> Seen {
    let time = |(starts_at, areas): &(&str, Result<_, _>)| Time {
        starts_at: at(starts_at),
        ends_at: at(starts_at),
        areas: areas.clone(),
    };
    let times: Vec<Time> = times.iter().map(time).collect();
    let day = DayTimes { date: "2026-12-24".parse().unwrap(), closed: times.is_empty(), times };
    Seen { restaurant: std::sync::Arc::new(restaurant()), day, next: next.map(|date| date.parse().unwrap()) }
}

fn page(query: &str, language: Language, seen: &[Seen], next: Option<&str>) -> String {
    let mut asked = Asked::read(Some(query));
    let date = asked.day(at(NOW), &seoul());
    let wish = Wish { date, time: asked.time, party: asked.party, now: at(NOW) };
    let frame = frame(language, &format!("/?{query}")).listed_at(&asked.listed_at());
    let cards = seen.iter().map(|seen| Card::new(seen, wish, frame.t)).collect();
    let home = Home {
        form: SearchForm::new(&asked, date, at(NOW), &seoul(), frame.t),
        notices: asked.notices(date, &seoul(), frame.t),
        results: Results::new(&asked, date, at(NOW), &seoul(), cards, (true, next.is_some()), frame.t),
        hold_key: "k3y".to_owned(),
        next: next.map(|place| asked.address(date, Some(place))),
        first: None,
        clear: asked.is_narrow().then(|| asked.without_narrowing(date)),
        frame,
    };
    home.render().unwrap()
}

fn says(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text}\n{page}");
    }
}

#[test]
fn a_time_is_a_button_that_holds_it_for_the_party() {
    let free = seen(&[("2026-12-24T19:00:00+09:00", Ok(vec![]))], None);
    let html = page("date=2026-12-24&party=3", Language::Ko, &[free], None);
    says(
        &html,
        &[
            "<form class=\"offer\" method=\"post\" action=\"/restaurants/rst_",
            "name=\"formToken\"",
            "name=\"key\" value=\"k3y\"",
            "name=\"partySize\" value=\"3\"",
            "<button type=\"submit\" name=\"startsAt\" value=\"2026-12-24T19:00:00+09:00\">오후 7:00</button>",
            "<h2 id=\"results\">12월 24일 (목) · 3명</h2>",
            "서울 성수\u{a0}· 한식\u{a0}· 와인 바",
        ],
    );
}

#[test]
fn a_restaurant_without_a_time_says_why_and_when_it_has_one() {
    let full =
        seen(&[("2026-12-24T19:00:00+09:00", Err(jari_domain::Unavailable::Full))], Some("2026-12-26"));
    let html = page("date=2026-12-24", Language::En, &[full], None);
    says(&html, &["Every table for your party is taken. The next day with room is Saturday 26 December."]);
    assert!(html.contains("date=2026-12-26&#38;party=2#times\""), "{html}");
    assert!(!html.contains("name=\"startsAt\""));
    let closed = page("date=2026-12-24", Language::Ko, &[seen(&[], None)], None);
    says(&closed, &["쉬는 날입니다.", "다른 날짜 보기"]);
}

#[test]
fn whoever_has_a_table_stands_before_those_who_have_none() {
    let closed = seen(&[], None);
    let free = seen(&[("2026-12-24T19:00:00+09:00", Ok(vec![]))], None);
    let html = page("date=2026-12-24", Language::Ko, &[closed, free], None);
    assert!(html.find("name=\"startsAt\"").unwrap() < html.find("쉬는 날입니다.").unwrap());
}

#[test]
fn what_is_not_in_the_readers_language_says_which_it_is_in() {
    let html = page("", Language::Ko, &[seen(&[], None)], None);
    says(&html, &["<p class=\"tells\" lang=\"en\">A small dining room.</p>", "lang=\"ko\">온기</a></h3>"]);
}

#[test]
fn an_address_that_nobody_can_read_is_a_page_all_the_same() {
    let html = page("date=2026-02-30&party=0&time=late&area=%FF", Language::En, &[], None);
    says(
        &html,
        &[
            "That date is past or could not be read",
            "This is for 2 people",
            "No restaurant takes reservations yet",
        ],
    );
}

#[test]
fn search_engines_list_a_part_of_town_and_no_day() {
    let html = page("date=2026-12-24&party=4&area=seongsu", Language::Ko, &[], Some("p"));
    says(
        &html,
        &[
            "<link rel=\"canonical\" href=\"https://jari.test/?area=seongsu\">",
            "date=2026-12-24&#38;party=4&#38;area=seongsu&#38;after=p\" rel=\"next\"",
            // The other language shows the same search.
            "party=4&#38;area=seongsu&#38;lang=en\"",
        ],
    );
}
