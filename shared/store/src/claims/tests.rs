use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn a_claim_is_fourteen_bytes_and_comes_back() {
    let claim = Claim::until(at(1_800_000_000), [7; 10]);
    assert_eq!(claim.bytes().len(), Claim::BYTES);
    assert_eq!(Claim::parse(&claim.bytes()), Some(claim));
    assert_eq!(Claim::parse(&claim.bytes()[1..]), None);
}

proptest! {
    // What `#cell < :bound` compares in DynamoDB is what `is_live` compares here.
    #[test]
    fn the_expression_and_the_reader_agree_on_when_a_claim_ends(until in 0u32..u32::MAX, now in 0u32..u32::MAX - 1, owner: [u8; 10]) {
        let claim = Claim { until, owner };
        let bound = now.saturating_add(1).to_be_bytes();
        let free_for_the_writer = claim.bytes().as_slice() < bound.as_slice();
        prop_assert_eq!(!free_for_the_writer, claim.is_live(at(i64::from(now))));
    }

    #[test]
    fn a_cell_has_one_short_name(cell in 0u32..1 << 24) {
        let name = cell_name(Cell(cell));
        prop_assert_eq!(name.len(), 4);
        prop_assert_eq!(parse_cell_name(&name), Some(Cell(cell)));
    }
}

#[test]
fn a_lasting_claim_never_ends() {
    assert!(Claim::lasting([0; 10]).is_live(at(i64::from(u32::MAX) - 1)));
}

#[test]
fn other_attributes_are_not_mistaken_for_cells() {
    for name in ["PK", "SK", EXPIRES_AT, SUM, "+AAAAAAAAAAAAAA"] {
        assert_eq!(parse_cell_name(name), None, "{name}");
    }
}

#[test]
fn what_is_given_up_and_taken_on_one_item_is_one_expression() {
    let resource =
        Resource::hold_places(jari_domain::VisitId::derived([1; 16]), jiff::civil::date(2026, 12, 24));
    let owner = [9; 10];
    let mut claims = Claims::new(at(1_000));
    claims.give_up(&resource, [Cell(1), Cell(2)], Claim::lasting(owner));
    claims.take(&resource, [Cell(2), Cell(3)], Claim::lasting(owner));
    let updates = claims.updates("table");
    assert_eq!(updates.len(), 1);
    let update = &updates[0].1;
    let condition = update.condition_expression().unwrap();
    // Given up and kept must still be ours; only what is new may be free.
    assert_eq!(condition, "#0 = :0 AND #1 = :0 AND (attribute_not_exists(#2) OR #2 < :1)");
    assert_eq!(update.update_expression(), "SET #1 = :0, #2 = :0, #3 = :2 REMOVE #0");
}

#[test]
fn ended_entries_do_not_count() {
    let entry = |until: i64, owner: u8, units: u16| {
        let counted = Counted { units, claim: Claim::until(at(until), [owner; 10]) };
        (entry_name(counted), binary(entry_bytes(counted)))
    };
    let item = Item::from([(SUM.to_owned(), number(10)), entry(500, 1, 4), entry(1_500, 2, 3)]);
    assert_eq!(units_of(&item, at(400)), 10);
    assert_eq!(units_of(&item, at(1_000)), 6);
    assert_eq!(units_of(&item, at(2_000)), 3);
}
