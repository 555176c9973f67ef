//! One mail a fact: a stream that gives its record to a sender until one answers that it is done, and sometimes once more;
//! senders that may die at any point; a guard item that is a lease while a mail is being sent; and SES, which has no
//! idempotency token, may not answer, and may say later that it took the mail.

#[cfg(test)]
mod tests;

use stateright::{Model, Property};

/// So many senders are at it at once at most.
const SENDERS: usize = 2;
/// The record is given out so often at most. More would only repeat.
const MOST_DELIVERIES: u8 = 4;
/// Senders die or lose SES's answer so often at most.
const MOST_FAULTS: u8 = 2;
/// Longer than a sender's function may run.
const LEASE_TICKS: u8 = 2;
const LAST_TICK: u8 = 6;

/// What is taken out of the protocol, to see that the checker minds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Nothing.
    Nowhere,
    /// Who is woken sends, whatever the guard says.
    WithoutGuard,
    /// The guard is read first and written later, without a condition.
    ReadsThenWrites,
    /// The guard is written once and for good before the mail is sent: it is no lease.
    WithoutLease,
    /// A sender's function may run on when its lease has ended.
    OutlivesItsLease,
    /// A record whose mail another has under way is taken for done.
    GoesOnMeanwhile,
    /// Only the sender itself settles the guard, not what SES says.
    IgnoresFeedback,
    /// A sender that got no answer from SES takes that for a refusal.
    GivesBackUnanswered,
    /// A lease is given back by deleting the guard.
    GivesBackByDeleting,
}

/// The item beside the reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Guard {
    Absent,
    /// Somebody sends, until then.
    Leased(u8, u8),
    Settled,
}

/// How far a sender is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sender {
    /// There is none.
    Idle,
    /// Has read that nobody has begun: only where the protocol is broken so.
    HasRead,
    /// Has the lease until then.
    HasLease(u8),
    /// SES took the mail; not written down yet.
    HasSent(u8),
}

/// The whole world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    tick: u8,
    faults: u8,
    deliveries: u8,
    /// The stream has not heard yet that the record is done.
    is_pending: bool,
    guard: Guard,
    senders: [Sender; SENDERS],
    /// How many mails SES has taken.
    mails: u8,
    /// SES will say that it took a mail.
    feedback: bool,
    /// How many mails there may be: one, and one more for each whose lease ended before anybody could write down that it is
    /// out, unless SES told of it in time. Between losing a mail and, in this one case, sending it twice, the house chooses
    /// the second.
    allowed: u8,
}

/// What can happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The clock moves on; a function that has run too long is ended.
    Tick,
    /// The stream gives its record to a sender, though another may have had it, or may have it still.
    Delivers(u8),
    /// A sender goes on.
    GoesOn(u8),
    /// A sender dies.
    Dies(u8),
    /// SES can't be reached or does not take the mail right now: the sender gives its lease back.
    IsRefused(u8),
    /// A sender gets no answer from SES, which has taken the mail or not: its lease stands.
    NoAnswer(u8),
    /// A sender whose mail is out can't write that down. The stream goes on all the same.
    CannotSettle(u8),
    /// SES says that it took the mail.
    Feedback,
    /// SES never says so.
    NoFeedback,
}

/// The protocol, whole or broken.
#[derive(Debug, Clone, Copy)]
pub struct Mails(pub Broken);

impl Mails {
    /// `Store::begin_mail`: the lease, on the condition that nobody has one that has not ended and that it is not settled.
    fn begin(self, world: &mut World, at: u8) {
        let is_free = match world.guard {
            Guard::Absent => true,
            Guard::Leased(_, until) => until <= world.tick,
            Guard::Settled => false,
        };
        if is_free || self.0 == Broken::WithoutGuard {
            self.takes_lease(world, at);
            return;
        }
        match world.guard {
            // "The mail is under way": the record is to come again.
            Guard::Leased(..) if self.0 != Broken::GoesOnMeanwhile => {}
            _ => world.is_pending = false,
        }
    }

    fn takes_lease(self, world: &mut World, at: u8) {
        let until = world.tick + LEASE_TICKS;
        world.guard = if self.0 == Broken::WithoutLease { Guard::Settled } else { Guard::Leased(at, until) };
        world.senders[usize::from(at)] = Sender::HasLease(until);
    }

    /// `Store::give_back_mail`: on the condition that the lease is still this sender's.
    fn give_back(self, world: &mut World, at: u8) {
        if matches!(world.guard, Guard::Leased(holder, _) if holder == at) {
            // Over, but there: what SES says of an earlier try still settles it.
            let is_deleted = self.0 == Broken::GivesBackByDeleting;
            world.guard = if is_deleted { Guard::Absent } else { Guard::Leased(at, 0) };
        }
        world.senders[usize::from(at)] = Sender::Idle;
    }

    /// `Store::settle_mail`, and the stream goes on: on the condition that the lease is still this sender's.
    fn settle(world: &mut World, at: u8) {
        if matches!(world.guard, Guard::Leased(holder, _) if holder == at) {
            world.guard = Guard::Settled;
        }
        world.senders[usize::from(at)] = Sender::Idle;
        world.is_pending = false;
    }
}

