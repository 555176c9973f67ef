//! A request for each operation that succeeds when somebody is let in, and finds the scene as it was set.

use std::sync::atomic::{AtomicU32, Ordering};

use jari_identity::Operation;
use jari_tests::{DAY, House, on_day};
use serde_json::{Value, json};

use super::scene::{Scene, Walker};

/// What an operation is asked with, beside who asks.
#[derive(Default)]
pub(crate) struct Sample {
    /// From its question mark on.
    pub(crate) query: String,
    /// Null: none.
    pub(crate) body: Value,
}

pub(crate) const PASSWORD: &str = "여름밤의 국수 한그릇";

/// The values of the parameters of any path.
pub(crate) fn path_parameters(scene: &Scene) -> Vec<(&'static str, String)> {
    vec![
        ("restaurantId", scene.bistro.id().to_string()),
        ("reservationId", scene.own.id.to_string()),
        ("accountId", scene.person(Walker::Host).account().to_string()),
        ("dinerId", scene.person(Walker::OwnDiner).diner().0.clone()),
        ("date", DAY.to_owned()),
        ("provider", "kakao".to_owned()),
    ]
}

/// The sample of an operation. There is no arm for all others: whoever adds an operation has to think of one here.
pub(crate) async fn sample(house: &House, scene: &Scene, operation: Operation) -> Sample {
    use Operation as O;
    let guest = json!({ "name": "김민지", "email": "minji@jari.test", "language": "ko" });
    let body = match operation {
        O::GetAvailability => {
            return Sample { query: format!("?partySize=2&date={DAY}"), ..Sample::default() };
        }
        O::ListMyReservations => return Sample { query: "?when=upcoming".into(), ..Sample::default() },
        O::CreateReservation => json!({
            "restaurantId": scene.bistro.id(), "startsAt": on_day("20:30"), "partySize": 2, "guest": guest,
        }),
        O::ConfirmReservation => json!({ "guest": guest }),
        O::ChangeReservation => json!({ "note": "창가 자리" }),
        O::SwapTables => json!({ "with": scene.neighbour.as_ref().unwrap().id }),
        O::PutDayNote => json!({ "text": "단체 손님" }),
        O::CreateRestaurant => json!({
            "name": { "ko": "새집", "en": "Saejip" },
            "address": { "ko": "서울 중구 명동길 1", "en": "1 Myeongdong-gil, Jung-gu, Seoul" },
            "location": { "lat": 37.56, "lng": 126.98 },
            "phone": "+82212345678", "email": "saejip@jari.test", "area": "myeongdong",
        }),
        O::UpdateRestaurant => json!({ "phone": "+82298765432" }),
        O::PutMenu => part(house, scene, "menu").await,
        O::PutFloor => part(house, scene, "floor").await,
        O::PutSchedule => part(house, scene, "schedule").await,
        O::PutPolicy => part(house, scene, "policy").await,
        O::RejectRestaurant => json!({ "reason": "사진이 없습니다." }),
        O::AddStaff => json!({ "email": scene.person(Walker::AnotherDiner).email, "role": "host" }),
        O::SignUp => new_account(),
        O::VerifyEmail => json!({ "token": sign_up(house, &new_account()).await }),
        O::SignIn => json!({ "email": scene.member().email, "password": PASSWORD }),
        O::RefreshSession => {
            let credentials = json!({ "email": scene.member().email, "password": PASSWORD });
            let session = house.post("/v1/sessions").json(&credentials).await.is(200).json;
            json!({ "refreshToken": session["refreshToken"] })
        }
        O::RequestPasswordReset => json!({ "email": scene.person(Walker::OwnDiner).email }),
        O::ResetPassword => {
            let email = &scene.member().email;
            house.post("/v1/password-resets").json(&json!({ "email": email })).await.is(202);
            json!({ "token": token_in_mail(house, email, "/reset/").await, "password": PASSWORD })
        }
        O::FinishSocialSignIn => json!({ "code": "code", "state": "state" }),
        O::UpdateMe => json!({ "name": "김민서" }),
        O::GetHealth
        | O::GetOpenapi
        | O::ListRestaurants
        | O::GetRestaurant
        | O::GetReservation
        | O::CancelReservation
        | O::ReconfirmReservation
        | O::AcceptReservation
        | O::DeclineReservation
        | O::SeatReservation
        | O::CompleteReservation
        | O::NoShowReservation
        | O::UndoReservation
        | O::GetDaySheet
        | O::CloseDay
        | O::OpenDay
        | O::ListBarredGuests
        | O::LiftBar
        | O::ListMyRestaurants
        | O::GetProfile
        | O::GetMenu
        | O::GetFloor
        | O::GetSchedule
        | O::GetPolicy
        | O::SubmitRestaurant
        | O::CloseRestaurant
        | O::ListStaff
        | O::RemoveStaff
        | O::ListAuditLog
        | O::ListSubmittedRestaurants
        | O::ApproveRestaurant
        | O::SignOut
        | O::SignOutEverywhere
        | O::ListSignInProviders
        | O::StartSocialSignIn
        | O::GetMe
        | O::DeleteMe
        | O::ExportMe => Value::Null,
    };
    Sample { body, ..Sample::default() }
}

/// A part of the restaurant as it is, to be put where it was.
async fn part(house: &House, scene: &Scene, part: &str) -> Value {
    let path = format!("/v1/restaurants/{}/{part}", scene.bistro.id());
    house.get(&path).by(scene.person(Walker::Owner)).await.is(200).json
}

static ACCOUNTS: AtomicU32 = AtomicU32::new(0);

fn new_account() -> Value {
    let email = format!("walker-{}@jari.test", ACCOUNTS.fetch_add(1, Ordering::Relaxed));
    json!({ "email": email, "password": PASSWORD, "name": "김민지", "language": "ko" })
}

/// The token that comes by mail.
async fn sign_up(house: &House, account: &Value) -> String {
    house.post("/v1/accounts").json(account).await.is(202);
    token_in_mail(house, account["email"].as_str().unwrap(), "/verify/").await
}

async fn token_in_mail(house: &House, address: &str, page: &str) -> String {
    let mails = house.mails_to(address).await;
    let text = &mails.last().unwrap_or_else(|| panic!("no mail to {address}")).text;
    let (_, token) = text.split_once(page).unwrap_or_else(|| panic!("no {page} in {text}"));
    token.split(|c: char| c.is_whitespace() || c == '?').next().unwrap().to_owned()
}
