//! Nothing that is somebody's own, and nothing secret, is in any log line: a day in the life of the real binary, logging
//! all it can, and then a search for everything that was said in it.

use std::{path::Path, process::Stdio, time::Duration};

use jari_tests::{Answer, workspace};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const NOW: &str = "2026-12-01T10:00:00+09:00";
const RESTAURANT: &str = "rst_01jar100000000000000000002";
const DEMO_PASSWORD: &str = "jari-demo-2026";
/// A debug binary on a busy machine, with the demo to load.
const OPENS_WITHIN: Duration = Duration::from_mins(1);

/// The real binary, and what was said to it and by it that no log may have.
struct Local {
    process: Child,
    url: String,
    client: reqwest::Client,
    private: Vec<String>,
}

/// What it is to log: all that ours have to say, and of others what is logged anyway.
fn everything_of_ours() -> String {
    let metadata = workspace::metadata();
    let crates = metadata["packages"].as_array().unwrap().iter();
    let ours = crates.map(|one| one["name"].as_str().unwrap().replace('-', "_") + "=trace");
    ours.chain(["info".to_owned()]).collect::<Vec<_>>().join(",")
}

impl Local {
    async fn open(folder: &Path) -> Self {
        let mut process = Command::new(workspace::binary("jari-local"))
            .args(["--port", "0", "--now", NOW, "--data"])
            .arg(folder.join("data"))
            .env_remove("JARI_DYNAMODB_ENDPOINT")
            .env("RUST_LOG", everything_of_ours())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("log")).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = tokio::time::timeout(OPENS_WITHIN, lines.next_line()).await.expect("it opens").unwrap();
        let url = first.unwrap().strip_prefix("Jari is open at ").unwrap().to_owned();
        Self { process, url, client: reqwest::Client::new(), private: vec![DEMO_PASSWORD.to_owned()] }
    }

    /// Remembers that nothing may tell this, and gives it back.
    fn whispered(&mut self, text: &str) -> String {
        assert!(text.len() >= 6, "too short to be searched for: {text}");
        self.private.push(text.to_owned());
        text.to_owned()
    }

    fn request(&self, method: Method, path: &str, token: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        Answer::to(self.request(Method::POST, path, token).json(body)).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        Answer::to(self.request(Method::GET, path, token)).await
    }

    /// The tokens of a session, which are secret from now on.
    fn session(&mut self, answer: &Answer) -> (String, String) {
        let token =
            |name: &str| answer.json[name].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned();
        (self.whispered(&token("accessToken")), self.whispered(&token("refreshToken")))
    }

    /// Waits until everything that follows from what was committed has happened.
    async fn rest(&self) {
        Answer::to(self.request(Method::POST, "/_local/stream/drained", "")).await.is(204);
    }

    /// The token in the last mail to an address, after `page` in its link.
    async fn mailed(&mut self, address: &str, page: &str) -> String {
        self.rest().await;
        let mails = self.get("/_local/mail", "").await.is(200).json["items"].clone();
        let to = |mail: &&Value| mail["to"].to_string().contains(address);
        let mail =
            mails.as_array().unwrap().iter().find(to).unwrap_or_else(|| panic!("no mail to {address}"));
        let (_, token) = mail["text"].as_str().unwrap().split_once(page).unwrap();
        let token = token.split(|c: char| c.is_whitespace() || c == '?').next().unwrap().to_owned();
        self.whispered(&token)
    }

    /// What it logged, once it has closed.
    async fn log(mut self, folder: &Path) -> (String, Vec<String>) {
        self.process.kill().await.unwrap();
        let secrets = std::fs::read_to_string(folder.join("data/parameters.json")).unwrap();
        let secrets: Value = serde_json::from_str(&secrets).unwrap();
        let values = secrets["secrets"].as_object().unwrap().values();
        self.private.extend(values.filter_map(Value::as_str).map(str::to_owned));
        (std::fs::read_to_string(folder.join("log")).unwrap(), self.private)
    }
}

