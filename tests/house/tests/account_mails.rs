//! The house's own letters, and the pages behind their links: opening one acts on nothing, its form acts once.

use jari_tests::{Answer, House};
use reqwest::Method;
use serde_json::json;

const ADDRESS: &str = "minji@jari.test";
const PASSWORD: &str = "seven tables by the window";
const NEW_PASSWORD: &str = "eight tables in the garden";

async fn sign_up(house: &House) {
    let body = json!({ "email": ADDRESS, "password": PASSWORD, "name": "김민지", "language": "ko" });
    Answer::to(house.request(Method::POST, "/v1/accounts").json(&body)).await.is(202);
}

async fn sign_in(house: &House, password: &str) -> u16 {
    let body = json!({ "email": ADDRESS, "password": password });
    Answer::to(house.request(Method::POST, "/v1/sessions").json(&body)).await.status
}

/// The path of the page that the last mail to Minji links to, whose subject must begin so.
async fn link(house: &House, subject: &str) -> String {
    let mails = house.mails_to(ADDRESS).await;
    let mail = mails.last().expect("a mail came");
    assert!(mail.subject.starts_with(subject), "{}", mail.subject);
    let line = mail.text.lines().find(|line| line.starts_with(house.url())).expect("a link is in it");
    line.strip_prefix(house.url()).unwrap().to_owned()
}

async fn page(house: &House, path: &str) -> Answer {
    Answer::to(house.request(Method::GET, path).header("accept", "text/html")).await
}

async fn press(house: &House, path: &str, form: &[(&str, &str)]) -> Answer {
    Answer::to(house.request(Method::POST, path).header("accept", "text/html").form(form)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_verified_by_the_form_of_the_page_and_not_by_opening_it() {
    let house = House::open().await;
    sign_up(&house).await;
    let path = link(&house, "이메일 주소를 확인해 주세요").await;
    for _ in 0..2 {
        let opened = page(&house, &path).await.is(200);
        assert!(opened.text.contains("<form") && !opened.text.contains("<script"));
        assert_eq!(opened.header("cache-control"), Some("no-store"));
        assert_eq!(opened.header("referrer-policy"), Some("no-referrer"));
    }
    assert_eq!(sign_in(&house, PASSWORD).await, 401, "opening it acts on nothing");
    press(&house, &path, &[]).await.is(200);
    assert_eq!(sign_in(&house, PASSWORD).await, 200);
    press(&house, &path, &[]).await.is(410);
    page(&house, &path).await.is(410);

    sign_up(&house).await;
    let mails = house.mails_to(ADDRESS).await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].subject.starts_with("이미 가입된 주소입니다"), "{}", mails[1].subject);
    assert!(!mails[1].text.contains("/verify/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_once_and_its_owner_is_told() {
    let house = House::open().await;
    sign_up(&house).await;
    let path = link(&house, "이메일 주소를 확인해 주세요").await;
    press(&house, &path, &[]).await.is(200);

    let ask = json!({ "email": ADDRESS });
    Answer::to(house.request(Method::POST, "/v1/password-resets").json(&ask)).await.is(202);
    let path = link(&house, "비밀번호 재설정").await;
    let opened = page(&house, &path).await.is(200);
    assert!(opened.text.contains(r#"autocomplete="new-password""#));
    assert_eq!(opened.header("referrer-policy"), Some("no-referrer"));
    // What can't be a password leaves the link good.
    press(&house, &path, &[("password", "short")]).await.is(422);
    press(&house, &path, &[("word", "no such field")]).await.is(422);
    assert_eq!(sign_in(&house, PASSWORD).await, 200);
    press(&house, &path, &[("password", NEW_PASSWORD)]).await.is(200);
    assert_eq!(sign_in(&house, PASSWORD).await, 401);
    assert_eq!(sign_in(&house, NEW_PASSWORD).await, 200);
    press(&house, &path, &[("password", PASSWORD)]).await.is(410);

    let mails = house.mails_to(ADDRESS).await;
    let last = mails.last().unwrap();
    assert!(last.subject.starts_with("비밀번호가 변경되었습니다"), "{}", last.subject);
    assert_eq!(mails.len(), 3, "to verify, to reset, and that it was reset");
    for mail in &mails {
        assert!(mail.from.contains("Jari 자리"), "{}", mail.from);
        let said = format!("{}{}", mail.text, mail.html);
        assert!(!said.contains(PASSWORD) && !said.contains(NEW_PASSWORD));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_none_or_too_old_says_so_kindly() {
    let house = House::open().await;
    for path in ["/verify/x", "/reset/x", "/verify/a.b.c"] {
        let answer = page(&house, path).await.is(410);
        assert!(
            answer.text.contains("더는 쓸 수 없는 링크입니다") && answer.text.contains("no longer works")
        );
    }
    sign_up(&house).await;
    let path = link(&house, "이메일 주소를 확인해 주세요").await;
    let a_day_later = house.now() + jiff::SignedDuration::from_hours(24);
    house.local().clock().set(a_day_later);
    page(&house, &path).await.is(410);
    press(&house, &path, &[]).await.is(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_nobody_has_an_account_for_is_mailed_to_nobody() {
    let house = House::open().await;
    let ask = json!({ "email": ADDRESS });
    Answer::to(house.request(Method::POST, "/v1/password-resets").json(&ask)).await.is(202);
    assert!(house.mails().await.is_empty());
}
