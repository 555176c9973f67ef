//! Holding, booking, confirming, moving and cancelling: two clients, each with a reservation of its own, that ask one table
//! which takes transactions one after another, over a network that loses requests and answers, repeats and delivers late.
//!
//! What keeps two apart is a condition on a cell, which knows of no third; so two reservations, two places and few messages
//! have every order of things that there is between two. A deadline is the tick at which it has ended.

mod promises;
mod symmetry;
#[cfg(test)]
mod tests;
mod world;

use stateright::{Model, Property};

pub use symmetry::representative;
use world::Part;
pub use world::{Claim, Client, Message, Refused, Reservation, Status, Told, World};

/// How many reservations there are, each with a client.
const RESERVATIONS: usize = 2;
/// Of tables: 0, 1 and 2; of the one diner, if both reservations are the same's: [`DINER_TIME`].
const CELLS: usize = 4;
const DINER_TIME: u8 = 3;
/// A hold ends so many ticks after it was asked for.
const HOLD_TICKS: u8 = 1;
const LAST_TICK: u8 = 2;
/// `until` of a claim that holds until it is given up.
const FOR_GOOD: u8 = u8::MAX;
/// A reservation is written at most so often: hold, confirm, move, cancel.
const MOST_REVISIONS: u8 = 4;
/// So many messages are under way at most, also those that nobody waits for any more.
const MOST_UNDER_WAY: usize = 2;
/// So often the network misbehaves at most.
const MOST_FAULTS: u8 = 2;

/// What a cell must be, and what it becomes.
type Change = (Option<Claim>, Option<Claim>);

/// What is taken out of the protocol, to see that the checker minds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Nothing.
    Nowhere,
    /// A cell is taken whoever has it.
    TakesBlindly,
    /// A cell is taken only where nothing is: a claim does not end.
    WithoutDeadline,
    /// What is kept or given up must be a live claim, whosoever.
    WithoutOwner,
    /// What is kept is not looked at.
    ConfirmsUnseen,
    /// A move gives up the old place in a write of its own, before the new one is held.
    GivesUpFirst,
    /// A refusal by one's own earlier write is taken for a refusal.
    ForgetsItsOwnWrite,
    /// A refusal is told while an earlier try of the same is still under way.
    RefusesTooSoon,
    /// A new reservation is written whether or not it is there already.
    CreatesAnyway,
    /// A reservation is replaced whatever has become of it since it was read.
    ReplacesUnread,
    /// Whose a reservation is takes no time of its diner's.
    WithoutDinerTime,
    /// Two times of a table that overlap have no cell in common.
    WithoutSharedCell,
    /// Who writes down that a hold has ended does so whatever has become of it since it was read.
    SweepsUnread,
    /// Who writes down that a hold has ended clears its cells, too.
    SweepsCells,
}

/// Which cells the two places that can be had are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Two tables.
    Apart,
    /// Two times of one table, with a cell in common: who moves keeps it.
    Overlapping,
}

/// What can happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Everybody's clock moves on.
    Tick,
    /// A client begins to want something.
    Asks(u8, Wish),
    /// A message arrives and is answered.
    Arrives(usize),
    /// A message arrives, and its answer is lost.
    AnswerLost(usize),
    /// A message is lost.
    Lost(usize),
    /// A client without an answer sends the same again: `Store::commit` trying again.
    Repeats(u8),
    /// A client's retry budget ends. It looks once more whether its write is there (`arrived_after_all`): else it is a 503, and
    /// the message may still arrive.
    GivesUpOn(u8),
    /// `expire_holds` has read a hold that has ended, and sends what it writes.
    Sweeps(u8),
}

/// What a client may want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    /// To hold a place: `book` with a hold.
    Hold(u8),
    /// To have it at once: `book`. After a refusal, the next candidate under the same id.
    Book(u8),
    /// To be considered for it: `book` where the restaurant answers itself. It has a deadline as a hold has, and a diner.
    Request(u8),
    /// To have what is held: `confirm_reservation`, and `accept_reservation` of a request.
    Confirm,
    /// To have the other place instead: `change_reservation`.
    Move,
    /// To have something written beside it, and the same place: `change_reservation`.
    Note,
    /// To let go: `cancel_reservation`.
    Cancel,
}

