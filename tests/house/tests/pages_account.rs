//! Accounts on the pages: signing up and in, what keeps a browser signed in, one's own reservations and profile, leaving.

use jari_identity::Password;
use jari_social::Provider;
use jari_tests::{Bistro, Browser, Form, House, Introduced, Shown, bistro, table_for};
use reqwest::Method;
use serde_json::{Value, json};

use crate::provider::{self, TestProvider};

const MINJI: &str = "minji@jari.test";
const PASSWORD: &str = "seven tables by the window";
const NEW_PASSWORD: &str = "eight tables in the garden";

fn ongi() -> Bistro {
    bistro().with_tables(3, 2)
}

/// A house where Minji has an account and a password.
async fn house() -> House {
    let mut house = House::open().with_restaurant(ongi()).await;
    let hash = PASSWORD.parse::<Password>().unwrap().hash().await.unwrap();
    house.introduce(Introduced::diner("minji").with_password(hash)).await;
    house
}

async fn sign_in(browser: &Browser<'_>, email: &str, password: &str) -> Shown {
    let page = browser.open("/sign-in").await.is(200);
    browser.send(&page.form("/sign-in").with("email", email).with("password", password)).await
}

/// A browser where Minji has signed in.
async fn minjis(house: &House) -> Browser<'_> {
    let browser = Browser::new(house);
    assert_eq!(sign_in(&browser, MINJI, PASSWORD).await.is(200).address, "/me");
    browser
}

async fn sign_up(browser: &Browser<'_>, password: &str) -> Shown {
    let page = browser.open("/sign-up").await.is(200);
    let form = page.form("/sign-up").with("name", "김민지").with("email", MINJI);
    browser.send(&form.with("phone", "010-1234-5678").with("password", password)).await
}

/// The path of the page that the last mail to Minji links to.
async fn link(house: &House) -> String {
    let mails = house.mails_to(MINJI).await;
    let mail = mails.last().expect("a mail came");
    let line = mail.text.lines().find(|line| line.starts_with(house.url())).expect("a link is in it");
    line.strip_prefix(house.url()).unwrap().to_owned()
}

async fn delete(browser: &Browser<'_>, password: &str) -> Shown {
    let page = browser.open("/me/delete").await.is(200);
    browser.send(&page.form("/me/delete").with("password", password)).await
}