/// What of `private` a log tells, in whichever way text is written down there.
fn told<'a>(log: &str, private: &'a [String]) -> Vec<&'a str> {
    let log = log.to_lowercase();
    let ways = |text: &str| {
        let text = text.to_lowercase();
        let escaped: String = text.chars().flat_map(char::escape_default).collect();
        let in_a_url: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        [escaped, in_a_url.to_lowercase(), text]
    };
    private.iter().map(String::as_str).filter(|text| ways(text).iter().any(|way| log.contains(way))).collect()
}

/// What the password is after it was forgotten.
const NEW_PASSWORD: &str = "눈 오는 날의 어묵 세꼬치";

/// Signs up, in and out, forgets the password, refreshes, guesses.
async fn accounts(local: &mut Local) -> (String, String) {
    let email = local.whispered("Haneul.Byul@example.kr");
    let name = local.whispered("하늘별님");
    let phone = local.whispered("+821098761234");
    let password = local.whispered("비 오는 날의 파전 두장");
    let account =
        json!({ "email": email, "password": password, "name": name, "phone": phone, "language": "ko" });
    local.post("/v1/accounts", "", &account).await.is(202);
    let token = local.mailed("aneul", "/verify/").await;
    let verified = local.post("/v1/accounts/verify", "", &json!({ "token": token })).await.is(200);
    let (access, refresh) = local.session(&verified);
    local.post("/v1/accounts/verify", "", &json!({ "token": token })).await;
    // Once more, with the address taken.
    local.post("/v1/accounts", "", &account).await.is(202);
    let guess = local.whispered("wrong guess 4711");
    local.post("/v1/sessions", "", &json!({ "email": email, "password": guess })).await.is(401);
    let refreshed = local.post("/v1/sessions/refresh", "", &json!({ "refreshToken": refresh })).await.is(200);
    local.session(&refreshed);
    local.post("/v1/sessions/refresh", "", &json!({ "refreshToken": refresh })).await.is(401);
    local.post("/v1/password-resets", "", &json!({ "email": email })).await.is(202);
    let token = local.mailed("aneul", "/reset/").await;
    let password = local.whispered(NEW_PASSWORD);
    let reset = json!({ "token": token, "password": password });
    Answer::to(local.request(Method::POST, "/v1/password-resets/confirm", "").json(&reset)).await.is(204);
    local.post("/v1/password-resets/confirm", &access, &reset).await;
    let signed_in =
        local.post("/v1/sessions", "", &json!({ "email": email, "password": password })).await.is(200);
    let (access, _) = local.session(&signed_in);
    (email, access)
}

/// Books, holds, confirms, changes and cancels, as a guest and signed in; opens the page of the link.
async fn reservations(local: &mut Local, access: &str) {
    let days = format!("/v1/restaurants/{RESTAURANT}/availability?partySize=2&from=2026-12-22&to=2026-12-24");
    let days = local.get(&days, "").await.is(200).json["days"].clone();
    let slots = days.as_array().unwrap().iter().flat_map(|day| day["slots"].as_array().unwrap());
    let mut free = slots.filter(|slot| slot["available"] == true).map(|slot| slot["startsAt"].clone());
    let guest = json!({
        "name": local.whispered("구름달님"), "email": local.whispered("gureum.dal@example.kr"),
        "phone": local.whispered("+821055667788"), "language": "ko",
    });
    let note = local.whispered("땅콩 알레르기가 있어요");
    let wish = json!({ "restaurantId": RESTAURANT, "startsAt": free.next(), "partySize": 2, "guest": guest, "note": note });
    let booked = local.post("/v1/reservations", "", &wish).await.is(201);
    let link = local.whispered(&booked.ticket().token);
    let path = format!("/v1/reservations/{}", booked.id());
    local.get(&path, &link).await.is(200);
    local.get(&format!("/r/{link}"), "").await.is(200);
    local.get(&format!("/r/{link}x"), "").await;
    local.get(&path, &format!("{link}x")).await.is(401);
    let note = json!({ "note": local.whispered("생일 케이크를 가져갑니다") });
    Answer::to(local.request(Method::PATCH, &path, &link).json(&note)).await.is(200);
    let reason = json!({ "reason": local.whispered("할머니가 편찮으십니다") });
    local.post(&format!("{path}/cancel"), &link, &reason).await.is(200);
    local.post(&format!("{path}/cancel"), &link, &reason).await.is(409);
    // Lost to oneself, and out of the house's hours.
    local.post("/v1/reservations", access, &json!({ "restaurantId": RESTAURANT, "startsAt": "2026-12-24T04:00:00+09:00", "partySize": 2, "guest": guest })).await;
    let held = json!({ "restaurantId": RESTAURANT, "startsAt": free.next(), "partySize": 2, "hold": true });
    let held = local.post("/v1/reservations", "", &held).await.is(201);
    let (path, link) =
        (format!("/v1/reservations/{}/confirm", held.id()), local.whispered(&held.ticket().token));
    local.post(&path, &link, &json!({ "guest": guest })).await.is(200);
    let own = json!({ "restaurantId": RESTAURANT, "startsAt": free.next_back(), "partySize": 2, "note": note["note"] });
    local.post("/v1/reservations", access, &own).await;
}

