//! A policy as it is sent and shown.

use jari_wiring::StrandedView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::floor::WarningView;

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
