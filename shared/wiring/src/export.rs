//! Everything that is kept about somebody, in one document: what `export-me` answers, and the page of the same name.

use jari_domain::{
    DinerId, Guest, GuestRecord, HistoryEntry, Note, Party, ReservationId, RestaurantId, StaffRole, Status,
};
use jari_store::{DinerPosition, InTime, Store, StoreError, StoredAccount, StoredReservation};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::MeView;

/// Everything that is kept about somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    #[schema(value_type = String, format = DateTime)]
    exported_at: Timestamp,
    account: MeView,
    mail_address: ExportedMailAddress,
    /// Where one works.
    works_at: Vec<ExportedWorkplace>,
    /// The sign-ins that live.
    sessions: Vec<ExportedSession>,
    /// With whom one can sign in, beside a password.
    identities: Vec<ExportedIdentity>,
    /// What the restaurants of these reservations keep of one as their guest.
    guest_records: Vec<ExportedGuestRecord>,
    /// The latest first, those made as a guest too.
    reservations: Vec<ExportedReservation>,
    /// More reservations follow: ask again with `cursor`.
    truncated: bool,
    #[schema(required = true)]
    next: Option<String>,
}

/// What is known of the address as a place for mails.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExportedMailAddress {
    /// `bounce` or `complaint`: nothing is sent any more.
    stopped: Option<&'static str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    stopped_at: Option<Timestamp>,
    no_reminders: bool,
}

/// A restaurant where one works.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExportedWorkplace {
    #[schema(value_type = String)]
    restaurant_id: RestaurantId,
    #[schema(value_type = String, example = "host")]
    role: StaffRole,
}

/// A sign-in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExportedSession {
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// An identity at a provider that leads to the account. Who one is there is not kept, only a hash of it.
#[derive(Serialize, ToSchema)]
struct ExportedIdentity {
    #[schema(example = "kakao")]
    provider: String,
}

/// What a restaurant keeps of one as its guest.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExportedGuestRecord {
    #[schema(value_type = String)]
    restaurant_id: RestaurantId,
    /// How often one came.
    visits: u32,
    /// For when one had booked and did not come, the oldest first; the last 20.
    #[schema(value_type = Vec<String>)]
    no_shows: Vec<Timestamp>,
    /// When the restaurant last let one book online again: what was before counts no more.
    #[schema(value_type = Option<String>, format = DateTime)]
    lifted_at: Option<Timestamp>,
}

/// A reservation as it is kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExportedReservation {
    #[schema(value_type = String)]
    id: ReservationId,
    #[schema(value_type = String)]
    restaurant_id: RestaurantId,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    #[schema(value_type = u8)]
    party_size: Party,
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    /// Name, address, phone and language it was made with.
    #[schema(value_type = Option<Object>)]
    guest: Option<Guest>,
    #[schema(value_type = Option<String>)]
    note: Option<Note>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// What happened to it, and who did it.
    #[schema(value_type = Vec<Object>)]
    history: Vec<HistoryEntry>,
}

impl Export {
    /// What is kept about the owner of an account, and where the reservations go on that no longer fit in.
    ///
    /// # Errors
    /// [`StoreError`] when it can't be read.
    pub async fn of(
        store: &Store,
        own: &StoredAccount,
        after: Option<DinerPosition>,
        now: Timestamp,
    ) -> Result<(Self, Option<DinerPosition>), StoreError> {
        let (reservations, more) = reservations(store, &own.diner, after).await?;
        let known = store.mail_addresses(std::slice::from_ref(&own.diner)).await?;
        let known = known.get(&own.diner).copied().unwrap_or_default();
        let workplaces = store.workplaces(own.account.id, MOST_LISTED).await?;
        let sessions = store.sessions(own.account.id, MOST_LISTED).await?;
        let providers = store.linked_providers(own.account.id, MOST_LISTED).await?;
        let visited = reservations.iter().map(|reservation| reservation.restaurant_id).collect();
        let mut records = store.guest_records(&own.diner, &visited).await?;
        records.sort_unstable_by_key(|(restaurant, _)| *restaurant);
        let workplace = |(restaurant_id, role)| ExportedWorkplace { restaurant_id, role };
        let export = Self {
            exported_at: now,
            account: MeView::new(own),
            mail_address: ExportedMailAddress {
                stopped: known.stopped.map(|(why, _)| why.as_str()),
                stopped_at: known.stopped.map(|(_, at)| at),
                no_reminders: known.no_reminders,
            },
            works_at: workplaces.into_iter().map(workplace).collect(),
            sessions: sessions
                .into_iter()
                .map(|session| ExportedSession { expires_at: session.expires_at })
                .collect(),
            identities: providers.into_iter().map(|provider| ExportedIdentity { provider }).collect(),
            guest_records: records.into_iter().map(ExportedGuestRecord::new).collect(),
            reservations,
            truncated: false,
            next: None,
        };
        Ok((export, more))
    }

    /// The document, with the cursor of the one that goes on, if one does.
    #[must_use]
    pub fn going_on(self, next: Option<String>) -> Self {
        Self { truncated: next.is_some(), next, ..self }
    }
}

/// Sessions, workplaces and identities; more has nobody.
const MOST_LISTED: i32 = 100;

/// The reservations from `after` on, until the document is full, and where the next begins.
async fn reservations(
    store: &Store,
    diner: &DinerId,
    mut after: Option<DinerPosition>,
) -> Result<(Vec<ExportedReservation>, Option<DinerPosition>), StoreError> {
    const PAGE: i32 = 100;
    /// Pages of at most some 400 kB, as a reservation is at most some 4 kB long: about 1 MB.
    const FULL: usize = 700_000;
    const MOST_PAGES: usize = 10;
    let (mut found, mut bytes) = (Vec::new(), 0);
    for _ in 0..MOST_PAGES {
        let (page, more) = store.reservations_of_diner(diner, InTime::Back, after, PAGE).await?;
        for stored in page {
            let exported = ExportedReservation::new(stored);
            bytes +=
                serde_json::to_vec(&exported).map_err(|error| StoreError::Corrupt(error.to_string()))?.len();
            found.push(exported);
        }
        after = more;
        if after.is_none() || bytes >= FULL {
            break;
        }
    }
    Ok((found, after))
}

impl ExportedGuestRecord {
    fn new((restaurant_id, record): (RestaurantId, GuestRecord)) -> Self {
        let GuestRecord { visits, no_shows, lifted_at, .. } = record;
        Self { restaurant_id, visits, no_shows, lifted_at }
    }
}

impl ExportedReservation {
    fn new(stored: StoredReservation) -> Self {
        let reservation = stored.reservation;
        Self {
            id: reservation.id,
            restaurant_id: reservation.restaurant,
            starts_at: reservation.span.start(),
            ends_at: reservation.span.end(),
            party_size: reservation.party,
            status: reservation.status,
            guest: reservation.guest,
            note: reservation.note,
            created_at: reservation.created_at,
            history: reservation.history,
        }
    }
}
