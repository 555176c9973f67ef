//! A restaurant's page, rendered from values.

use jari_domain::{Language, Unavailable};
use jari_operations::Time;
use jiff::ToSpan;
use serde_json::json;

use super::*;
use crate::tests::{at, frame, restaurant};

const NOW: &str = "2026-12-01T10:00:00+09:00";

fn day(date: Date, times: &[(&str, Result<Vec<String>, Unavailable>)]) -> DayTimes {
    let time = |(clock, areas): &(&str, Result<_, _>)| {
        let starts_at = at(&format!("{date}T{clock}:00+09:00"));
        Time { starts_at, ends_at: starts_at, areas: areas.clone() }
    };
    let times: Vec<Time> = times.iter().map(time).collect();
    DayTimes { date, closed: times.is_empty(), times }
}

fn free_in(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// Two times a day that say the same, and Mondays closed, as the plan asks for them.
fn days_of(plan: &Plan, first: &Result<Vec<String>, Unavailable>) -> Vec<DayTimes> {
    let one = |date: &Date| match date.weekday() {
        jiff::civil::Weekday::Monday => day(*date, &[]),
        _ => day(*date, &[("18:00", first.clone()), ("19:00", Err(Unavailable::Pacing))]),
    };
    plan.dates.iter().map(one).collect()
}

fn shown(query: &str, language: Language, first: &Result<Vec<String>, Unavailable>) -> String {
    let restaurant = restaurant();
    let looked = Looked::read(Some(query), &restaurant, at(NOW));
    let plan = Plan::new(&looked, &restaurant, at(NOW));
    let days = days_of(&plan, first);
    let path = format!("/restaurants/{}", restaurant.id);
    let asked = query.contains("lang=en").then_some(Language::En);
    let frame = frame(language, &format!("{path}?{query}")).listed_at(&path).asked_in(asked);
    let menu: Menu = serde_json::from_value(json!({ "sections": [{
        "name": { "ko": "밥", "en": "Rice" },
        "items": [
            { "name": { "ko": "솥밥" }, "price": { "amount": 16000, "currency": "KRW" }, "picture": "https://pictures.test/1.jpg" },
            { "name": { "ko": "</script>" }, "price": { "amount": 900, "currency": "KRW" }, "picture": "http://pictures.test/2.jpg" },
        ],
    }] }))
    .unwrap();
    Page::new(frame, &restaurant, &menu, looked, &plan, &days, at(NOW)).render().unwrap()
}

fn says(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text}\n{page}");
    }
}

#[test]
fn a_free_time_is_a_button_and_another_says_why_not() {
    let page = shown("date=2026-12-24&party=3&area=hall", Language::Ko, &Ok(free_in(&["hall", "terrace"])));
    says(
        &page,
        &[
            "<h3 id=\"times\">12월 24일 (목) · 3명</h3>",
            "name=\"partySize\" value=\"3\"",
            "name=\"area\" value=\"hall\"",
            "<button type=\"submit\" name=\"startsAt\" value=\"2026-12-24T18:00:00+09:00\">오후 6:00</button>",
            "<b>오후 7:00</b><span>예약 집중</span>",
            "<dt>예약 집중</dt><dd>같은 시각에",
            "5분 동안 자리를 맡아 둡니다",
        ],
    );
}

#[test]
fn every_reason_has_a_word_and_a_sentence_in_both_languages() {
    for why in [
        Unavailable::Full,
        Unavailable::Pacing,
        Unavailable::PastCutoff,
        Unavailable::BeyondWindow,
        Unavailable::PartyTooLarge,
        Unavailable::PartyTooSmall,
        Unavailable::InHouseOnly,
    ] {
        for language in [Language::Ko, Language::En] {
            let page = shown("date=2026-12-24", language, &Err(why));
            let t = Texts(language);
            says(&page, &[&format!("<dt>{}</dt>", crate::why_not::word(why, t))]);
            says(&page, &[&crate::why_not::sentence(why, t).replace('\'', "&#39;")]);
            assert!(!page.contains("name=\"startsAt\""), "{why:?}");
        }
    }
}

