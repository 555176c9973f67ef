//! Who works at a restaurant: adding, changing roles, leaving. What must hold of all members together is decided here, on
//! one read of them, and held by the write, which is made only where that read still stands.

use jari_domain::{AccountId, EmailAddress, Language, Profile, RestaurantId, RestaurantStatus, StaffRole};
use jari_identity::{DinerKey, Operation};
use jari_store::{
    ActedAs, AuditLine, Staff, StaffChange, StaffChanged, StaffMember, Store, StoreError, Throttle, Tried,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{Admitted, Refusal, Standing};

/// So many people may work at a restaurant: its staff is read with it.
pub const MOST_STAFF: usize = 50;
/// So often an account may hire within [`HIRING_WINDOW`]: a whole staff at one go. Each try tells whether an address has an
/// account, and anybody can register a restaurant to hire for.
const MOST_HIRED: u32 = 60;
const HIRING_WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// Others change the same staff at the same moment: more than so many times is no coincidence.
const MOST_TRIES: usize = 8;

/// Why a change of a staff was refused. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StaffRefusal {
    /// Refused as anything may be: not let in, not there, not stored.
    #[error(transparent)]
    Door(#[from] Refusal),
    /// The address has no account.
    #[error("the address has no account")]
    NoAccount,
    /// The account does not work there.
    #[error("no member of the staff")]
    NoMember,
    /// Without this one the restaurant would have no owner.
    #[error("the last owner")]
    LastOwner,
    /// [`MOST_STAFF`] work there already.
    #[error("too many members")]
    TooMany,
    /// It was tried too often.
    #[error("too many tries")]
    TooOften {
        /// When the next may be made.
        retry_after: SignedDuration,
    },
    /// The staff is no longer at the revision that the caller saw.
    #[error("the staff has changed")]
    Stale(Box<Staff>),
}

impl From<StoreError> for StaffRefusal {
    fn from(error: StoreError) -> Self {
        Self::Door(error.into())
    }
}

/// A membership as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hired {
    /// The membership.
    pub member: StaffMember,
    /// It is new; else it was there, and may have another role since.
    pub is_new: bool,
    /// The revision of the staff.
    pub revision: u64,
}

/// One membership, before and after; nothing where it is to stay as it is.
type Decision = Option<(Option<StaffMember>, Option<StaffMember>)>;

/// Makes the account of `email` a member of the staff, or gives it another role. `seen`: the revision of the staff that the
/// caller saw, if they said which.
///
/// # Errors
/// Any [`StaffRefusal`] but [`StaffRefusal::NoMember`].
pub async fn add_staff(
    store: &Store,
    diners: &DinerKey,
    admitted: &Admitted,
    (email, role): (&EmailAddress, StaffRole),
    seen: Option<u64>,
    now: Timestamp,
) -> Result<Hired, StaffRefusal> {
    if let Tried::Beyond(retry_after) = store.count(&hiring(admitted.account), now).await? {
        return Err(StaffRefusal::TooOften { retry_after });
    }
    let id = store.account_of_diner(&diners.diner_of_email(email)).await?.ok_or(StaffRefusal::NoAccount)?;
    let account = store.account(id).await?.filter(|account| !account.deleting);
    let account = account.ok_or(StaffRefusal::NoAccount)?.account;
    let line = admitted.audit_line(Operation::AddStaff, now)?;
    let decide = |staff: &Staff| {
        still_owner(admitted, staff)?;
        let before = staff.members.iter().find(|member| member.account == id).cloned();
        let Some(before) = before else {
            if staff.members.len() >= MOST_STAFF {
                return Err(StaffRefusal::TooMany);
            }
            let (name, email) = (account.name.clone(), account.email.clone());
            return Ok(Some((None, Some(StaffMember { account: id, role, name, email, since: now }))));
        };
        if before.role == role {
            return Ok(None);
        }
        keeps_an_owner(staff, &before)?;
        let after = StaffMember { role, ..before.clone() };
        Ok(Some((Some(before), Some(after))))
    };
    let (staff, decision) = change(store, admitted.stored.restaurant.id, seen, line, decide).await?;
    let is_new = matches!(decision, Some((None, _)));
    let after = decision.and_then(|(_, after)| after);
    let member = after.or_else(|| staff.members.into_iter().find(|member| member.account == id));
    Ok(Hired { member: member.ok_or(StaffRefusal::NoMember)?, is_new, revision: staff.revision })
}

/// How often an account has hired.
pub(crate) fn hiring(account: AccountId) -> Throttle {
    Throttle { what: "hire", whose: account.digits(), most: MOST_HIRED, window: HIRING_WINDOW }
}

