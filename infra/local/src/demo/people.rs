//! The people of the demo: one of each kind, all with the same password.

use jari_domain::{
    Account, AccountId, EmailAddress, GuestName, InvalidContact, InvalidId, Language, MailPreferences,
    PlatformRole, RestaurantId, StaffRole,
};
use jari_identity::{DinerKey, InvalidPassword, Password};
use jari_store::{StaffMember, Store, StoredAccount};
use jiff::Timestamp;
use thiserror::Error;

use super::DemoError;

/// Everybody's. It is in the README: whoever opens the demo is meant to sign in.
const PASSWORD: &str = "jari-demo-2026";
/// The first of the demo's restaurants, where its staff work.
const WORKPLACE: &str = "rst_01jar100000000000000000001";

struct Person {
    id: &'static str,
    email: &'static str,
    name: &'static str,
    staff: Option<StaffRole>,
    platform: Option<PlatformRole>,
}

const fn person(id: &'static str, email: &'static str, name: &'static str) -> Person {
    Person { id, email, name, staff: None, platform: None }
}

const PEOPLE: [Person; 6] = [
    person("acc_01jar900000000000000000001", "diner@jari.test", "김민지"),
    Person {
        staff: Some(StaffRole::Owner),
        ..person("acc_01jar900000000000000000002", "owner@jari.test", "박정우")
    },
    Person {
        staff: Some(StaffRole::Manager),
        ..person("acc_01jar900000000000000000003", "manager@jari.test", "이서연")
    },
    Person {
        staff: Some(StaffRole::Host),
        ..person("acc_01jar900000000000000000004", "host@jari.test", "최지훈")
    },
    Person {
        platform: Some(PlatformRole::Concierge),
        ..person("acc_01jar900000000000000000005", "concierge@jari.test", "한유진")
    },
    Person {
        platform: Some(PlatformRole::Admin),
        ..person("acc_01jar900000000000000000006", "admin@jari.test", "오세라")
    },
];

/// A person of the demo is not what the domain takes.
#[derive(Debug, Error)]
#[error("a person of the demo can't be read")]
pub struct UnreadablePerson;

/// Loads them; who is there already stays as they are.
pub(super) async fn load(store: &Store, diners: &DinerKey, now: Timestamp) -> Result<(), DemoError> {
    let password: Password = PASSWORD.parse().map_err(|_: InvalidPassword| UnreadablePerson)?;
    // Once for all of them: it is slow on purpose.
    let hash = password.hash().await?;
    let workplace: RestaurantId = WORKPLACE.parse().map_err(|_: InvalidId| UnreadablePerson)?;
    for person in PEOPLE {
        let account = account(&person, now)?;
        let diner = diners.diner_of_email(&account.email);
        let member = person.staff.map(|role| StaffMember {
            account: account.id,
            role,
            name: account.name.clone(),
            email: account.email.clone(),
            since: now,
        });
        let password_hash = Some(hash.clone());
        store.create_account(&StoredAccount { account, diner, password_hash, deleting: false }).await?;
        if let Some(member) = member {
            store.put_staff(workplace, &member).await?;
        }
    }
    Ok(())
}

fn account(person: &Person, now: Timestamp) -> Result<Account, UnreadablePerson> {
    let id: AccountId = person.id.parse().map_err(|_: InvalidId| UnreadablePerson)?;
    let email: EmailAddress = person.email.parse().map_err(|_: InvalidContact| UnreadablePerson)?;
    let name: GuestName = person.name.parse().map_err(|_: InvalidContact| UnreadablePerson)?;
    Ok(Account {
        id,
        email,
        name,
        phone: None,
        language: Language::Ko,
        mail: MailPreferences::default(),
        platform: person.platform,
        generation: 1,
        created_at: now,
        revision: 1,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_can_be_read_and_each_has_an_id_of_their_own() {
        let ids: BTreeSet<_> = PEOPLE
            .iter()
            .map(|person| account(person, Timestamp::UNIX_EPOCH).unwrap().id.to_string())
            .collect();
        assert_eq!(ids.len(), PEOPLE.len());
        assert!(PASSWORD.parse::<Password>().is_ok());
        assert!(WORKPLACE.parse::<RestaurantId>().is_ok());
    }
}