#[test]
fn the_calendar_says_in_a_word_which_days_have_room() {
    let page = shown("date=2026-12-24", Language::En, &Ok(free_in(&["hall"])));
    says(
        &page,
        &[
            "aria-current=\"date\"><span class=\"unseen\">Thursday 24 December</span><b aria-hidden=\"true\">24</b><span>Free</span>",
            "<span class=\"unseen\">Monday 21 December</span><b aria-hidden=\"true\">21</b><span>Closed</span>",
            "<li><b>Free</b> has room</li>",
        ],
    );
    // The window ends on New Year's Eve: no month after it.
    assert!(!page.contains("rel=\"next\"") && !page.contains("rel=\"prev\""), "{page}");
}

#[test]
fn a_closed_day_shows_no_times_and_leads_to_the_next_with_room() {
    let page = shown("date=2026-12-21", Language::Ko, &Ok(free_in(&["hall"])));
    says(&page, &["<p>쉬는 날입니다.</p>", "다음 빈자리: 12월 22일 (화)</a>"]);
    assert!(!page.contains("name=\"startsAt\""));
}

#[test]
fn without_a_day_the_first_with_room_is_shown_and_late_in_the_evening_none_of_today() {
    let restaurant = restaurant();
    let chosen = |now: &str| {
        let looked = Looked::read(None, &restaurant, at(now));
        let plan = Plan::new(&looked, &restaurant, at(now));
        plan.day(&days_of(&plan, &Ok(free_in(&["hall"]))), None).to_string()
    };
    assert_eq!(chosen("2026-12-01T10:00:00+09:00"), "2026-12-01");
    assert_eq!(chosen("2026-12-01T21:30:00+09:00"), "2026-12-02");
    assert_eq!(chosen("2026-12-07T10:00:00+09:00"), "2026-12-08", "Mondays are closed");
}

#[test]
fn only_days_that_can_be_booked_are_read_and_each_once() {
    let restaurant = restaurant();
    let dates = |query: &str, now: &str| {
        let looked = Looked::read(Some(query), &restaurant, at(now));
        let plan = Plan::new(&looked, &restaurant, at(now));
        let mut once = plan.dates.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), plan.dates.len());
        (once[0].to_string(), once[once.len() - 1].to_string(), once.len())
    };
    let of = |first: &str, last: &str, count| (first.to_owned(), last.to_owned(), count);
    assert_eq!(dates("", NOW), of("2026-12-01", "2026-12-31", 31));
    let later = "2026-12-20T10:00:00+09:00";
    assert_eq!(dates("", later), of("2026-12-20", "2026-12-31", 12));
    assert_eq!(dates("month=2027-01", later), of("2027-01-01", "2027-01-19", 19));
    assert_eq!(dates("month=2027-01&date=2026-12-24", later), of("2026-12-24", "2027-01-19", 20));
    // Months that nobody can book lead to the nearest that can be.
    assert_eq!(dates("month=2030-01", later), of("2027-01-01", "2027-01-19", 19));
    assert_eq!(dates("month=2020-01", later), of("2026-12-20", "2026-12-31", 12));
    assert_eq!(dates("date=2028-01-01", later), of("2027-01-01", "2028-01-01", 20));
}

#[test]
fn an_address_that_nobody_can_read_is_a_page_all_the_same() {
    let page = shown("date=2026-11-30&month=13&party=many&area=roof", Language::En, &Ok(free_in(&["hall"])));
    says(
        &page,
        &[
            "That day is past or could not be read. This is Tuesday 1 December.",
            "That month could not be read",
            "This is for 2 people",
            "This restaurant has no such area",
        ],
    );
}

#[test]
fn parts_of_the_house_are_a_choice_only_where_there_is_one() {
    let address = "party=2&#38;area=terrace#book\" lang=\"ko\">테라스</a>";
    assert!(shown("", Language::En, &Ok(free_in(&["hall", "terrace"]))).contains(address));
    assert!(!shown("", Language::En, &Ok(free_in(&["hall"]))).contains("area=hall"));
    let page = shown("date=2026-12-24&area=terrace", Language::En, &Ok(free_in(&["hall"])));
    says(&page, &["<span>Elsewhere</span>", "free in another part", "aria-current=\"true\">테라스"]);
    assert!(!page.contains("name=\"startsAt\""));
}

