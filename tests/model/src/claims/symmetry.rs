//! Worlds that differ only in which of the two clients and which of the two places is which are one.

use super::{Claim, Client, Message, Reservation, Told, World};

/// Stands for itself and its mirror images: the least of them.
#[must_use]
pub fn representative(world: &World) -> World {
    let places = mirrored(world, |place| 1 - place, |owner| owner);
    let clients = mirrored(world, |place| place, |owner| 1 - owner);
    let both = mirrored(&places, |place| place, |owner| 1 - owner);
    renamed(world.clone()).min(renamed(places)).min(renamed(clients)).min(renamed(both))
}

fn mirrored(world: &World, place: fn(u8) -> u8, owner: fn(u8) -> u8) -> World {
    let reservation = |one: Reservation| Reservation { place: place(one.place), ..one };
    let message = |one: Message| Message {
        reservation: owner(one.reservation),
        before: one.before.map(reservation),
        after: reservation(one.after),
        ..one
    };
    let client = |one: Client| Client {
        known: one.known.map(reservation),
        waiting: one.waiting.map(message),
        told: one.told.map(|told| Told { place: told.place.map(place), ..told }),
        ..one
    };
    let mut world = World {
        cells: world.cells.map(|cell| cell.map(|claim| Claim { owner: owner(claim.owner), ..claim })),
        reservations: world.reservations.map(|one| one.map(reservation)),
        clients: world.clients.map(client),
        network: world.network.iter().copied().map(message).collect(),
        ..*world
    };
    // Place 0 is cell 0 (and 1), place 1 is cell 2 (and 1).
    if place(0) == 1 {
        world.cells.swap(0, 2);
    }
    if owner(0) == 1 {
        world.reservations.swap(0, 1);
        world.clients.swap(0, 1);
    }
    world.network.sort_unstable();
    world
}

/// Writers are only equal or not: they are numbered in the order in which they come.
fn renamed(mut world: World) -> World {
    let mut names: Vec<u8> = Vec::new();
    let mut rename = |one: &mut Reservation| {
        if one.writer != u8::MAX {
            let at = names.iter().position(|known| *known == one.writer).unwrap_or_else(|| {
                names.push(one.writer);
                names.len() - 1
            });
            one.writer = u8::try_from(at).unwrap_or(u8::MAX - 1);
        }
    };
    world.reservations.iter_mut().flatten().for_each(&mut rename);
    for client in &mut world.clients {
        if let Some(known) = &mut client.known {
            rename(known);
        }
        if let Some(message) = &mut client.waiting {
            message.before.iter_mut().chain([&mut message.after]).for_each(&mut rename);
        }
    }
    for message in &mut world.network {
        message.before.iter_mut().chain([&mut message.after]).for_each(&mut rename);
    }
    world.network.sort_unstable();
    world
}