/// The protocol, whole or broken.
#[derive(Debug, Clone, Copy)]
pub struct Claims {
    /// Where it is broken.
    pub broken: Broken,
    /// What can be had.
    pub floor: Floor,
    /// Both reservations are one diner's, who can't sit in two places at once.
    pub one_diner: bool,
}

impl Claims {
    /// The cells that a reservation has while it is live: `claims_of_step`, of one of its two reservations.
    fn cells_of(self, reservation: Reservation) -> impl Iterator<Item = u8> {
        let of_table: &[u8] = match (self.floor, reservation.place) {
            (Floor::Apart, 0) => &[0],
            (Floor::Apart, _) => &[2],
            (Floor::Overlapping, 0) if self.broken == Broken::WithoutSharedCell => &[0],
            (Floor::Overlapping, _) if self.broken == Broken::WithoutSharedCell => &[2],
            (Floor::Overlapping, 0) => &[0, 1],
            (Floor::Overlapping, _) => &[1, 2],
        };
        let of_diner = self.one_diner && reservation.has_diner && self.broken != Broken::WithoutDinerTime;
        of_table.iter().copied().chain(of_diner.then_some(DINER_TIME))
    }

    /// What each cell must be for a message, and what it becomes: `Claims::updates`. From nothing (or what has ended) or from
    /// exactly this claim, to nothing or this claim.
    fn changes(self, message: &Message) -> [Option<Change>; CELLS] {
        let mut changes = [None; CELLS];
        let ends = matches!(message.after.status, Status::Cancelled | Status::Expired);
        let owner = message.reservation;
        let before = message.before.filter(|_| message.part != Part::Record);
        for cell in before.into_iter().flat_map(|before| self.cells_of(before)) {
            changes[usize::from(cell)] = Some((before.map(|before| before.claim(owner)), None));
        }
        let after = Some(message.after).filter(|_| !ends && message.part != Part::Record);
        for cell in after.into_iter().flat_map(|after| self.cells_of(after)) {
            let from = changes[usize::from(cell)].and_then(|(from, _)| from);
            changes[usize::from(cell)] = Some((from, Some(message.after.claim(owner))));
        }
        for change in &mut changes {
            let gives_up = matches!(change, Some((_, None)));
            match message.part {
                Part::GivesUp if !gives_up => *change = None,
                Part::Rest if gives_up => *change = None,
                _ => {}
            }
        }
        changes
    }

    /// Whether the condition on a cell holds: `ItemChange::update`.
    fn may_change(self, cell: Option<Claim>, from: Option<Claim>, to: Option<Claim>, now: u8) -> bool {
        match from {
            None => match self.broken {
                Broken::TakesBlindly => true,
                Broken::WithoutDeadline => cell.is_none(),
                _ => cell.is_none_or(|claim| claim.until <= now),
            },
            Some(from) => match self.broken {
                Broken::WithoutOwner => cell.is_some_and(|claim| claim.until > now),
                Broken::ConfirmsUnseen if to.is_some() => true,
                _ => cell == Some(from),
            },
        }
    }

    /// `TransactWriteItems`: all of it, or nothing.
    fn apply(self, world: &mut World, message: &Message) -> bool {
        let at = usize::from(message.reservation);
        let current = world.reservations[at];
        // `attribute_not_exists(PK)`, or `#r = :r AND #s = :s`.
        let fits = match (self.broken, message.part, message.before) {
            (Broken::CreatesAnyway, _, None)
            | (Broken::SweepsUnread | Broken::SweepsCells, Part::Record, _) => true,
            (Broken::ReplacesUnread, _, Some(_)) => current.is_some(),
            (_, _, before) => fits(current, before),
        };
        let changes = self.changes(message);
        let holds = |(cell, change): (&Option<Claim>, &Option<Change>)| {
            change.is_none_or(|(from, to)| self.may_change(*cell, from, to, message.now))
        };
        if !fits || !world.cells.iter().zip(&changes).all(holds) {
            return false;
        }
        for (cell, change) in world.cells.iter_mut().zip(changes) {
            if let Some((_, to)) = change {
                *cell = to;
            }
        }
        if message.part == Part::Record && self.broken == Broken::SweepsCells {
            for cell in self.cells_of(message.after) {
                world.cells[usize::from(cell)] = None;
            }
        }
        if message.part != Part::GivesUp {
            world.reservations[at] = Some(message.after);
        }
        true
    }

