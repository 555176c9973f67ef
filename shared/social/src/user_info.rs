//! Profiles: what a provider tells the bearer of an access token about who gave it.

use oauth2::AccessToken;
use openidconnect::SubjectIdentifier;
use serde::Deserialize;
use url::Url;

use crate::outgoing::Outgoing;
use crate::{Mismatch, SocialError, Trouble};

/// What is read of a profile, or of an ID token.
pub(crate) struct Described {
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    /// `None` where nobody said.
    pub(crate) email_verified: Option<bool>,
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    email_verified: Option<bool>,
    name: Option<String>,
    nickname: Option<String>,
}

#[derive(Deserialize)]
struct NaverAnswer {
    resultcode: String,
    response: Option<NaverProfile>,
}

#[derive(Deserialize)]
struct NaverProfile {
    id: String,
    email: Option<String>,
    name: Option<String>,
    nickname: Option<String>,
}

/// An `OpenID` Connect profile, which has to be of `subject` (`OpenID` Connect Core 1.0, 5.3.2: else it
/// must not be used).
pub(crate) async fn of_subject(
    subject: &SubjectIdentifier,
    url: &Url,
    token: &AccessToken,
    outgoing: &Outgoing,
) -> Result<Described, SocialError> {
    let body = outgoing.get(url, token).await?;
    let info: UserInfo = serde_json::from_slice(&body).map_err(|_| Trouble::Unreadable)?;
    if info.sub != subject.as_str() {
        return Err(Mismatch::Subject.into());
    }
    let name = info.name.or(info.nickname);
    Ok(Described { subject: info.sub, email: info.email, email_verified: info.email_verified, name })
}

/// Naver's profile. Its address is what the person entered there as a contact, which need not be
/// theirs: it never counts as verified.
pub(crate) async fn of_naver(
    url: &Url,
    token: &AccessToken,
    outgoing: &Outgoing,
) -> Result<Described, SocialError> {
    let body = outgoing.get(url, token).await?;
    let answer: NaverAnswer = serde_json::from_slice(&body).map_err(|_| Trouble::Unreadable)?;
    match answer.response {
        Some(profile) if answer.resultcode == "00" => Ok(Described {
            subject: profile.id,
            email: profile.email,
            email_verified: Some(false),
            name: profile.name.or(profile.nickname),
        }),
        _ => Err(Trouble::Unreadable.into()),
    }
}