/// Takes an account off the staff.
///
/// # Errors
/// [`StaffRefusal::NoMember`], [`StaffRefusal::LastOwner`], [`StaffRefusal::Stale`], [`StaffRefusal::Door`].
pub async fn remove_staff(
    store: &Store,
    admitted: &Admitted,
    account: AccountId,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<(), StaffRefusal> {
    let line = admitted.audit_line(Operation::RemoveStaff, now)?;
    let decide = |staff: &Staff| {
        still_owner(admitted, staff)?;
        leaving(staff, account)
    };
    change(store, admitted.stored.restaurant.id, seen, line, decide).await.map(drop)
}

/// Takes an account off the staff of a restaurant by its own wish, as when it is erased; also the last owner, where it is
/// closed for good. Who is no member has left already.
///
/// # Errors
/// [`StaffRefusal::LastOwner`], [`StaffRefusal::Door`].
pub async fn leave_staff(
    store: &Store,
    restaurant: RestaurantId,
    (account, role): (AccountId, StaffRole),
    now: Timestamp,
) -> Result<(), StaffRefusal> {
    let line = AuditLine {
        at: now,
        by: account,
        acted_as: ActedAs::Staff(role),
        what: Operation::RemoveStaff.name().to_owned(),
        before: None,
        after: None,
        why: None,
    };
    let is_closed = is_closed(store, restaurant, account).await?;
    let decide = |staff: &Staff| if is_closed { gone(staff, account) } else { leaving(staff, account) };
    match change(store, restaurant, None, line, decide).await {
        Ok(_) | Err(StaffRefusal::NoMember) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

/// Decides and writes, and again where others were faster. The staff as it was decided on, at the revision that it has
/// now, and what was decided.
async fn change(
    store: &Store,
    restaurant: RestaurantId,
    seen: Option<u64>,
    line: AuditLine,
    decide: impl Fn(&Staff) -> Result<Decision, StaffRefusal>,
) -> Result<(Staff, Decision), StaffRefusal> {
    for _ in 0..MOST_TRIES {
        let mut staff = store.staff(restaurant).await?;
        if seen.is_some_and(|seen| seen != staff.revision) {
            return Err(StaffRefusal::Stale(Box::new(staff)));
        }
        let decision = decide(&staff)?;
        let Some((before, after)) = &decision else {
            return Ok((staff, None));
        };
        let told = |member: &StaffMember| json!({ "account": member.account, "role": member.role });
        let line =
            AuditLine { before: before.as_ref().map(told), after: after.as_ref().map(told), ..line.clone() };
        let (before, after) = (before.as_ref(), after.as_ref());
        let change = StaffChange { restaurant, read: staff.revision, before, after, line: &line };
        match store.change_staff(&change).await? {
            StaffChanged::Done => {
                staff.revision += 1;
                return Ok((staff, decision));
            }
            StaffChanged::NoAccount => return Err(StaffRefusal::NoAccount),
            StaffChanged::Overtaken => {}
        }
    }
    Err(StoreError::Unavailable("too many change the same staff".into()).into())
}

/// Whether nothing goes on at a restaurant any more. Once that is so it stays so: no write needs to depend on it.
pub(crate) async fn is_closed(
    store: &Store,
    restaurant: RestaurantId,
    account: AccountId,
) -> Result<bool, StoreError> {
    let read = store.restaurant_as(restaurant, account).await?;
    Ok(read.is_some_and(|(read, _)| read.restaurant.profile.status == RestaurantStatus::Closed))
}

fn leaving(staff: &Staff, account: AccountId) -> Result<Decision, StaffRefusal> {
    let decision = gone(staff, account)?;
    if let Some((Some(member), _)) = &decision {
        keeps_an_owner(staff, member)?;
    }
    Ok(decision)
}

fn gone(staff: &Staff, account: AccountId) -> Result<Decision, StaffRefusal> {
    let member = staff.members.iter().find(|member| member.account == account);
    Ok(Some((Some(member.ok_or(StaffRefusal::NoMember)?.clone()), None)))
}

/// Somebody must be left who may hire: passes unless `member`, about to be an owner no more, is the only one.
fn keeps_an_owner(staff: &Staff, member: &StaffMember) -> Result<(), StaffRefusal> {
    let others = staff.members.iter().filter(|other| other.account != member.account);
    let mut owners = others.filter(|other| other.role == StaffRole::Owner);
    if member.role == StaffRole::Owner && owners.next().is_none() {
        return Err(StaffRefusal::LastOwner);
    }
    Ok(())
}

/// Who was let in as an owner may be none by the time of the write: then it is not theirs to make.
fn still_owner(admitted: &Admitted, staff: &Staff) -> Result<(), StaffRefusal> {
    let Standing::Staff(account, _) = admitted.standing else {
        return Ok(());
    };
    match staff.members.iter().find(|member| member.account == account) {
        Some(member) if Operation::AddStaff.admits_staff(member.role) => Ok(()),
        Some(_) => Err(Refusal::Forbidden.into()),
        None => Err(Refusal::NoRestaurant.into()),
    }
}

/// Where an account works and as what, by name; at most 100 restaurants.
///
/// # Errors
/// [`StoreError`] when the table can't be read.
pub async fn my_restaurants(
    store: &Store,
    account: AccountId,
) -> Result<Vec<(RestaurantId, Profile, StaffRole)>, StoreError> {
    const MOST: i32 = 100;
    let workplaces = store.workplaces(account, MOST).await?;
    let mut profiles = store.profiles(workplaces.iter().map(|(id, _)| *id)).await?;
    let known = workplaces.into_iter().filter_map(|(id, role)| Some((id, profiles.remove(&id)?, role)));
    let mut known: Vec<_> = known.collect();
    known.sort_by_cached_key(|(id, profile, _)| (profile.name.get(Language::Ko).to_lowercase(), *id));
    Ok(known)
}