    /// What a client sends for a wish, by what it knows. None: it knows that it can't be.
    fn message(self, world: &World, at: u8, wish: Wish) -> Option<Message> {
        let (client, now, writer) = (&world.clients[usize::from(at)], world.tick, world.fresh_writer());
        let known = client.known.filter(|known| known.is_live(now) && known.revision < MOST_REVISIONS);
        let after = match (wish, known) {
            (Wish::Hold(place) | Wish::Request(place) | Wish::Book(place), None)
                if client.known.is_none() =>
            {
                let has_diner = !matches!(wish, Wish::Hold(_));
                let (status, until) = match wish {
                    Wish::Book(_) => (Status::Confirmed, FOR_GOOD),
                    _ => (Status::Held, now + HOLD_TICKS),
                };
                Reservation { status, until, place, has_diner, revision: 1, writer }
            }
            (Wish::Confirm, Some(held)) if held.status == Status::Held => {
                let (status, revision) = (Status::Confirmed, held.revision + 1);
                Reservation { status, until: FOR_GOOD, has_diner: true, revision, writer, ..held }
            }
            // Whose it is makes no difference to it, but for the number of states.
            (Wish::Note, Some(known)) if known.status == Status::Confirmed && !self.one_diner => {
                Reservation { revision: known.revision + 1, writer, ..known }
            }
            (Wish::Move, Some(known)) if known.status == Status::Confirmed => {
                Reservation { place: 1 - known.place, revision: known.revision + 1, writer, ..known }
            }
            (Wish::Cancel, Some(known)) => {
                Reservation { status: Status::Cancelled, revision: known.revision + 1, writer, ..known }
            }
            _ => return None,
        };
        let parted = wish == Wish::Move && self.broken == Broken::GivesUpFirst;
        let part = if parted { Part::Rest } else { Part::Whole };
        Some(Message { reservation: at, now, before: known, after, part })
    }

    /// What a client makes of an answer: that it was done, or that it was refused and what the reservation is now.
    fn hears(self, world: &mut World, message: &Message, done: bool) {
        let at = usize::from(message.reservation);
        let (current, is_under_way) = (world.reservations[at], world.is_under_way(message));
        let has_more_under_way = world.network.iter().any(|other| other.reservation == message.reservation);
        let client = &mut world.clients[at];
        // An answer to what it no longer waits for is nobody's.
        if client.waiting != Some(*message) {
            return;
        }
        let is_own = message.wrote(current);
        // "A refusal that shows our own writer is our own earlier try whose answer was lost: a success."
        let done = done || (is_own && self.broken != Broken::ForgetsItsOwnWrite);
        // `may_arrive` of `Store::commit`: by its claims, and not because the reservation is otherwise for good.
        let by_claims = !done && fits(current, message.before);
        if by_claims && client.has_repeated && self.broken != Broken::RefusesTooSoon {
            client.gives_up(current);
            return;
        }
        client.refused = match done {
            false if is_own => Refused::WhatWasGiven,
            false if by_claims && is_under_way => Refused::WhatMayCome,
            _ => Refused::Rightly,
        };
        (client.waiting, client.has_repeated) = (None, false);
        client.known = if done { Some(message.after) } else { current };
        let stands = client.known.filter(|known| matches!(known.status, Status::Held | Status::Confirmed));
        // Who is refused a change is told how things are; what they asked for before and gave up on may yet come. Who books
        // again under the same id is told what the first one made.
        client.told = match (stands, client.told) {
            (Some(known), _) if done || message.before.is_none() => {
                Some(Told { place: Some(known.place), until: known.until })
            }
            (Some(known), Some(_)) => {
                Some(Told { place: (!has_more_under_way).then_some(known.place), until: known.until })
            }
            _ => None,
        };
    }
}