/// What the owner of a restaurant does with people.
async fn staff(local: &mut Local, email: &str) {
    let owner = json!({ "email": "owner@jari.test", "password": DEMO_PASSWORD });
    let owner = local.post("/v1/sessions", "", &owner).await.is(200);
    let (owner, _) = local.session(&owner);
    let restaurant = "/v1/restaurants/rst_01jar100000000000000000001";
    local
        .post(&format!("{restaurant}/staff"), &owner, &json!({ "email": email, "role": "host" }))
        .await
        .is(201);
    local.get(&format!("{restaurant}/staff"), &owner).await.is(200);
    let nobody = local.whispered("niemand.da@example.kr");
    local
        .post(&format!("{restaurant}/staff"), &owner, &json!({ "email": nobody, "role": "host" }))
        .await
        .is(422);
    let note = json!({ "text": local.whispered("내일 배우가 옵니다") });
    let path = format!("{restaurant}/days/2026-12-24/note");
    Answer::to(local.request(Method::PUT, &path, &owner).json(&note)).await.is(200);
    local.get(&format!("{restaurant}/days/2026-12-24"), &owner).await.is(200);
}

/// What is not well-formed is not quoted either.
async fn malformed(local: &mut Local, access: &str) {
    let secret = local.whispered("do-not-quote-me-1234");
    for path in [
        "/v1/accounts",
        "/v1/sessions",
        "/v1/reservations",
        "/v1/accounts/verify",
        "/v1/password-resets/confirm",
    ] {
        for body in [
            format!("{{\"password\": \"{secret}\""),
            format!(
                "{{\"email\": \"{secret}\", \"password\": \"{secret}\", \"token\": \"{secret}\", \"name\": 7}}"
            ),
            format!("{{\"{secret}\": 1, \"guest\": {{\"email\": \"{secret}\", \"{secret}\": []}}}}"),
            format!("\"{secret}\""),
            secret.clone(),
        ] {
            let request =
                local.request(Method::POST, path, access).header("content-type", "application/json");
            let answer = Answer::to(request.body(body)).await;
            assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text);
        }
    }
    for path in [
        format!("/v1/restaurants?q={secret}&near={secret}"),
        format!("/v1/restaurants?cursor={secret}"),
        format!("/v1/reservations/{secret}"),
        format!("/r/{secret}"),
        format!("/{secret}"),
    ] {
        local.get(&path, &secret).await;
        local.get(&path, "").await;
    }
    let request = local.request(Method::POST, "/v1/reservations", "").json(&json!({}));
    Answer::to(request.header("idempotency-key", &secret).header("jari-visit", &secret)).await;
}