impl Model for Mails {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            tick: 0,
            faults: 0,
            deliveries: 0,
            is_pending: true,
            guard: Guard::Absent,
            senders: [Sender::Idle; SENDERS],
            mails: 0,
            feedback: false,
            allowed: 1,
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        if world.tick < LAST_TICK {
            steps.push(Step::Tick);
        }
        for (at, sender) in (0_u8..).zip(&world.senders) {
            if *sender == Sender::Idle {
                if world.deliveries < MOST_DELIVERIES {
                    steps.push(Step::Delivers(at));
                }
            } else {
                steps.push(Step::GoesOn(at));
                if world.faults < MOST_FAULTS {
                    steps.extend([
                        Step::Dies(at),
                        Step::IsRefused(at),
                        Step::NoAnswer(at),
                        Step::CannotSettle(at),
                    ]);
                }
            }
        }
        if world.feedback {
            steps.extend([Step::Feedback, Step::NoFeedback]);
        }
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut world = before.clone();
        match step {
            Step::Tick => {
                world.tick += 1;
                for sender in &mut world.senders {
                    let is_over = match *sender {
                        Sender::HasLease(until) | Sender::HasSent(until) => until <= world.tick,
                        Sender::Idle | Sender::HasRead => false,
                    };
                    if is_over && self.0 != Broken::OutlivesItsLease {
                        *sender = Sender::Idle;
                    }
                }
                let has_just_ended = matches!(world.guard, Guard::Leased(_, until) if until == world.tick);
                if has_just_ended && world.mails > 0 {
                    world.allowed = world.mails + 1;
                }
            }
            Step::Delivers(at) => {
                world.deliveries += 1;
                match (self.0, before.guard) {
                    (Broken::ReadsThenWrites, Guard::Absent) => {
                        world.senders[usize::from(at)] = Sender::HasRead;
                    }
                    (Broken::ReadsThenWrites, _) => world.is_pending = false,
                    _ => self.begin(&mut world, at),
                }
            }
            Step::GoesOn(at) => match before.senders[usize::from(at)] {
                Sender::Idle => return None,
                Sender::HasRead => self.takes_lease(&mut world, at),
                Sender::HasLease(until) => {
                    world.mails += 1;
                    world.feedback = true;
                    world.senders[usize::from(at)] = Sender::HasSent(until);
                }
                Sender::HasSent(_) => Self::settle(&mut world, at),
            },
            Step::Dies(at) => {
                world.faults += 1;
                world.senders[usize::from(at)] = Sender::Idle;
            }
            Step::IsRefused(at) => {
                let Sender::HasLease(_) = before.senders[usize::from(at)] else { return None };
                world.faults += 1;
                self.give_back(&mut world, at);
            }
            Step::NoAnswer(at) => {
                let (Sender::HasLease(_) | Sender::HasSent(_)) = before.senders[usize::from(at)] else {
                    return None;
                };
                world.faults += 1;
                if self.0 == Broken::GivesBackUnanswered {
                    self.give_back(&mut world, at);
                }
                world.senders[usize::from(at)] = Sender::Idle;
            }
            Step::CannotSettle(at) => {
                let Sender::HasSent(_) = before.senders[usize::from(at)] else { return None };
                world.faults += 1;
                world.senders[usize::from(at)] = Sender::Idle;
                world.is_pending = false;
            }
            // `record-mail-feedback`.
            Step::Feedback => {
                world.feedback = false;
                // In time: nobody else is at it.
                if world.senders == [Sender::Idle; SENDERS] {
                    world.allowed = world.mails;
                }
                if matches!(world.guard, Guard::Leased(..)) && self.0 != Broken::IgnoresFeedback {
                    world.guard = Guard::Settled;
                }
            }
            Step::NoFeedback => world.feedback = false,
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(NO_DOUBLE_MAIL, |_, world: &World| world.mails <= world.allowed),
            Property::always(NO_MAIL_LOST, |_, world: &World| world.is_pending || world.mails > 0),
            Property::always("what is settled was sent", |model: &Self, world: &World| {
                world.guard != Guard::Settled || world.mails > 0 || model.0 == Broken::WithoutLease
            }),
            Property::sometimes("a mail goes out once", |_, world: &World| {
                !world.is_pending && world.guard == Guard::Settled && world.mails == 1
            }),
            Property::sometimes("who died before sending is followed by another", |_, world: &World| {
                world.faults > 0
                    && world.guard == Guard::Settled
                    && world.mails == 1
                    && world.tick >= LEASE_TICKS
            }),
            Property::sometimes("a record comes again when its mail is out", |_, world: &World| {
                !world.is_pending && world.deliveries == MOST_DELIVERIES && world.mails == 1
            }),
            Property::sometimes(
                "what SES refused goes out at once, and nobody waits for a lease",
                |_, world: &World| {
                    world.faults > 0 && world.tick == 0 && world.guard == Guard::Settled && world.feedback
                },
            ),
            Property::sometimes("two have the record at once", |_, world: &World| {
                world.deliveries > 1
                    && world.senders.iter().any(|sender| matches!(sender, Sender::HasLease(_)))
            }),
            Property::sometimes(SES_HELPS, |_, world: &World| {
                // Its sender died, and all the same nobody sends it again.
                world.faults > 0 && world.guard == Guard::Settled && world.is_pending && world.mails == 1
            }),
        ]
    }
}

/// But for the one case that the house has chosen.
const NO_DOUBLE_MAIL: &str = "one mail a fact, unless its lease ended and nothing was heard of it";
const NO_MAIL_LOST: &str = "the stream goes on only when the mail is out";
const SES_HELPS: &str = "SES says that it took the mail of one who died";
