//! A floor as it is sent and shown.

use jari_domain::{Floor, LocalizedText, Policy, Seating, TableId};
use jari_wiring::StrandedView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{LocalizedTextView, NewLocalizedText, get_restaurant::AreaView};

/// Where a restaurant can seat its guests.
#[derive(Serialize, ToSchema)]
#[schema(as = Floor)]
#[allow(dead_code, reason = "describes `Floor` in the document")]
pub(crate) struct FloorView {
    areas: Vec<AreaView>,
    tables: Vec<TableView>,
    combinations: Vec<CombinationView>,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Table)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Table` in the document")]
struct TableView {
    #[schema(example = "tbl_01jar10000000000000001t001")]
    id: String,
    /// As the staff call it.
    #[schema(example = "창가 1")]
    name: String,
    /// The key of its area.
    #[schema(example = "hall")]
    area: String,
    min_party: u8,
    max_party: u8,
    bookable: BookableView,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Combination)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Combination` in the document")]
struct CombinationView {
    /// 2 to 6 tables of the floor, by id.
    tables: Vec<String>,
    min_party: u8,
    max_party: u8,
    bookable: BookableView,
}

/// Who may book it.
#[derive(Serialize, ToSchema)]
#[schema(as = Bookable)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Bookable` in the document")]
struct BookableView {
    /// Diners, on their own.
    online: bool,
    /// Staff, for a guest who calls.
    in_house: bool,
    /// Staff, for a guest at the door.
    walk_in: bool,
}

/// A floor that is to be.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
pub(crate) struct NewFloor {
    #[schema(max_items = 30)]
    areas: Vec<NewArea>,
    #[schema(max_items = 200)]
    tables: Vec<NewTable>,
    #[schema(max_items = 200)]
    combinations: Option<Vec<NewCombination>>,
    /// As it was shown. `If-Match` is what counts.
    revision: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewArea {
    /// To ask for it by: lower-case letters, digits and hyphens.
    #[schema(min_length = 1, max_length = 40, example = "hall")]
    key: String,
    name: NewLocalizedText,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewTable {
    /// That of a table that stays. One without gets an id.
    id: Option<String>,
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    area: String,
    #[schema(minimum = 1, maximum = 99)]
    min_party: u8,
    #[schema(minimum = 1, maximum = 99)]
    max_party: u8,
    bookable: Option<NewBookable>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewCombination {
    #[schema(min_items = 2, max_items = 6)]
    tables: Vec<String>,
    #[schema(minimum = 1, maximum = 99)]
    min_party: u8,
    #[schema(minimum = 1, maximum = 99)]
    max_party: u8,
    bookable: Option<NewBookable>,
}

/// Who may book it; what is left out may.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewBookable {
    online: Option<bool>,
    in_house: Option<bool>,
    walk_in: Option<bool>,
}

/// The floor as it is now, and what the change has left behind.
#[derive(Serialize, ToSchema)]
#[schema(as = FloorChange)]
#[allow(dead_code, reason = "describes the answer in the document")]
pub(crate) struct FloorChangeView {
    areas: Vec<AreaView>,
    tables: Vec<TableView>,
    combinations: Vec<CombinationView>,
    revision: u64,
    /// The upcoming reservations that no longer fit, the earliest first; at most 1,000.
    stranded: Vec<StrandedView>,
    warnings: Vec<WarningView>,
}

/// Something that holds, and is perhaps not meant.
#[derive(Serialize, ToSchema)]
#[schema(as = Warning)]
pub(crate) struct WarningView {
    /// `never_online`: open to diners, but no party that may book online gets it, as it would leave more seats empty than
    /// `maxOversize` allows, or is too small for it.
    #[schema(example = "never_online")]
    code: &'static str,
    /// The table, or the tables that are joined.
    #[schema(value_type = Vec<String>)]
    tables: Vec<TableId>,
    #[schema(value_type = LocalizedTextView)]
    detail: LocalizedText,
}

pub(crate) fn warnings(floor: &Floor, policy: &Policy) -> Vec<WarningView> {
    let warning = |seating: Seating| {
        let names: Vec<&str> = seating
            .tables
            .iter()
            .filter_map(|id| floor.table(*id))
            .map(|table| table.name.as_str())
            .collect();
        let names = names.join(" + ");
        let (oversize, largest) = (policy.max_oversize, policy.max_online_party);
        WarningView {
            code: "never_online",
            tables: seating.tables,
            detail: LocalizedText {
                ko: format!(
                    "{names}: 온라인 예약은 {largest}명까지, 남는 좌석은 {oversize}석까지 허용되어 온라인으로는 예약될 수 없습니다."
                ),
                en: format!(
                    "{names}: never booked online, where parties are at most {largest} and may leave at most {oversize} seats empty."
                ),
            },
        }
    };
    floor.never_online(policy).into_iter().map(warning).collect()
}
