//! A restaurant is set up in a browser, without scripts: registered, filled in part by part, submitted, sent back, mended,
//! approved and booked. Who was slower learns what there is now, and who may not, may not.

use jari_tests::{
    Bistro, DAY, House, bistro,
    browser::{Browser, Form, Shown},
    table_for,
};
use serde_json::json;

/// A form with these typed in.
fn typed(form: Form, inputs: &[(&str, &str)]) -> Form {
    inputs.iter().fold(form, |form, (name, value)| form.with(name, value))
}

async fn managed(restaurant: Bistro) -> (House, String) {
    let house =
        House::open().with_restaurant(restaurant).with_owner("sunja").with_manager("mina").with_host("hoon");
    let house = house.with_diner("minji").with_admin("ara").await;
    let office = format!("/office/{}", house.restaurant());
    (house, office)
}

fn as_somebody<'h>(house: &'h House, name: &str) -> Browser<'h> {
    Browser::new(house).signed_in_as(&house.sign_in(name))
}

/// What is told beside the input of that name.
fn fault<'p>(page: &'p Shown, name: &str) -> Option<&'p str> {
    let from = page.html.split(&format!("id=\"in-{}-fault\">", name.replace('/', "-"))).nth(1)?;
    from.split('<').next()
}

#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::too_many_lines, reason = "one story, told from its beginning to its end")]
async fn a_restaurant_is_set_up_by_pages_alone_until_it_can_be_booked() {
    let house = House::open().with_diner("sunja").with_admin("ara").await;
    let (sunja, ara) = (as_somebody(&house, "sunja"), as_somebody(&house, "ara"));
    sunja.open("/office").await.is(200).says(&["아직 일하고 계신 식당이 없습니다.", "href=\"/office/new\""]);

    let form = sunja.open("/office/new").await.is(200).form("/office/new");
    let refused = sunja.send(&form).await.is(422);
    for name in ["phone", "email", "location/lat", "location/lng"] {
        assert!(fault(&refused, name).is_some(), "{name}\n{}", refused.html);
    }
    refused.says(&["한국어나 영어로 입력해 주세요."]);
    let form = typed(
        form,
        &[
            ("name/ko", "새벽"),
            ("name/en", "Dawn"),
            ("phone", "02-1234-5678"),
            ("email", "dawn@jari.test"),
            ("location/lat", "37.5446"),
            ("location/lng", "127"),
            ("area", "seongsu"),
            ("cuisines/-", "korean"),
        ],
    );
    let overview = sunja.send(&form).await.is(200);
    let overview = overview.says(&["새벽", "준비 중", "테이블 하나 이상"]);
    let office = overview.path();
    assert!(!overview.has_form(&format!("{office}/submit")), "nothing to be submitted yet");
    assert_eq!(sunja.send(&form).await.is(200).path(), office, "sent twice, it is one restaurant");
    sunja.send(&form.with("name/ko", "아침")).await.is(409).says(&["이미 등록되었습니다"]);

    let profile = format!("{office}/profile");
    let form = sunja.open(&profile).await.is(200).form(&profile);
    assert_eq!((form.value("phone"), form.value("location/lng")), ("02-1234-5678", "127.0"));
    let nameless =
        sunja.send(&form.clone().with("name/ko", "").with("name/en", "").with("email", "dawn")).await.is(422);
    assert!(fault(&nameless, "email").is_some());
    nameless.says(&["한국어나 영어로 입력해 주세요."]);
    sunja.send(&form.with("address/ko", "서울 성동구 서울숲길 9")).await.is(200).says(&["저장했습니다."]);

    let floor = format!("{office}/floor");
    let page = sunja.open(&floor).await.is(200);
    let page = sunja.press(&page, &floor, "테이블 추가").await.is(200).says(&["아직 저장하지 않았습니다"]);
    let page = sunja.press(&page, &floor, "테이블 추가").await.is(200);
    let form = page.form(&floor);
    assert_eq!((form.value("tables/1/name"), form.value("areas/0/name/ko")), ("2", "홀"));
    let form = typed(form, &[("tables/0/minParty", "3"), ("tables/0/maxParty", "2"), ("tables/1/name", "")]);
    let refused = sunja.send(&form).await.is(422);
    assert_eq!(fault(&refused, "tables/1/name"), Some("필수 항목입니다."));
    let form = typed(refused.form(&floor), &[("tables/1/name", "창가 2")]);
    let refused = sunja.send(&form).await.is(422);
    assert_eq!(fault(&refused, "tables/0/maxParty"), Some("최소 인원보다 적을 수 없습니다."));
    let form = typed(refused.form(&floor), &[("tables/0/minParty", "1")]);
    sunja.send(&form).await.is(200).says(&["저장했습니다.", "창가 2"]);

    let schedule = format!("{office}/schedule");
    let page = sunja.open(&schedule).await.is(200);
    let page = sunja.press(&page, &schedule, "저녁 추가").await.is(200);
    let seen = sunja.press(&page, &schedule, "예약 시간 미리 보기").await.is(200);
    let seen =
        seen.says(&["이렇게 예약 시간이 열립니다", "17:30 · 18:00 · 18:30 · 19:00 · 19:30 · 20:00 · 20:30"]);
    let wrong = sunja.send(&seen.form(&schedule).with("weekly/0/shift/lastSeating", "17:00")).await.is(422);
    assert_eq!(
        fault(&wrong, "weekly/0/shift/lastSeating"),
        Some("시작, 마지막 입장, 마감의 순서여야 합니다.")
    );
    sunja.send(&seen.form(&schedule)).await.is(200).says(&["저장했습니다."]);

    let section = format!("{office}/menu/new");
    let form = sunja.open(&section).await.is(200).form(&section);
    let form = typed(form, &[("name/ko", "면"), ("items/0/name/ko", "냉면"), ("items/0/price", "만이천원")]);
    let refused = sunja.send(&form).await.is(422);
    assert!(fault(&refused, "items/0/price").unwrap().contains("KRW"));
    sunja
        .send(&refused.form(&section).with("items/0/price", "12,000"))
        .await
        .is(200)
        .says(&["냉면 · 12,000원"]);

    let ready = sunja.open(&office).await.is(200);
    let waiting = sunja.press(&ready, &format!("{office}/submit"), "승인 요청하기").await.is(200);
    waiting.says(&["승인 대기"]);
    // A second press of a page that is behind changes nothing.
    let behind = sunja.press(&ready, &format!("{office}/submit"), "승인 요청하기").await.is(409);
    behind.says(&["그사이"]);

    let review = ara.open("/admin").await.is(200).says(&["새벽"]);
    let id = office.strip_prefix("/office/").unwrap();
    assert!(review.html.contains(&format!("/admin/restaurants/{id}")));
    let review_at = format!("/admin/restaurants/{id}");
    let page =
        ara.open(&review_at).await.is(200).says(&["창가 2", "서울 성동구 서울숲길 9", "냉면 · 12,000원"]);
    let reject = format!("{review_at}/reject");
    let no_reason = ara.send(&page.form(&reject)).await.is(422);
    assert_eq!(fault(&no_reason, "reason"), Some("필수 항목입니다."));
    ara.send(&no_reason.form(&reject).with("reason", "소개글을 적어 주세요."))
        .await
        .is(200)
        .says(&["보완 필요"]);
    sunja.open("/office").await.is(200).says(&["소개글을 적어 주세요."]);

    let form = sunja.open(&profile).await.is(200).form(&profile);
    sunja.send(&form.with("description/ko", "아침까지 여는 집")).await.is(200).says(&["저장했습니다."]);
    let ready = sunja.open(&office).await.is(200).says(&["소개글을 적어 주세요."]);
    sunja.press(&ready, &format!("{office}/submit"), "승인 요청하기").await.is(200);
    let page = ara.open(&review_at).await.is(200);
    ara.press(&page, &format!("{review_at}/approve"), "승인합니다").await.is(200).says(&["예약 받는 중"]);
    let open = sunja.open(&office).await.is(200);
    open.says(&[&format!("href=\"/restaurants/{id}\""), &format!("href=\"{office}/tonight\"")]);

    house.book(table_for(2).in_restaurant(id.parse().unwrap()).at("18:00")).await.is(201);
    let log = sunja.open(&format!("{office}/audit-log")).await.is(200);
    log.says(&[
        "식당을 등록했습니다",
        "보완을 요청했습니다",
        "소개글을 적어 주세요.",
        "sunja (대표)",
        "자리 운영팀",
    ]);

    let close = format!("{office}/close");
    sunja.send(&sunja.open(&office).await.form(&close)).await.is(200).says(&["운영 종료"]);
    house.get(&format!("/v1/restaurants/{id}")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_slower_sees_what_there_is_now_and_keeps_what_they_typed() {
    let (house, office) = managed(bistro().with_tables(1, 2)).await;
    let (sunja, mina) = (as_somebody(&house, "sunja"), as_somebody(&house, "mina"));
    let policy = format!("{office}/policy");
    let stale = mina.open(&policy).await.is(200).form(&policy).with("windowDays", "90");
    sunja.send(&sunja.open(&policy).await.form(&policy).with("windowDays", "60")).await.is(200);

    let behind = mina.send(&stale).await.is(409).says(&["그사이 다른 분이 먼저 저장했습니다", "60일"]);
    let form = behind.form(&policy);
    assert_eq!(form.value("windowDays"), "90");
    let read = async || {
        house.get(&format!("/v1/restaurants/{}/policy", house.restaurant())).by(&house.sign_in("mina")).await
    };
    assert_eq!(read().await.json["windowDays"], 60);
    mina.send(&form).await.is(200).says(&["저장했습니다."]);
    assert_eq!(read().await.json["windowDays"], 90);

    for part in ["floor", "schedule", "profile"] {
        let at = format!("{office}/{part}");
        let form = mina.open(&at).await.is(200).form(&at);
        let old = form.clone().with("revision", "0");
        mina.send(&old).await.is(409).says(&["지금 저장되어 있는 내용"]);
        // As it was is no change, and no mistake.
        mina.send(&form).await.is(200).says(&["저장했습니다."]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_change_strands_is_listed_with_a_way_to_them() {
    let (house, office) = managed(bistro().with_tables(1, 2).with_tables(1, 4)).await;
    let mina = as_somebody(&house, "mina");
    let four = house.book(table_for(4).at("20:00")).await.is(201).json;
    let floor = format!("{office}/floor");
    let form = mina.open(&floor).await.is(200).form(&floor);
    let page = mina.send(&form.with("tables/1/maxParty", "3")).await.is(200);
    let link = format!("{office}/days/{DAY}?reservation={}", four["id"].as_str().unwrap());
    page.says(&["이제 맞지 않는 예약이 1건 있습니다", &link, "배정된 테이블에 인원이 다 앉을 수 없습니다"]);

    let closures = format!("{office}/closures");
    let page =
        mina.open(&format!("{closures}?date={DAY}")).await.is(200).says(&["예약 1건이 있습니다", &link]);
    let form = page.form_with(&closures, "이날 쉬기").with("reason", "내부 수리").pressing("이날 쉬기");
    let closed = mina.send(&form).await.is(200).says(&["저장했습니다.", "휴무", "내부 수리", &link]);
    assert_eq!(house.why_not("19:00", 2).await.as_deref(), Some("closed"));
    mina.send(&form).await.is(409).says(&["그사이 다른 분이 이날을 바꿨습니다"]);
    mina.press(&closed, &closures, "다시 영업하기").await.is(200).says(&["이날 쉬기"]);
    let over = mina.open(&format!("{closures}?date=2020-01-01")).await.is(200).says(&["오늘부터 1년 안"]);
    assert!(!over.html.contains("이날 쉬기"), "a day that is over");
    assert_eq!(house.why_not("19:00", 2).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_what_is_as_at_the_endpoints() {
    let (house, office) = managed(bistro().with_tables(1, 2)).await;
    let (hoon, minji, ara) =
        (as_somebody(&house, "hoon"), as_somebody(&house, "minji"), as_somebody(&house, "ara"));
    let nobody = Browser::new(&house);
    let pages = ["", "/profile", "/menu", "/floor", "/schedule", "/policy"];
    for part in pages {
        let at = format!("{office}{part}");
        let led = nobody.ask(reqwest::Method::GET, &at, &[]).await;
        assert_eq!(led.redirects_to(), Some(format!("/sign-in?next={}", at.replace('/', "%2F"))));
        minji.open(&at).await.is(404);
        let seen = hoon.open(&at).await.is(200);
        assert!(!seen.has_form(&at), "a host changes no {part}");
        ara.open(&at).await.is(200);
    }
    for part in ["/closures", "/staff", "/audit-log", "/menu/new"] {
        let at = format!("{office}{part}");
        hoon.open(&at).await.is(403);
        minji.open(&at).await.is(404);
    }
    as_somebody(&house, "mina").open(&format!("{office}/audit-log")).await.is(403);
    hoon.open(&format!("{office}/floor")).await.says(&["보기만 할 수 있습니다", "1~2명"]);

    // A form made up by hand is let in no further than its page.
    let token = |form: Form| form.value("formToken").to_owned();
    let own = token(hoon.open("/office/new").await.form("/office/new"));
    let inputs = [("formToken", own.as_str()), ("revision", "1"), ("windowDays", "90")];
    let inputs = inputs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for part in
        ["/profile", "/floor", "/schedule", "/policy", "/menu", "/submit", "/close", "/staff", "/closures"]
    {
        hoon.ask(reqwest::Method::POST, &format!("{office}{part}"), &inputs).await.is(403);
    }
    let review = format!("/admin/restaurants/{}", house.restaurant());
    for at in ["/admin".to_owned(), review.clone()] {
        as_somebody(&house, "sunja").open(&at).await.is(403);
    }
    minji.open(&review).await.is(404);
    for at in ["/office/rst_1", "/office/rst_01jar199999999999999999999/floor"] {
        hoon.open(at).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_hires_promotes_and_dismisses_but_one_owner_stays() {
    let (house, office) = managed(bistro().with_tables(1, 2)).await;
    let (sunja, mina) = (as_somebody(&house, "sunja"), as_somebody(&house, "mina"));
    let staff = format!("{office}/staff");
    let looked = mina.open(&staff).await.is(200);
    assert!(!looked.has_form(&staff), "a manager looks");
    let page = sunja.open(&staff).await.is(200).says(&["대표는 한 명 이상 있어야 합니다"]);
    let form = page.form_with(&staff, "직원 추가").pressing("직원 추가");
    let refused = sunja.send(&form.clone().with("email", "no address")).await.is(422);
    assert!(fault(&refused, "email").is_some());
    sunja
        .send(&form.clone().with("email", "nobody@jari.test"))
        .await
        .is(422)
        .says(&["가입된 계정이 없습니다"]);
    let hired =
        sunja.send(&form.clone().with("email", "minji@jari.test")).await.is(200).says(&["minji@jari.test"]);
    as_somebody(&house, "minji").open(&office).await.is(200);
    sunja.send(&form.with("email", "minji@jari.test")).await.is(409).says(&["직원 목록이 바뀌었습니다"]);
    let minji = hired.forms().into_iter().find(|form| form.value("email") == "minji@jari.test").unwrap();
    let promoted = sunja.send(&minji.with("role", "owner").pressing("역할 바꾸기")).await.is(200);
    let gone = promoted.forms().into_iter().find(|form| form.value("email") == "minji@jari.test").unwrap();
    sunja.send(&gone.pressing("내보내기")).await.is(200);
    as_somebody(&house, "minji").open(&office).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_number_of_the_rules_is_told_beside_its_input_in_the_readers_language() {
    let (house, office) = managed(bistro().with_tables(1, 2)).await;
    let mina = as_somebody(&house, "mina").in_english();
    let policy = format!("{office}/policy");
    let form = mina.open(&policy).await.is(200).form(&policy);
    let wrong = typed(
        form,
        &[
            ("windowDays", "0"),
            ("cutoffMinutes", "10081"),
            ("maxOnlineParty", "21"),
            ("changeUntilMinutes", "soon"),
            ("lateAfterMinutes", ""),
            ("holdMinutes", "16"),
            ("maxOversize", "-1"),
        ],
    );
    let page = mina.send(&wrong).await.is(422).says(&["Please check 7 things below"]);
    for (name, told) in [
        ("windowDays", "Must be between 1 and 365."),
        ("cutoffMinutes", "Must be between 0 and 10080."),
        ("maxOnlineParty", "Must be between 1 and 20."),
        ("changeUntilMinutes", "Must be a whole number."),
        ("lateAfterMinutes", "Must be a whole number."),
        ("holdMinutes", "Must be between 1 and 15."),
        ("maxOversize", "Must be between 0 and 20."),
    ] {
        assert_eq!(fault(&page, name), Some(told), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sections_are_put_in_order_and_taken_out_by_buttons() {
    let (house, office) = managed(bistro().with_tables(1, 2)).await;
    let mina = as_somebody(&house, "mina");
    let (menu, new) = (format!("{office}/menu"), format!("{office}/menu/new"));
    for name in ["국", "면", "술"] {
        let form = mina.open(&new).await.is(200).form(&new);
        mina.send(&form.with("name/ko", name)).await.is(200).says(&[name]);
    }
    let names = async || {
        let menu = house
            .get(&format!("/v1/restaurants/{}/menu", house.restaurant()))
            .by(&house.sign_in("mina"))
            .await;
        let sections = menu.json["sections"].as_array().unwrap().clone();
        sections.iter().map(|section| section["name"]["ko"].clone()).collect::<Vec<_>>()
    };
    let page = mina.open(&menu).await.is(200);
    mina.press(&page, &menu, "↑술 위로").await.is(200);
    assert_eq!(names().await, [json!("국"), json!("술"), json!("면")]);
    // The menu is another one by now: which section was meant is not certain.
    mina.press(&page, &menu, "네, 분류를 삭제합니다").await.is(409).says(&["아무것도 하지 않았습니다"]);
    let page = mina.open(&menu).await;
    mina.press(&page, &menu, "네, 분류를 삭제합니다").await.is(200);
    assert_eq!(names().await, [json!("술"), json!("면")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_floor_fits_into_one_form() {
    let (house, office) = managed(bistro().with_tables(200, 2)).await;
    let mina = as_somebody(&house, "mina");
    let floor = format!("{office}/floor");
    let form = mina.open(&floor).await.is(200).form(&floor);
    let page = mina.send(&form.with("tables/199/maxParty", "4")).await.is(200).says(&["저장했습니다."]);
    assert_eq!(page.form(&floor).value("tables/199/maxParty"), "4");
}
