//! Reads a policy.

use jari_domain::{Confirmation, Policy};

use super::texts::shown_revision;
use crate::{Fields, Problem, fields};

/// The policy that is sent.
pub fn read(mut body: Fields<'_>) -> Result<Policy, Problem> {
    const CONFIRMATIONS: [(&str, Confirmation); 2] =
        [("instant", Confirmation::Instant), ("request", Confirmation::Request)];
    shown_revision(&mut body);
    let house = Policy::default();
    let mut minutes = |name, least: u16, most: u16, default| {
        body.optional(name, fields::integer(least..=most)).unwrap_or(default)
    };
    let window_days = minutes("windowDays", 1, 365, house.window_days);
    let cutoff_minutes = minutes("cutoffMinutes", 0, 10_080, house.cutoff_minutes);
    let change_until_minutes = minutes("changeUntilMinutes", 0, 10_080, house.change_until_minutes);
    let late_after_minutes = minutes("lateAfterMinutes", 0, 120, house.late_after_minutes);
    let hold_minutes = minutes("holdMinutes", 1, 15, house.hold_minutes);
    let max_online_party = body.optional("maxOnlineParty", fields::integer(1..=20_u8));
    let max_oversize = body.optional("maxOversize", fields::integer(0..=20_u8));
    let confirmation = body.optional("confirmation", fields::one_of(&CONFIRMATIONS));
    let policy = Policy {
        window_days,
        cutoff_minutes,
        max_online_party: max_online_party.unwrap_or(house.max_online_party),
        confirmation: confirmation.unwrap_or(house.confirmation),
        change_until_minutes,
        late_after_minutes,
        hold_minutes,
        max_oversize: max_oversize.unwrap_or(house.max_oversize),
    };
    body.finish(())?;
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_read_is_what_the_domain_allows() {
        for (name, least, most) in [
            ("windowDays", 1, 365),
            ("cutoffMinutes", 0, 10_080),
            ("maxOnlineParty", 1, 20),
            ("changeUntilMinutes", 0, 10_080),
            ("lateAfterMinutes", 0, 120),
            ("holdMinutes", 1, 15),
            ("maxOversize", 0, 20),
        ] {
            for fits in [least, most] {
                let body = json!({ name: fits });
                assert!(read(Fields::new(&body)).unwrap().out_of_bounds().is_empty(), "{name} {fits}");
            }
            let mut beyond = serde_json::to_value(Policy::default()).unwrap();
            beyond[name] = json!(most + 1);
            let policy: Result<Policy, _> = serde_json::from_value(beyond);
            assert!(policy.is_err() || policy.unwrap().out_of_bounds() == [name], "{name}");
            let body = json!({ name: most + 1 });
            assert!(read(Fields::new(&body)).is_err(), "{name}");
        }
    }
}
