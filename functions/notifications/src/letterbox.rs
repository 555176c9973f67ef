//! Making a message of a fact: reading what it needs beside the fact itself, the links in it, and whether there is
//! anybody to send it to.

use std::sync::Arc;

use jari_domain::{
    Account, AccountId, EmailAddress, Language, Profile, Reservation, Restaurant, RestaurantId,
};
use jari_identity::{LinkSigner, MailTokenKey, MailTokenPurpose};
use jari_mail::{
    ComposeError, Letter, LetterKind, Message, Notice, NoticeKind, compose, compose_letter,
    restaurant_language,
};
use jari_operations::RestaurantCache;
use jari_store::{PendingReset, PendingSignUp, Store, StoreError};
use jari_wiring::{House, OpenError};
use jiff::{SignedDuration, Timestamp};

use crate::record::Tells;

/// What messages are made with.
#[derive(Clone)]
pub(crate) struct Letterbox {
    store: Store,
    restaurants: RestaurantCache,
    links: LinkSigner,
    tokens: MailTokenKey,
    from: EmailAddress,
    site_url: String,
}

/// Why there is no message.
pub(crate) enum Unwritten {
    /// It is no news any more, or there is nobody to tell.
    Nobody,
    /// Trying again may help.
    Later(String),
    /// It does not get better by trying again.
    Never(String),
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(why) => Self::Later(why),
            error => Self::Never(error.to_string()),
        }
    }
}

impl From<ComposeError> for Unwritten {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::NoAddress => Self::Nobody,
            error => Self::Never(error.to_string()),
        }
    }
}

impl Letterbox {
    pub(crate) async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self {
            store: house.store()?,
            restaurants: house.restaurants()?,
            links: house.link_signer().await?,
            tokens: house.mail_token_key().await?,
            from: house.settings().mail_from()?,
            site_url: house.settings().site_url()?.to_owned(),
        })
    }

    /// The message that tells what `tells` says.
    pub(crate) async fn write(&self, tells: &Tells, now: Timestamp) -> Result<Message, Unwritten> {
        let letter = match tells {
            Tells::Notice(kind, reservation) => return self.notice(kind.clone(), reservation, now).await,
            Tells::VerifyEmail(pending) => self.verify_email(pending, now)?,
            Tells::AlreadyRegistered(pending) => {
                self.letter(LetterKind::AlreadyRegistered, pending.email.clone(), pending.language)
            }
            Tells::PasswordReset(pending) => self.password_reset(pending, now).await?,
            Tells::PasswordChanged(account) => {
                self.letter(LetterKind::PasswordChanged, account.email.clone(), account.language)
            }
            Tells::RestaurantApproved(id) => {
                let profile = self.profile(*id).await?;
                let kind = LetterKind::RestaurantApproved { restaurant: profile.name.clone() };
                self.letter(kind, profile.email.clone(), restaurant_language(&profile))
            }
            Tells::RestaurantRejected(id, why) => {
                let profile = self.profile(*id).await?;
                let kind =
                    LetterKind::RestaurantRejected { restaurant: profile.name.clone(), why: why.clone() };
                self.letter(kind, profile.email.clone(), restaurant_language(&profile))
            }
            Tells::StaffAdded(id, account, role) => {
                let restaurant = self.profile(*id).await?.name;
                let account = self.account(*account).await?;
                let kind = LetterKind::StaffAdded { restaurant, role: *role };
                self.letter(kind, account.email, account.language)
            }
        };
        Ok(compose_letter(&letter, &self.from)?)
    }

    async fn notice(
        &self,
        kind: NoticeKind,
        reservation: &Reservation,
        now: Timestamp,
    ) -> Result<Message, Unwritten> {
        if kind.is_reminder() && now >= reservation.span.start() {
            return Err(Unwritten::Nobody);
        }
        let restaurant = self.restaurant(reservation.restaurant).await?;
        let token = self.links.sign(reservation.id, reservation.link_expires(), now);
        let notice = Notice {
            kind,
            reservation: reservation.clone(),
            restaurant,
            link: Some(format!("{}/r/{token}", self.site_url)),
            site_url: self.site_url.clone(),
        };
        Ok(compose(&notice, now, &self.from)?)
    }

    fn verify_email(&self, pending: &PendingSignUp, now: Timestamp) -> Result<Letter, Unwritten> {
        let token = self.tokens.token(MailTokenPurpose::VerifyEmail, &pending.diner, pending.id);
        let kind = LetterKind::VerifyEmail { token, minutes: minutes_left(pending.expires_at, now)? };
        Ok(self.letter(kind, pending.email.clone(), pending.language))
    }

    async fn password_reset(&self, pending: &PendingReset, now: Timestamp) -> Result<Letter, Unwritten> {
        let minutes = minutes_left(pending.expires_at, now)?;
        let account = self.account(pending.account.ok_or(Unwritten::Nobody)?).await?;
        let token = self.tokens.token(MailTokenPurpose::ResetPassword, &pending.diner, pending.id);
        Ok(self.letter(LetterKind::PasswordReset { token, minutes }, account.email, account.language))
    }

    async fn restaurant(&self, id: RestaurantId) -> Result<Arc<Restaurant>, Unwritten> {
        let restaurant = self.restaurants.get(id).await?;
        restaurant.ok_or_else(|| Unwritten::Never("the restaurant is not there".to_owned()))
    }

    async fn profile(&self, id: RestaurantId) -> Result<Profile, Unwritten> {
        Ok(self.restaurant(id).await?.profile.clone())
    }

    /// An account that is still there.
    async fn account(&self, id: AccountId) -> Result<Account, Unwritten> {
        let stored = self.store.account(id).await?.filter(|stored| !stored.deleting);
        stored.map(|stored| stored.account).ok_or(Unwritten::Nobody)
    }

    fn letter(&self, kind: LetterKind, to: EmailAddress, language: Language) -> Letter {
        Letter { kind, to, language, site_url: self.site_url.clone() }
    }
}

/// How long a link still works, in tens of minutes: nobody reads a mail to the second. One that has ended is not worth
/// a mail.
fn minutes_left(expires_at: Timestamp, now: Timestamp) -> Result<u16, Unwritten> {
    let left = expires_at.duration_since(now);
    if left <= SignedDuration::ZERO {
        return Err(Unwritten::Nobody);
    }
    let tens = (left.as_secs() + 599) / 600;
    Ok(u16::try_from(tens * 10).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_said_to_work_as_long_as_it_was_made_for() {
        let now: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
        let minutes = |seconds| minutes_left(now + SignedDuration::from_secs(seconds), now).ok();
        assert_eq!(minutes(24 * 3600), Some(24 * 60));
        assert_eq!(minutes(24 * 3600 - 7), Some(24 * 60));
        assert_eq!(minutes(1), Some(10));
        assert_eq!(minutes(0), None);
    }
}
