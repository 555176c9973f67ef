//! A policy as it is sent and shown.

use jari_api::{Fields, Problem, fields};
use jari_domain::{Confirmation, Policy};
use jari_wiring::StrandedView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{fields::shown_revision, floor::WarningView};

/// What diners may do.
#[derive(Serialize, ToSchema)]
#[schema(as = BookingPolicy)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Policy` in the document")]
pub(crate) struct BookingPolicyView {
    window_days: u16,
    cutoff_minutes: u16,
    max_online_party: u8,
    /// `instant` or `request`.
    #[schema(example = "instant")]
    confirmation: String,
    change_until_minutes: u16,
    late_after_minutes: u16,
    hold_minutes: u16,
    max_oversize: u8,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

/// A policy that is to be; what is left out is the house's default.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
pub(crate) struct NewPolicy {
    /// How many days ahead can be booked; 30 unless said otherwise.
    #[schema(minimum = 1, maximum = 365)]
    window_days: Option<u16>,
    /// Online booking ends so many minutes before the time; 60 unless said otherwise.
    #[schema(maximum = 10080)]
    cutoff_minutes: Option<u16>,
    /// 8 unless said otherwise.
    #[schema(minimum = 1, maximum = 20)]
    max_online_party: Option<u8>,
    /// `instant` (unless said otherwise) or `request`.
    #[schema(example = "instant")]
    confirmation: Option<String>,
    /// A diner may change or cancel until so many minutes before the time; 120 unless said otherwise.
    #[schema(maximum = 10080)]
    change_until_minutes: Option<u16>,
    /// 15 unless said otherwise.
    #[schema(maximum = 120)]
    late_after_minutes: Option<u16>,
    /// 5 unless said otherwise.
    #[schema(minimum = 1, maximum = 15)]
    hold_minutes: Option<u16>,
    /// A table that would leave more seats empty is not offered; 2 unless said otherwise.
    #[schema(maximum = 20)]
    max_oversize: Option<u8>,
    /// As it was shown. `If-Match` is what counts.
    revision: Option<u64>,
}

/// The policy as it is now, and what the change has left behind.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyChange)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes the answer in the document")]
pub(crate) struct PolicyChangeView {
    window_days: u16,
    cutoff_minutes: u16,
    max_online_party: u8,
    #[schema(example = "instant")]
    confirmation: String,
    change_until_minutes: u16,
    late_after_minutes: u16,
    hold_minutes: u16,
    max_oversize: u8,
    revision: u64,
    /// The upcoming reservations that no longer fit, the earliest first; at most 1,000.
    stranded: Vec<StrandedView>,
    warnings: Vec<WarningView>,
}

/// The policy that is sent.
pub(crate) fn read(mut body: Fields<'_>) -> Result<Policy, Problem> {
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