fn leads_to_sign_in(page: &Shown) -> bool {
    page.address.starts_with("/sign-in?next=")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_booked_as_a_guest_signs_up_finds_the_reservation_and_leaves_for_good() {
    let house = House::open().with_restaurant(ongi()).await;
    let booked = house.book(table_for(2).by("minji")).await.is(201).ticket();
    let browser = Browser::new(&house);
    let sent = sign_up(&browser, PASSWORD).await.is(200);
    assert_eq!(sent.address, "/sign-up/sent");

    let path = link(&house).await;
    let asked = browser.open(&path).await.is(200).says(&[MINJI]);
    assert_eq!(sign_in(&browser, MINJI, PASSWORD).await.status, 422, "opening the link acts on nothing");
    let mine = browser.send(&asked.form(&path)).await.is(200);
    assert_eq!(mine.path(), "/me");
    let its_page = format!("href=\"/me/reservations/{}\"", booked.id);
    mine.says(&["가입이 완료되었습니다", "온기", "확정", "12월 24일 (목)", "2명", &its_page]);
    browser.open(&path).await.is(410);

    let page = browser.open("/me/profile").await.is(200);
    browser.send(&page.form("/sign-out")).await.is(200);
    let asked = browser.open("/me").await.is(200);
    assert_eq!(asked.address, "/sign-in?next=%2Fme");
    sign_in(&browser, MINJI, PASSWORD).await.is(200);

    let profile = browser.open("/me/profile").await.is(200);
    let form = profile.form("/me/profile");
    assert_eq!((form.value("name"), form.value("phone")), ("김민지", "010-1234-5678"));
    assert_eq!((form.value("language"), form.value("mail/reminders")), ("ko", "true"));
    let saved = browser.send(&form.with("language", "en").with("mail/reminders", "false")).await.is(200);
    saved.says(&["Saved.", "<html lang=\"en\">"]);

    let export = browser.open("/me/export").await.is(200);
    assert_eq!(export.headers["content-disposition"], "attachment; filename=\"jari-export.json\"");
    assert_eq!(export.headers["cache-control"], "no-store");
    let document: Value = serde_json::from_str(&export.html).unwrap();
    assert_eq!(document["account"]["phone"], "+821012345678");
    assert_eq!(document["account"]["mail"]["reminders"], false);
    assert_eq!(document["reservations"][0]["id"], json!(booked.id));

    delete(&browser, "another password").await.is(422).says(&["That password is not right"]);
    delete(&browser, "short").await.is(422).says(&["That password is not right"]);
    let gone = delete(&browser, PASSWORD).await.is(200);
    assert_eq!(gone.address, "/goodbye");
    gone.says(&["Your account is deleted", "href=\"/sign-in\""]);
    assert!(leads_to_sign_in(&browser.open("/me").await));
    sign_in(&browser, MINJI, PASSWORD).await.is(422);
    let left = house.reservation(booked.id).await.unwrap();
    assert!(left.guest.is_none() && !left.status_at(house.now()).is_active());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_sign_in_is_not_said_and_too_many_are_told_when_to_come_back() {
    let house = house().await;
    let browser = Browser::new(&house);
    let wrong = "이메일 주소나 비밀번호가 맞지 않습니다";
    let known = sign_in(&browser, MINJI, NEW_PASSWORD).await.is(422).says(&[wrong]);
    assert_eq!(known.form("/sign-in").value("email"), MINJI, "what was typed is kept");
    assert!(!known.html.contains(NEW_PASSWORD), "and the password is not");
    sign_in(&browser, "nobody@jari.test", PASSWORD).await.is(422).says(&[wrong]);
    let short = sign_in(&browser, MINJI, "short").await.is(422).says(&[wrong]);
    assert!(!short.html.contains("8자 이상"), "a password that nobody can have is a wrong one");
    for _ in 0..9 {
        sign_in(&browser, MINJI, NEW_PASSWORD).await.is(422);
    }
    let told = sign_in(&browser, MINJI, PASSWORD).await.is(429).says(&["15분 뒤에 다시"]);
    let wait: i64 = told.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((800..=900).contains(&wait), "{wait}");
    house.advance("PT15M").await;
    sign_in(&browser, MINJI, PASSWORD).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_leads_on_within_this_site_and_nowhere_else() {
    let house = house().await;
    let next = "/me/profile?lang=en";
    let browser = Browser::new(&house);
    let page = browser.open("/sign-in?next=%2Fme%2Fprofile%3Flang%3Den").await.is(200);
    let form = page.form("/sign-in").with("email", MINJI);
    assert_eq!(form.value("next"), next);
    let again = browser.send(&form.clone().with("password", NEW_PASSWORD)).await.is(422);
    assert_eq!(again.form("/sign-in").value("next"), next, "also after a slip");
    assert_eq!(browser.send(&form.with("password", PASSWORD)).await.is(200).address, next);
    // Who has signed in already is led on at once.
    assert_eq!(browser.open("/sign-in?next=%2Fme%2Fdelete").await.is(200).address, "/me/delete");
    assert_eq!(browser.open("/sign-up").await.is(200).address, "/me");

    for elsewhere in ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"] {
        let browser = Browser::new(&house);
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("next", elsewhere).finish();
        let page = browser.open(&format!("/sign-in?{query}")).await.is(200);
        let form = page.form("/sign-in").with("email", MINJI).with("password", PASSWORD);
        assert_eq!(form.value("next"), "");
        let on = browser.send(&form.with("next", elsewhere)).await.is(200);
        assert_eq!(on.address, "/me", "{elsewhere}");
        let on = browser.ask(Method::GET, &format!("/sign-in?{query}"), &[]).await;
        assert_eq!(on.redirects_to().as_deref(), Some("/me"), "{elsewhere}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_is_answered_alike_for_every_address_and_refuses_what_anybody_would_guess() {
    let house = house().await;
    let browser = Browser::new(&house);
    sign_up(&browser, "short").await.is(422).says(&["8자 이상", "aria-invalid=\"true\""]);
    let guessed = sign_up(&browser, "password123").await.is(422).says(&["짐작하기 쉬운 비밀번호입니다"]);
    assert!(!guessed.html.contains("password123"));
    let form = guessed.form("/sign-up");
    assert_eq!((form.value("name"), form.value("email")), ("김민지", MINJI));
    let page = browser.open("/sign-up").await.is(200);
    let nothing = browser.send(&page.form("/sign-up").without("language")).await.is(422);
    assert_eq!(nothing.html.matches("class=\"fault\"").count(), 3);

    let known = sign_up(&browser, NEW_PASSWORD).await.is(200);
    assert_eq!(known.address, "/sign-up/sent");
    let mails = house.mails_to(MINJI).await;
    assert!(mails[0].subject.starts_with("이미 가입된 주소입니다"), "{}", mails[0].subject);
    let page = browser.open("/sign-up").await.is(200);
    let form = page.form("/sign-up").with("name", "준").with("email", "jun@jari.test");
    let unknown = browser.send(&form.with("password", NEW_PASSWORD)).await.is(200);
    let told = |page: &Shown| page.html.split("<main").nth(1).unwrap().to_owned();
    assert_eq!(told(&unknown), told(&known));
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_another_site_makes_follow_a_link_is_not_signed_in_by_it() {
    let house = House::open().await;
    sign_up(&Browser::new(&house), PASSWORD).await.is(200);
    let path = link(&house).await;
    let victim = Browser::new(&house);
    let form = Form { method: Method::POST, action: path, inputs: Vec::new(), buttons: Vec::new() };
    let shown = victim.send(&form.with("formToken", "made.up")).await.is(200);
    assert_eq!(shown.address, "/sign-in?notice=verified");
    assert_eq!(victim.cookie("__Host-jari-access"), None);
    for action in ["/sign-in", "/sign-up", "/forgot-password", "/me/sign-out-everywhere", "/me/delete"] {
        let form = Form { method: Method::POST, action: action.into(), inputs: vec![], buttons: vec![] };
        let form = form.with("email", MINJI).with("password", PASSWORD).with("name", "x");
        victim.send(&form).await.is(403);
    }
    // The account is there: it was its owner's address that the mail went to.
    sign_in(&Browser::new(&house), MINJI, PASSWORD).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_goes_on_after_its_quarter_of_an_hour_in_all_tabs_at_once() {
    let house = house().await;
    let browser = minjis(&house).await;
    let (access, refresh) = (browser.cookie("__Host-jari-access"), browser.cookie("__Host-jari-refresh"));
    browser.open("/me").await.is(200);
    assert_eq!(browser.cookie("__Host-jari-access"), access, "nothing is renewed before its time");
    house.advance("PT16M").await;
    let (one, other) = tokio::join!(browser.open("/me"), browser.open("/me/profile"));
    assert_eq!((one.is(200).address.as_str(), other.is(200).address.as_str()), ("/me", "/me/profile"));
    assert_ne!(browser.cookie("__Host-jari-access"), access);
    assert_ne!(browser.cookie("__Host-jari-refresh"), refresh);
    house.advance("PT16M").await;
    assert_eq!(browser.open("/me").await.is(200).address, "/me");
    house.advance("PT170H").await;
    assert!(leads_to_sign_in(&browser.open("/me").await.is(200)), "and not for ever");
    assert_eq!(browser.cookie("__Host-jari-refresh"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_ends_this_sign_in_and_everywhere_ends_all() {
    let house = house().await;
    let (phone, laptop) = (minjis(&house).await, minjis(&house).await);
    let stolen = phone.cookie("__Host-jari-refresh").unwrap();
    let page = phone.open("/me/profile").await.is(200);
    assert_eq!(phone.send(&page.form("/sign-out")).await.is(200).path(), "/");
    assert_eq!(phone.cookie("__Host-jari-refresh"), None);
    let thief = Browser::new(&house);
    thief.keep("__Host-jari-refresh", &stolen);
    assert!(leads_to_sign_in(&thief.open("/me").await.is(200)));

    let tablet = minjis(&house).await;
    let page = laptop.open("/me/profile").await.is(200);
    let over = laptop.send(&page.form("/me/sign-out-everywhere")).await.is(200);
    over.says(&["모든 기기에서 로그아웃했습니다"]);
    assert!(leads_to_sign_in(&laptop.open("/me").await.is(200)));
    // Its access token lasts, and is not let in.
    assert!(leads_to_sign_in(&tablet.open("/me/profile").await.is(200)));
    assert_eq!(tablet.cookie("__Host-jari-access"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_was_changed_elsewhere_is_shown_and_what_was_typed_is_kept() {
    let house = house().await;
    let (phone, laptop) = (minjis(&house).await, minjis(&house).await);
    let old = phone.open("/me/profile").await.is(200).form("/me/profile");
    let other = laptop.open("/me/profile").await.is(200).form("/me/profile");
    laptop.send(&other.with("name", "민지 김").with("phone", "02-555-1234")).await.is(200);

    let stale = phone.send(&old.with("name", "김민지 님").with("phone", "")).await.is(409);
    let stale = stale.says(&["그사이 다른 곳에서", "<dd>민지 김</dd>", "<dd>02-555-1234</dd>"]);
    let form = stale.form("/me/profile");
    assert_eq!((form.value("name"), form.value("phone")), ("김민지 님", ""));
    // What can't be read is not what was seen, either.
    let unread = phone.send(&form.clone().with("phone", "12")).await.is(422).form("/me/profile");
    assert_eq!((unread.value("phone"), unread.value("revision")), ("12", form.value("revision")));
    let saved = phone.send(&form).await.is(200);
    assert_eq!(saved.address, "/me/profile?saved=yes");
    let form = saved.form("/me/profile");
    assert_eq!((form.value("name"), form.value("phone")), ("김민지 님", ""), "none any more");
    phone.send(&form.without("revision")).await.is(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_another_language_of_the_account_changes_that_of_the_pages() {
    let house = house().await;
    let browser = minjis(&house).await;
    let form = browser.open("/me/profile?lang=en").await.is(200).form("/me/profile");
    let saved = browser.send(&form.with("name", "Minji")).await.is(200).says(&["<html lang=\"en\">"]);
    let form = saved.form("/me/profile");
    assert_eq!(form.value("language"), "ko");
    let saved = browser.send(&form.with("language", "en")).await.is(200).says(&["<html lang=\"en\">"]);
    browser.send(&saved.form("/me/profile").with("language", "ko")).await.is(200).says(&["저장했습니다"]);
    browser.open("/").await.is(200).says(&["<html lang=\"ko\">"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_and_ends_every_sign_in() {
    let house = house().await;
    let browser = minjis(&house).await;
    let other = Browser::new(&house);
    for address in ["nobody@jari.test", MINJI] {
        let page = other.open("/forgot-password").await.is(200);
        let sent = other.send(&page.form("/forgot-password").with("email", address)).await.is(200);
        assert_eq!(sent.address, "/forgot-password/sent");
    }
    assert!(house.mails_to("nobody@jari.test").await.is_empty());
    let path = link(&house).await;
    let form = other.open(&path).await.is(200).form(&path);
    assert_eq!(form.value("username"), MINJI, "password managers know whose it is");
    other.send(&form.clone().with("password", MINJI)).await.is(422).says(&["짐작하기 쉬운"]);
    let set = other.send(&form.with("password", NEW_PASSWORD)).await.is(200);
    assert_eq!(set.address, "/sign-in?notice=password");
    other.open(&path).await.is(410);
    assert!(leads_to_sign_in(&browser.open("/me").await.is(200)));
    sign_in(&other, MINJI, PASSWORD).await.is(422);
    sign_in(&other, MINJI, NEW_PASSWORD).await.is(200);

    // From the profile the address is known.
    let page = other.open("/me/profile").await.is(200);
    other.send(&page.form("/forgot-password")).await.is(200);
    let path = link(&house).await;
    let form = other.open(&path).await.is(200).form(&path);
    other.send(&form.with("password", PASSWORD)).await.is(200);
    assert_eq!(other.cookie("__Host-jari-access"), None, "this browser's sign-in is over, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn reservations_are_upcoming_or_past_and_come_in_pages() {
    let house = house().await;
    let browser = minjis(&house).await;
    browser.open("/me").await.is(200).says(&["다가오는 예약이 없습니다", "href=\"/\">식당 찾기"]);
    browser.open("/me?when=past").await.is(200).says(&["지난 예약이 없습니다"]);
    for day in 20..=23 {
        for time in ["17:00", "18:30", "20:00"] {
            let starts_at = format!("2026-12-{day}T{time}:00+09:00");
            house.book(table_for(2).by("minji").with("startsAt", starts_at)).await.is(201);
        }
    }
    let called_off = house.book(table_for(2).by("minji")).await.is(201).ticket();
    house.cancel(&called_off).await.is(200);
    house.book(table_for(2).at("20:00").by("jun")).await.is(201);

    let first = browser.open("/me").await.is(200).says(&["12월 20일", "12월 23일"]);
    let cards = |page: &Shown| page.html.matches("href=\"/me/reservations/").count();
    assert_eq!(cards(&first), 10);
    let more = first.html.split("href=\"").find(|rest| rest.starts_with("/me?after=")).unwrap();
    let more = more.split('"').next().unwrap().to_owned();
    let second = browser.open(&more).await.is(200);
    assert_eq!(cards(&second), 2);
    assert!(!second.html.contains("rel=\"next\""));
    assert_eq!(cards(&browser.open("/me?after=made-up").await.is(200)), 10, "begins at the first");
    let past = browser.open("/me?when=past").await.is(200).says(&["취소됨", "12월 24일"]);
    assert_eq!(cards(&past), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_somewhere_is_led_there_and_an_only_owner_stays() {
    let house = House::open().with_restaurant(ongi()).with_owner("haneul").with_diner("minji").await;
    let owner = Browser::new(&house).signed_in_as(&house.sign_in("haneul"));
    owner.open("/me").await.is(200).says(&["근무하는 식당으로 가기"]);
    let diner = Browser::new(&house).signed_in_as(&house.sign_in("minji"));
    assert!(!diner.open("/me").await.is(200).html.contains("근무하는 식당"));

    // Who only signs in through others has no password to be asked for.
    let page = owner.open("/me/delete").await.is(200);
    assert!(!page.html.contains("type=\"password\""));
    owner.send(&page.form("/me/delete")).await.is(409).says(&["혼자 대표로 등록된 식당이 있어"]);
    assert_eq!(owner.open("/me").await.is(200).address, "/me");
    let page = diner.open("/me/delete").await.is(200);
    assert_eq!(diner.send(&page.form("/me/delete")).await.is(200).address, "/goodbye");
}

/// A provider of the house's time, and a house that offers to sign in with it.
async fn with_provider(kind: Provider) -> (TestProvider, House) {
    let provider = TestProvider::open(kind).await;
    let house = House::open().with_diner("minji").with_providers(&provider.configuration()).await;
    let seconds = house.now().as_second();
    provider.mint(move |mut claims| {
        claims["iat"] = json!(seconds);
        claims["exp"] = json!(seconds + 3600);
        provider::rs256("rsa-1", &claims)
    });
    (provider, house)
}

/// Goes to the provider from `from`; where that leads to.
async fn leave(browser: &Browser<'_>, from: &str, kind: Provider) -> String {
    let page = browser.open(from).await.is(200);
    let leaving = browser.send(&page.form(&format!("/sign-in/{kind}"))).await.is(200);
    let policy = leaving.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self';"), "{policy}");
    let url = leaving.html.split("content=\"0; url=").nth(1).expect("it leads on without a script");
    let url = url.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert!(leaving.html.contains("href=\"http"), "and by hand");
    url
}

fn state(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

/// The address that somebody who consents comes back to.
fn callback(provider: &TestProvider, kind: Provider, url: &str) -> String {
    format!("/sign-in/{kind}/callback?code={}&state={}", provider.consent(url), state(url))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_from_a_provider_is_signed_in_and_led_on() {
    let (google, house) = with_provider(Provider::Google).await;
    google.person(|person| person["email"] = json!(MINJI));
    let browser = Browser::new(&house);
    let url = leave(&browser, "/sign-in?next=%2Fme%2Fprofile", Provider::Google).await;
    let back = callback(&google, Provider::Google, &url);
    let on = browser.open(&back).await.is(200).says(&[MINJI]);
    assert_eq!(on.address, "/me/profile");
    assert_eq!(browser.cookie("__Host-jari-social"), None);
    // Once.
    assert_eq!(Browser::new(&house).open(&back).await.is(200).address, "/sign-in?notice=failed");

    let other = Browser::new(&house);
    let url = leave(&other, "/sign-up", Provider::Google).await;
    assert_eq!(other.open(&callback(&google, Provider::Google, &url)).await.is(200).address, "/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_sends_counts_only_in_the_browser_that_was_sent_there() {
    let (google, house) = with_provider(Provider::Google).await;
    let (attacker, victim) = (Browser::new(&house), Browser::new(&house));
    let url = leave(&attacker, "/sign-in", Provider::Google).await;
    let back = callback(&google, Provider::Google, &url);
    let shown = victim.open(&back).await.is(200).says(&["로그인이 완료되지 않았습니다"]);
    assert_eq!(shown.address, "/sign-in?notice=failed");
    leave(&victim, "/sign-in", Provider::Google).await;
    assert_eq!(victim.open(&back).await.is(200).address, "/sign-in?notice=failed");
    assert_eq!(victim.cookie("__Host-jari-access"), None);
    assert_eq!(google.asked("token"), 0);
    assert_eq!(attacker.open(&back).await.is(200).address, "/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_that_a_sign_in_with_a_provider_can_fail_is_told_kindly() {
    let (google, house) = with_provider(Provider::Google).await;
    let browser = Browser::new(&house);
    let url = leave(&browser, "/sign-in?next=%2Fme%2Fprofile", Provider::Google).await;
    let refused = format!("/sign-in/google/callback?error=access_denied&state={}", state(&url));
    let shown = browser.open(&refused).await.is(200).says(&["동의하지 않으셔서"]);
    assert_eq!(shown.form("/sign-in").value("next"), "/me/profile", "and leads on all the same");

    let url = leave(&browser, "/sign-in", Provider::Google).await;
    let late = callback(&google, Provider::Google, &url);
    house.advance("PT10M").await;
    assert_eq!(browser.open(&late).await.is(200).address, "/sign-in?notice=failed");

    google.person(|person| drop(person.as_object_mut().unwrap().remove("email")));
    let url = leave(&browser, "/sign-in", Provider::Google).await;
    let shown = browser.open(&callback(&google, Provider::Google, &url)).await.is(200);
    shown.says(&["이메일 주소 제공에 동의해 주세요"]);

    google.go_wrong("token", provider::Wrong::Status(500));
    let url = leave(&browser, "/sign-in", Provider::Google).await;
    let shown = browser.open(&callback(&google, Provider::Google, &url)).await.is(200);
    shown.says(&["지금은 그 서비스로 로그인할 수 없습니다"]);
    browser.open("/sign-in/google/callback").await.is(200);
    browser.open("/sign-in/naver/callback").await.is(404);
    browser.open("/sign-in/facebook/callback").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_a_provider_has_not_verified_gets_a_mail() {
    let (naver, house) = with_provider(Provider::Naver).await;
    naver.profile(|profile| profile["response"]["email"] = json!("suji@jari.test"));
    let browser = Browser::new(&house);
    let url = leave(&browser, "/sign-in", Provider::Naver).await;
    let sent = browser.open(&callback(&naver, Provider::Naver, &url)).await.is(200);
    assert_eq!(sent.address, "/sign-up/sent");
    assert_eq!(browser.cookie("__Host-jari-access"), None);
    assert_eq!(house.mails_to("suji@jari.test").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_provider_is_configured_there_is_no_word_of_one() {
    let house = house().await;
    for path in ["/sign-in", "/sign-up"] {
        let page = Browser::new(&house).open(path).await.is(200);
        assert!(!page.html.contains("/sign-in/"), "{path}");
    }
}
