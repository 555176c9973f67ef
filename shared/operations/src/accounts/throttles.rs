//! How often an address, known or not, and a client may try what guesses could be made at.

use std::net::IpAddr;

use jari_domain::DinerId;
use jari_identity::DinerKey;
use jari_store::{Store, Throttle, Tried};
use jiff::{SignedDuration, Timestamp};

use super::AccountRefusal;

/// The two counts of one try: of the client, who may have many addresses, and of the address, which may have many
/// clients after it.
pub(super) struct Throttles([Throttle; 2]);

impl Throttles {
    /// 10 failures in 15 minutes an address, 100 a client: a whole office behind one network address, and still no list
    /// of passwords.
    pub(super) fn of_sign_in(diners: &DinerKey, client: IpAddr, diner: &DinerId) -> Self {
        let window = SignedDuration::from_mins(15);
        Self::new(["sign-in-from", "sign-in"], [100, 10], window, diners, client, diner)
    }

    /// 5 in an hour an address, so that nobody's mailbox is flooded; 50 a client.
    pub(super) fn of_sign_up(diners: &DinerKey, client: IpAddr, diner: &DinerId) -> Self {
        let window = SignedDuration::from_hours(1);
        Self::new(["sign-up-from", "sign-up"], [50, 5], window, diners, client, diner)
    }

    /// As for signing up.
    pub(super) fn of_password_reset(diners: &DinerKey, client: IpAddr, diner: &DinerId) -> Self {
        let window = SignedDuration::from_hours(1);
        Self::new(["reset-from", "reset"], [50, 5], window, diners, client, diner)
    }

    /// The counts of the address itself, of whatever kind.
    pub(super) fn of_address(diner: &DinerId) -> impl Iterator<Item = Throttle> {
        let counts = [("sign-in", 15), ("sign-up", 60), ("reset", 60)].into_iter();
        counts.map(|(what, minutes)| Throttle {
            what,
            whose: diner.0.clone(),
            most: 0,
            window: SignedDuration::from_mins(minutes),
        })
    }

    fn new(
        whats: [&'static str; 2],
        most: [u32; 2],
        window: SignedDuration,
        diners: &DinerKey,
        client: IpAddr,
        diner: &DinerId,
    ) -> Self {
        let [what_client, what_diner] = whats;
        let [most_client, most_diner] = most;
        Self([
            Throttle { what: what_client, whose: diners.mark_of_client(client), most: most_client, window },
            Throttle { what: what_diner, whose: diner.0.clone(), most: most_diner, window },
        ])
    }

    /// Counts a try before it is made. The client first: who is stopped there can't use up an address's tries.
    pub(super) async fn count(&self, store: &Store, now: Timestamp) -> Result<(), AccountRefusal> {
        for throttle in &self.0 {
            if let Tried::Beyond(retry_after) = store.count(throttle, now).await? {
                return Err(AccountRefusal::TooMany { retry_after });
            }
        }
        Ok(())
    }

    /// Takes a try back that succeeded: only failures count. Where that fails, somebody is stopped a try early.
    pub(super) async fn take_back(&self, store: &Store, counted: Timestamp) {
        let [client, diner] = &self.0;
        let (client, diner) = tokio::join!(store.take_back(client, counted), store.take_back(diner, counted));
        for error in [client, diner].into_iter().filter_map(Result::err) {
            tracing::warn!(%error, "a try that succeeded still counts");
        }
    }
}
