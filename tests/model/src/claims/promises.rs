//! What the protocol promises in every state, and what must be reachable for that to say something.

use stateright::Property;

use super::{Claims, Floor, Refused, Reservation, Status, World};

/// Said of places, times and diners alone: whatever the protocol does with cells.
pub(super) const NO_DOUBLE_SEAT: &str = "no two have a table at one time, and no diner two places";
/// And so it stays: a cell has one owner.
pub(super) const SEAT_IS_CLAIMED: &str = "whoever has a place has its cells";
/// Who was told 201 or 200.
pub(super) const WORD_IS_KEPT: &str = "whoever was told of a place has it";
/// Who asks again after a lost answer hears what was done.
pub(super) const NOBODY_WRONGED: &str = "nobody is refused what they were given";
/// A "no" does not become a "yes" that nobody hears of.
pub(super) const NOBODY_MISLED: &str = "nobody is refused what may yet be done";
/// Each live claim has a reservation that can give it up.
pub(super) const NO_STUCK_SEAT: &str = "a live claim is an active reservation's";
/// The ended hold's place is somebody else's.
pub(super) const TAKEN_OVER: &str = "an ended hold's place is taken over";

type Promise = Property<Claims>;

pub(super) fn all() -> Vec<Promise> {
    vec![
        Promise::always(NO_DOUBLE_SEAT, |model, world| {
            let [Some(one), Some(other)] = world.reservations else { return true };
            let is_at_one_table = model.floor == Floor::Overlapping || one.place == other.place;
            let is_one_diner = model.one_diner && one.has_diner && other.has_diner;
            let both_are_live = one.is_live(world.tick) && other.is_live(world.tick);
            !(both_are_live && (is_at_one_table || is_one_diner))
        }),
        Promise::always(SEAT_IS_CLAIMED, |model, world| {
            active(world).all(|(at, one)| {
                let own = Some(one.claim(at));
                model.cells_of(one).all(|cell| world.cells[usize::from(cell)] == own)
            })
        }),
        Promise::always(WORD_IS_KEPT, |_, world| {
            world.clients.iter().zip(&world.reservations).all(|(client, reservation)| {
                let Some(told) = client.told.filter(|told| told.until > world.tick) else { return true };
                reservation.is_some_and(|one| {
                    one.is_live(world.tick)
                        && one.until >= told.until
                        && told.place.is_none_or(|place| place == one.place)
                })
            })
        }),
        Promise::always(NOBODY_WRONGED, |_, world| nobody(world, Refused::WhatWasGiven)),
        Promise::always(NOBODY_MISLED, |_, world| nobody(world, Refused::WhatMayCome)),
        Promise::always(NO_STUCK_SEAT, |model, world| {
            (0_u8..).zip(&world.cells).all(|(cell, claim)| {
                let Some(claim) = claim.filter(|claim| claim.until > world.tick) else { return true };
                let has = |(at, one): (u8, Reservation)| {
                    one.claim(at) == claim && model.cells_of(one).any(|its| its == cell)
                };
                active(world).any(has)
            })
        }),
        Promise::sometimes(TAKEN_OVER, |model, world| {
            (0_u8..).zip(&world.reservations).any(|(at, one)| {
                let Some(held) = one.filter(|one| one.status == Status::Held) else { return false };
                let taken = |cell: u8| world.cells[usize::from(cell)].is_some_and(|claim| claim.owner != at);
                model.cells_of(held).any(taken)
            })
        }),
        Promise::sometimes("both have a place", |model, world| {
            // Two times of one table with a cell in common can't both be had, nor can one diner be in two places.
            model.one_diner || model.floor == Floor::Overlapping || active(world).count() == 2
        }),
        Promise::sometimes("a hold is confirmed and moved, and given up", |_, world| {
            let whole_life = |one: &Reservation| one.status == Status::Cancelled && one.revision == 4;
            world.reservations.iter().flatten().any(whole_life)
        }),
        Promise::sometimes("a repeat meets its own write", |_, world| {
            world.network.iter().any(|message| {
                let stored = world.reservations[usize::from(message.reservation)];
                stored.is_some_and(|stored| stored.writer == message.after.writer)
            })
        }),
        Promise::sometimes("what was given up on arrives, and nobody knows", |_, world| {
            world.clients.iter().zip(&world.reservations).any(|(client, stored)| {
                let is_new =
                    stored.is_some_and(|one| one.status == Status::Confirmed && client.known != Some(one));
                is_new && client.waiting.is_none()
            })
        }),
        Promise::sometimes("a confirmation and the sweeper are under way at once", |_, world| {
            let goes_to = |status| world.network.iter().any(|message| message.after.status == status);
            goes_to(Status::Confirmed) && goes_to(Status::Expired)
        }),
        Promise::sometimes("it is written down that a hold has ended", |_, world| {
            world.reservations.iter().flatten().any(|one| one.status == Status::Expired)
        }),
    ]
}

fn nobody(world: &World, refused: Refused) -> bool {
    !world.clients.iter().any(|client| client.refused == refused)
}

/// The reservations that are active now, and whose they are.
fn active(world: &World) -> impl Iterator<Item = (u8, Reservation)> {
    let live = (0_u8..).zip(world.reservations).filter_map(|(at, one)| Some((at, one?)));
    live.filter(|(_, one)| one.is_live(world.tick))
}
