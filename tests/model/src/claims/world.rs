//! What there is: claims, reservations, what is under way between them and the clients, and what clients know.

use super::{CELLS, RESERVATIONS};

/// Owner and deadline of a cell: the 14 bytes of `store::Claim`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    pub(super) until: u8,
    pub(super) owner: u8,
}

/// Where a reservation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Until its deadline.
    Held,
    /// For good.
    Confirmed,
    /// By its diner.
    Cancelled,
    /// Its hold has ended, and that was written down.
    Expired,
}

/// A reservation's item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reservation {
    pub(super) status: Status,
    pub(super) until: u8,
    pub(super) place: u8,
    /// It knows whose it is: a hold does not.
    pub(super) has_diner: bool,
    pub(super) revision: u8,
    /// Which transaction wrote it: `store::Transaction`'s `writer`.
    pub(super) writer: u8,
}

/// Which part of a step a message does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// All of it, in one transaction.
    Whole,
    /// The reservation alone, as `store::write_ended` does.
    Record,
    /// Only what is given up; and then the rest. The product has neither.
    GivesUp,
    Rest,
}

/// A transaction as it is sent. Its conditions and changes follow from the reservation as it was read and as it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    /// Whose reservation it is about; the sweeper's messages are about it, too.
    pub(super) reservation: u8,
    /// The sender's clock when it began.
    pub(super) now: u8,
    pub(super) before: Option<Reservation>,
    pub(super) after: Reservation,
    pub(super) part: Part,
}

/// How a client was refused, if at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Refused {
    /// It was not, or what it asked for is not done and never will be.
    #[default]
    Rightly,
    /// What it had in fact been given.
    WhatWasGiven,
    /// What may yet be done.
    WhatMayCome,
}

/// That a client has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Told {
    /// Which; none: it has asked for another since, and may have either.
    pub(super) place: Option<u8>,
    /// Until then, at the least.
    pub(super) until: u8,
}

/// What a client knows and waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Client {
    pub(super) known: Option<Reservation>,
    pub(super) waiting: Option<Message>,
    /// It has sent what it waits for more than once: no answer came to the first.
    pub(super) has_repeated: bool,
    /// What it was told that it has, and has not asked to give up since.
    pub(super) told: Option<Told>,
    /// How its last refusal was.
    pub(super) refused: Refused,
}

/// The whole world.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct World {
    pub(super) tick: u8,
    pub(super) faults: u8,
    pub(super) cells: [Option<Claim>; CELLS],
    pub(super) reservations: [Option<Reservation>; RESERVATIONS],
    pub(super) clients: [Client; RESERVATIONS],
    /// Sent and not arrived, in no order.
    pub(super) network: Vec<Message>,
}

impl Reservation {
    pub(super) fn is_live(self, now: u8) -> bool {
        match self.status {
            Status::Held => self.until > now,
            Status::Confirmed => true,
            Status::Cancelled | Status::Expired => false,
        }
    }

    pub(super) fn claim(self, owner: u8) -> Claim {
        Claim { until: self.until, owner }
    }
}

impl Client {
    /// It is told 503, and how things are now; what it waited for may still come.
    pub(super) fn gives_up(&mut self, current: Option<Reservation>) {
        (self.waiting, self.has_repeated) = (None, false);
        self.known = current;
    }
}

impl World {
    /// A writer that nobody has: the product draws 80 random bits.
    pub(super) fn fresh_writer(&self) -> u8 {
        let stored = self.reservations.iter().flatten().copied();
        let waiting = self.clients.iter().filter_map(|client| Some(client.waiting?.after));
        let known = self.clients.iter().filter_map(|client| client.known);
        let sent = self.network.iter().map(|message| message.after);
        let taken: Vec<u8> = stored.chain(waiting).chain(known).chain(sent).map(|one| one.writer).collect();
        (0..u8::MAX).find(|writer| !taken.contains(writer)).unwrap_or_default()
    }

    pub(super) fn is_under_way(&self, message: &Message) -> bool {
        self.network.contains(message)
    }
}

impl Message {
    /// Whether the reservation is as this message has made it.
    pub(super) fn wrote(&self, current: Option<Reservation>) -> bool {
        current.is_some_and(|current| current.writer == self.after.writer)
    }

    /// What `expire_holds` writes: that it has ended, on the condition that it is as it was read. Its cells are free already.
    pub(super) fn sweep(at: u8, held: Reservation, now: u8) -> Self {
        let after =
            Reservation { status: Status::Expired, revision: held.revision + 1, writer: u8::MAX, ..held };
        Self { reservation: at, now, before: Some(held), after, part: Part::Record }
    }
}
