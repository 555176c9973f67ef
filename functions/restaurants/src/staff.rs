//! Who works at a restaurant, on the wire, and what the three endpoints of it have in common.

use axum::extract::FromRef;
use jari_api::{BadField, Code, FieldCode, Problem, Text, respond};
use jari_domain::{AccountId, Clock, Restaurant, StaffRole};
use jari_identity::BearerVerifier;
use jari_operations::{MOST_STAFF, StaffRefusal};
use jari_store::{Staff, StaffMember, Store};
use jari_wiring::{House, OpenError, admission_problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a restaurant's people are looked up and changed. Holds no secret.
#[derive(Clone, FromRef)]
pub(crate) struct StaffOffice {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) bearers: BearerVerifier,
}

impl StaffOffice {
    pub(crate) fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock(), bearers: house.bearer_verifier()? })
    }
}

/// Somebody who works at a restaurant.
#[derive(Serialize, ToSchema)]
#[schema(as = StaffMember)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StaffMemberView {
    #[schema(value_type = String, example = "acc_01jar400000000000000000001")]
    account_id: AccountId,
    #[schema(example = "박서준")]
    name: String,
    #[schema(format = Email, example = "seojun@example.kr")]
    email: String,
    /// `host`, `manager` or `owner`.
    #[schema(value_type = String, example = "host")]
    role: StaffRole,
    #[schema(format = DateTime, example = "2026-12-01T10:00:00+09:00")]
    since: String,
}

/// Everybody who works at a restaurant.
#[derive(Serialize, ToSchema)]
#[schema(as = Staff)]
pub(crate) struct StaffView {
    /// The longest there first.
    items: Vec<StaffMemberView>,
    /// There are never so many that there is another page.
    #[schema(value_type = Option<String>)]
    next: Option<()>,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

impl StaffMemberView {
    pub(crate) fn new(member: &StaffMember, restaurant: &Restaurant) -> Self {
        Self {
            account_id: member.account,
            name: member.name.as_str().to_owned(),
            email: member.email.as_str().to_owned(),
            role: member.role,
            since: respond::instant(member.since, restaurant.zone()),
        }
    }
}

impl StaffView {
    pub(crate) fn new(staff: &Staff, restaurant: &Restaurant) -> Self {
        let mut members: Vec<&StaffMember> = staff.members.iter().collect();
        members.sort_by_key(|member| (member.since, member.account));
        let items = members.into_iter().map(|member| StaffMemberView::new(member, restaurant)).collect();
        Self { items, next: None, revision: staff.revision }
    }
}

/// The problem that tells of `refusal`.
pub(crate) fn problem(refusal: StaffRefusal, restaurant: &Restaurant) -> Problem {
    match refusal {
        StaffRefusal::Door(refusal) => admission_problem(refusal),
        StaffRefusal::NoAccount => Problem::invalid_fields(vec![BadField {
            pointer: "/email".into(),
            code: FieldCode::OutOfRange,
            detail: Text::fixed(
                "이 이메일로 가입된 계정이 없습니다. 먼저 가입해 달라고 안내해 주세요.",
                "Nobody has signed up with this address yet. Please ask them to do so first.",
            ),
        }]),
        StaffRefusal::NoMember => Problem::new(Code::NotFound)
            .with_detail(Text::fixed("이 식당의 직원이 아닙니다.", "They do not work at this restaurant.")),
        StaffRefusal::LastOwner => Problem::new(Code::LastOwner).with_detail(Text::fixed(
            "먼저 다른 분을 소유자로 지정해 주세요.",
            "Please make somebody else an owner first.",
        )),
        StaffRefusal::TooMany => Problem::new(Code::StaffFull).with_detail(Text::new(
            format!("한 식당에는 {MOST_STAFF}명까지 등록할 수 있습니다."),
            format!("At most {MOST_STAFF} people can work at a restaurant."),
        )),
        StaffRefusal::TooOften { retry_after } => Problem::new(Code::TooManyRequests)
            .with_detail(Text::fixed(
                "직원을 너무 자주 추가했습니다. 잠시 후 다시 시도해 주세요.",
                "People were added too often. Please wait a while before the next.",
            ))
            .with_retry_after(retry_after.unsigned_abs()),
        StaffRefusal::Stale(current) => {
            Problem::new(Code::StaleRevision).with("current", StaffView::new(&current, restaurant))
        }
    }
}
