//! A floor as it is sent and shown.

use jari_api::{FieldCode, FieldError, Fields, Problem, Text, fields};
use jari_domain::{
    Area, Combination, Floor, InvalidFloor, LocalizedText, Policy, Seating, Table, TableId, kind,
};
use jari_operations::new_table;
use jari_wiring::StrandedView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    LocalizedTextView, NewLocalizedText,
    fields::{NAME, bookable, key, named, refuse_faults, shown_revision},
    get_restaurant::AreaView,
};

const MOST_AREAS: usize = 30;
const MOST_COMBINATIONS: usize = 200;

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

/// The floor that is sent; tables that have no id yet get theirs at `now`.
pub(crate) fn read(mut body: Fields<'_>, now: Timestamp) -> Result<Floor, Problem> {
    shown_revision(&mut body);
    let areas = body.required_list_of("areas", MOST_AREAS, |area| {
        let key = area.required("key", key);
        let name = area.required_object("name", named(NAME));
        let (key, name) = area.all((key, name))?;
        Some(Area { key, name })
    });
    let tables = body.required_list_of("tables", Floor::MAX_TABLES, |table| {
        let id = table.optional("id", fields::id::<kind::Table>);
        let name = table.required("name", fields::text(40));
        let area = table.required("area", key);
        let min_party = table.required("minParty", fields::party);
        let max_party = table.required("maxParty", fields::party);
        let bookable = table.optional_object("bookable", bookable).unwrap_or_default();
        let (name, area, min_party, max_party) = table.all((name, area, min_party, max_party))?;
        Some((id, name, area, min_party, max_party, bookable))
    });
    let combinations = body.list_of("combinations", MOST_COMBINATIONS, |combination| {
        let tables = combination.list("tables", Floor::MAX_TABLES, fields::id::<kind::Table>);
        if !combination.has("tables") {
            combination.refuse("tables", bad_combination());
        }
        let min_party = combination.required("minParty", fields::party);
        let max_party = combination.required("maxParty", fields::party);
        let bookable = combination.optional_object("bookable", bookable).unwrap_or_default();
        let (tables, min_party, max_party) = combination.all((tables, min_party, max_party))?;
        Some(Combination { tables, min_party, max_party, bookable })
    });
    let (areas, tables) = body.finish((areas, tables))?;
    let table = |(id, name, area, min_party, max_party, bookable)| {
        let id = match id {
            Some(id) => id,
            None => new_table(now).map_err(jari_wiring::admission_problem)?,
        };
        Ok(Table { id, name, area, min_party, max_party, bookable })
    };
    let tables = tables.into_iter().map(table).collect::<Result<_, Problem>>()?;
    let floor = Floor { areas, tables, combinations: combinations.unwrap_or_default() };
    refuse_faults(&floor.faults(), tell)?;
    Ok(floor)
}

fn bad_combination() -> FieldError {
    let most = Combination::MAX_TABLES;
    FieldError::new(
        FieldCode::OutOfRange,
        Text::new(
            format!("등록된 서로 다른 테이블 2~{most}개를 지정해 주세요."),
            format!("Must name 2 to {most} different tables of the floor."),
        ),
    )
}

fn tell(invalid: &InvalidFloor) -> FieldError {
    let out_of_range = |text| FieldError::new(FieldCode::OutOfRange, text);
    match invalid {
        InvalidFloor::TooManyTables => FieldError::new(
            FieldCode::TooLong,
            Text::fixed("테이블은 200개까지 등록할 수 있습니다.", "A floor has at most 200 tables."),
        ),
        InvalidFloor::TwiceTheSameArea(_) => {
            out_of_range(Text::fixed("같은 구역이 두 번 있습니다.", "Another area has this key."))
        }
        InvalidFloor::TwiceTheSameTable(_) => {
            out_of_range(Text::fixed("같은 테이블이 두 번 있습니다.", "Another table has this id."))
        }
        InvalidFloor::UnknownArea(_) => {
            out_of_range(Text::fixed("등록된 구역이 아닙니다.", "Must be the key of an area of the floor."))
        }
        InvalidFloor::BadCombination => bad_combination(),
        InvalidFloor::PartyRange => {
            out_of_range(Text::fixed("최소 인원보다 적을 수 없습니다.", "Must not be less than minParty."))
        }
    }
}
