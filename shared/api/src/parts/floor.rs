//! Reads a floor.

use jari_domain::{Area, Combination, Floor, InvalidFloor, Table, TableId, kind};

use super::texts::{NAME, bookable, key, named, refuse_faults, shown_revision};
use crate::{FieldCode, FieldError, Fields, Problem, Text, fields};

const MOST_AREAS: usize = 30;
const MOST_COMBINATIONS: usize = 200;

/// The floor that is sent; tables that have no id yet get theirs from `new_table`.
///
/// # Errors
/// Everything that is wrong with it; whatever `new_table` fails with.
pub fn read(
    mut body: Fields<'_>,
    mut new_table: impl FnMut() -> Result<TableId, Problem>,
) -> Result<Floor, Problem> {
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
    let mut table = |(id, name, area, min_party, max_party, bookable)| {
        let id = match id {
            Some(id) => id,
            None => new_table()?,
        };
        Ok(Table { id, name, area, min_party, max_party, bookable })
    };
    let tables = tables.into_iter().map(&mut table).collect::<Result<_, Problem>>()?;
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
        InvalidFloor::PartyRange => out_of_range(Text::fixed(
            "최소 인원보다 적을 수 없습니다.",
            "Must not be less than the smallest party.",
        )),
    }
}