/// `#r = :r AND #s = :s`.
fn fits(current: Option<Reservation>, before: Option<Reservation>) -> bool {
    current.map(|one| (one.revision, one.status)) == before.map(|one| (one.revision, one.status))
}

impl Model for Claims {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            tick: 0,
            faults: 0,
            cells: [None; CELLS],
            reservations: [None; RESERVATIONS],
            clients: [Client::default(); RESERVATIONS],
            network: Vec::new(),
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        if world.tick < LAST_TICK {
            steps.push(Step::Tick);
        }
        let has_room = world.network.len() < MOST_UNDER_WAY;
        let may_fail = world.faults < MOST_FAULTS;
        for (at, client) in (0_u8..).zip(&world.clients) {
            match client.waiting {
                None if has_room => {
                    let wishes = [Wish::Hold(0), Wish::Hold(1), Wish::Book(0), Wish::Book(1)];
                    let requests =
                        [Wish::Request(0), Wish::Request(1)].into_iter().filter(|_| self.one_diner);
                    let wishes = wishes.into_iter().chain(requests);
                    let wishes = wishes.chain([Wish::Confirm, Wish::Move, Wish::Note, Wish::Cancel]);
                    let can_be = wishes.filter(|wish| self.message(world, at, *wish).is_some());
                    steps.extend(can_be.map(|wish| Step::Asks(at, wish)));
                }
                None => {}
                Some(waiting) => {
                    let is_lost = !world.is_under_way(&waiting);
                    // A repeat beside the first one is the first one's being late: a fault.
                    if has_room && (is_lost || may_fail) {
                        steps.push(Step::Repeats(at));
                    }
                    if is_lost || may_fail {
                        steps.push(Step::GivesUpOn(at));
                    }
                }
            }
            let has_ended = |one: &Reservation| one.status == Status::Held && one.until <= world.tick;
            let reservation = world.reservations[usize::from(at)].filter(has_ended);
            if has_room
                && reservation.is_some_and(|held| !world.is_under_way(&Message::sweep(at, held, world.tick)))
            {
                steps.push(Step::Sweeps(at));
            }
        }
        for index in 0..world.network.len() {
            steps.push(Step::Arrives(index));
            if may_fail {
                steps.extend([Step::AnswerLost(index), Step::Lost(index)]);
            }
        }
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut world = before.clone();
        match step {
            Step::Tick => world.tick += 1,
            Step::Asks(at, wish) => {
                let message = self.message(before, at, wish)?;
                if message.part == Part::Rest {
                    self.apply(&mut world, &Message { part: Part::GivesUp, ..message });
                }
                let client = &mut world.clients[usize::from(at)];
                client.waiting = Some(message);
                // Once it is asked for, it may be so.
                client.told = client.told.filter(|_| wish != Wish::Cancel).map(|told| match wish {
                    Wish::Move => Told { place: None, ..told },
                    _ => told,
                });
                world.network.push(message);
            }
            Step::Arrives(index) => {
                let message = world.network.remove(index);
                let done = self.apply(&mut world, &message);
                self.hears(&mut world, &message, done);
            }
            Step::AnswerLost(index) => {
                let message = world.network.remove(index);
                world.faults += 1;
                self.apply(&mut world, &message);
            }
            Step::Lost(index) => {
                world.faults += 1;
                world.network.remove(index);
            }
            Step::Repeats(at) => {
                let message = world.clients[usize::from(at)].waiting?;
                world.faults += u8::from(world.is_under_way(&message));
                world.clients[usize::from(at)].has_repeated = true;
                world.network.push(message);
            }
            Step::GivesUpOn(at) => {
                let at = usize::from(at);
                let message = world.clients[at].waiting?;
                world.faults += u8::from(world.is_under_way(&message));
                let current = world.reservations[at];
                if message.wrote(current) {
                    self.hears(&mut world, &message, true);
                } else {
                    world.clients[at].gives_up(current);
                }
            }
            Step::Sweeps(at) => {
                let held = world.reservations[usize::from(at)]?;
                world.network.push(Message::sweep(at, held, world.tick));
            }
        }
        world.network.sort_unstable();
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        promises::all()
    }
}