/// Sees, changes and takes away what the house knows.
async fn oneself(local: &mut Local, access: &str) {
    for path in ["/v1/me", "/v1/me/export", "/v1/me/reservations?when=upcoming", "/v1/me/restaurants"] {
        local.get(path, access).await;
    }
    let name = json!({ "name": local.whispered("바람꽃님") });
    Answer::to(local.request(Method::PATCH, "/v1/me", access).json(&name)).await.is(200);
    let password = json!({ "password": NEW_PASSWORD });
    let gone = Answer::to(local.request(Method::DELETE, "/v1/me", access).json(&password)).await;
    assert!(gone.status < 300, "{}", gone.text);
    local.get("/v1/me", access).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_line_has_a_secret_or_anything_of_a_persons() {
    let folder = tempfile::tempdir().unwrap();
    let mut local = Local::open(folder.path()).await;
    let (email, access) = accounts(&mut local).await;
    reservations(&mut local, &access).await;
    staff(&mut local, &email).await;
    malformed(&mut local, &access).await;
    oneself(&mut local, &access).await;
    // What falls due meanwhile is logged too: reminders, holds that end, mails.
    local.post("/_local/clock", "", &json!({ "now": "2026-12-24T12:00:00+09:00" })).await;
    let health = local.get("/v1/health", "").await.is(200);
    let (log, private) = local.log(folder.path()).await;
    assert!(private.len() > 30, "{}", private.len());

    // It is the log of all that: many lines, with ids to find a request by.
    assert!(log.lines().count() > 50, "{log}");
    assert!(log.contains(health.header("x-request-id").unwrap_or("no request id")), "{log}");

    // What is searched for would be found, however it is written.
    for text in &private {
        let planted = format!("{log}\n2026-12-01 DEBUG said {text:?}, that is {text}");
        assert!(told(&planted, &private).contains(&text.as_str()), "{text}");
    }
    let found = told(&log, &private);
    let lines: Vec<_> = log.lines().filter(|line| !told(line, &private).is_empty()).collect();
    assert!(found.is_empty(), "{found:?}\n{}", lines.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_leads_from_a_request_to_its_mail_and_to_what_became_of_that() {
    let folder = tempfile::tempdir().unwrap();
    let local = Local::open(folder.path()).await;
    let days = format!("/v1/restaurants/{RESTAURANT}/availability?partySize=2&date=2026-12-22");
    let days = local.get(&days, "").await.is(200).json["days"].clone();
    let slots = days[0]["slots"].as_array().unwrap();
    let free = slots.iter().find(|slot| slot["available"] == true).unwrap();
    let guest = json!({ "name": "김민지", "email": "bounce-minji@jari.test", "language": "ko" });
    let wish =
        json!({ "restaurantId": RESTAURANT, "startsAt": free["startsAt"], "partySize": 2, "guest": guest });
    let booking = local.request(Method::POST, "/v1/reservations", "").json(&wish);
    let ids = [
        ("x-request-id", "evening-42"),
        ("x-amzn-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793"),
        ("x-amz-cf-id", "k1Tdg-Ql0="),
    ];
    let booking = ids.iter().fold(booking, |booking, (name, value)| booking.header(*name, *value));
    Answer::to(booking).await.is(201);
    local.rest().await;
    let bounced = async {
        while !std::fs::read_to_string(folder.path().join("log")).unwrap().contains("no more mail goes") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(OPENS_WITHIN, bounced).await.expect("the bounce is told of");
    let (log, _) = local.log(folder.path()).await;
    for (said, lines) in [("answered", 1), ("mail sent", 2), ("no more mail goes to an address", 1)] {
        let found: Vec<&str> =
            log.lines().filter(|line| line.contains("evening-42") && line.contains(said)).collect();
        assert_eq!(found.len(), lines, "{said}: {found:?}");
        assert!(found.iter().all(|line| line.contains("1-5759e988-bd862e3fe1be46a994272793")), "{found:?}");
    }
    assert!(log.lines().any(|line| line.contains("evening-42") && line.contains("k1Tdg-Ql0=")), "{log}");
}