#[test]
fn a_party_too_large_for_the_house_is_told_to_call() {
    let page = shown("date=2026-12-24&party=5", Language::En, &Err(Unavailable::PartyTooLarge));
    // The policy allows eight, and no table seats more than four.
    says(
        &page,
        &["Up to 4 people can book online.", "href=\"tel:+82200001001\"", "aria-current=\"true\">5 people"],
    );
}

#[test]
fn a_menu_has_prices_and_only_pictures_that_are_safe_to_fetch() {
    let page = shown("", Language::En, &Ok(free_in(&["hall"])));
    says(
        &page,
        &[
            "<span lang=\"ko\">솥밥</span> <span class=\"price\">₩16,000</span>",
            "src=\"https://pictures.test/1.jpg\"",
        ],
    );
    assert!(!page.contains("http://pictures.test"));
}

#[test]
fn opening_hours_tell_special_days_and_closures() {
    let restaurant = restaurant();
    let now = at("2026-12-20T10:00:00+09:00");
    let closed = DayTimes { date: "2026-12-22".parse().unwrap(), closed: true, times: vec![] };
    let about = About::new(&restaurant, &Menu::default(), &[closed], now, Texts(Language::En));
    let told = |n: usize| {
        let day = &about.week[n];
        let hours: Vec<&str> = day.shifts.iter().map(|shift| shift.hours.as_str()).collect();
        (day.special.as_ref().map(|told| told.text.as_str()), hours)
    };
    assert_eq!(about.today, "Today 17:30–next day 01:00");
    assert_eq!(told(1), (None, vec![]), "a Monday");
    assert_eq!(told(2), (None, vec![]), "a day the restaurant has closed");
    assert_eq!(told(3), (None, vec!["17:30–next day 01:00"]));
    assert_eq!(told(5), (Some("Christmas Day"), vec![]));
    assert_eq!(about.week.len(), 7);
}

#[test]
fn search_engines_get_the_restaurant_and_one_address_for_it() {
    let mut restaurant = restaurant();
    restaurant.profile.name.ko = "온기</script><b>".to_owned();
    let json = json_ld::restaurant(&restaurant, "https://jari.test", Language::Ko);
    assert!(!json.contains('<'));
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["@type"], "Restaurant");
    assert_eq!(read["name"], "온기</script><b>");
    assert_eq!(read["potentialAction"]["@type"], "ReserveAction");
    assert_eq!(read["openingHoursSpecification"][0]["opens"], "17:30");
    let address = format!("https://jari.test/restaurants/{}", restaurant.id);
    assert_eq!(read["potentialAction"]["target"]["urlTemplate"], address.as_str());
    let page = shown("date=2026-12-24&party=4", Language::Ko, &Ok(free_in(&["hall"])));
    says(&page, &[&format!("<link rel=\"canonical\" href=\"{address}\">")]);
    says(&page, &[&format!("hreflang=\"en\" href=\"{address}?lang=en\"")]);
    says(&page, &["party=4&#38;lang=en\" lang=\"en\"", "<meta property=\"og:url\""]);
    let english = shown("party=4&lang=en", Language::En, &Ok(free_in(&["hall"])));
    says(&english, &[&format!("<link rel=\"canonical\" href=\"{address}?lang=en\">")]);
}

#[test]
fn a_months_neighbours_are_those_that_can_be_booked() {
    let restaurant = restaurant();
    let now = at("2026-12-20T10:00:00+09:00");
    let plan = Plan::new(&Looked::read(None, &restaurant, now), &restaurant, now);
    let january = plan.month.saturating_add(1.month());
    assert_eq!(plan.neighbours(), (None, Some(january)));
    let looked = Looked::read(Some("month=2027-01"), &restaurant, now);
    assert_eq!(Plan::new(&looked, &restaurant, now).neighbours(), (Some(plan.month), None));
}
