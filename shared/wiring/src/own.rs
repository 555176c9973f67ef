//! An account as its owner sees it.

use jari_domain::{Account, AccountId, Language, PlatformRole};
use jari_store::StoredAccount;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// One's own account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
#[serde(rename_all = "camelCase")]
pub struct MeView {
    #[schema(value_type = String, example = "acc_01jar400000000000000000001")]
    id: AccountId,
    /// The verified address. What is booked with it is one's own.
    #[schema(format = Email, example = "minji@example.kr")]
    email: String,
    #[schema(example = "김민지")]
    name: String,
    /// E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+821012345678")]
    phone: Option<String>,
    /// Of mails and pages.
    #[schema(value_type = String, example = "ko")]
    language: Language,
    mail: MailView,
    /// Whether there is one: who only signs in through others has none.
    has_password: bool,
    /// What one is for the whole house, beside a diner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "admin")]
    platform: Option<PlatformRole>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

/// Which mails one wants, beside those about a reservation's own facts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MailPreferences)]
struct MailView {
    /// The reminders a day and three hours before.
    reminders: bool,
}

impl MeView {
    /// The account, without what opens it.
    #[must_use]
    pub fn new(stored: &StoredAccount) -> Self {
        let Account { id, email, name, phone, language, mail, platform, created_at, revision, .. } =
            stored.account.clone();
        Self {
            id,
            email: email.as_str().to_owned(),
            name: name.as_str().to_owned(),
            phone: phone.map(|phone| phone.as_str().to_owned()),
            language,
            mail: MailView { reminders: mail.reminders },
            has_password: stored.password_hash.is_some(),
            platform,
            created_at,
            revision,
        }
    }
}
