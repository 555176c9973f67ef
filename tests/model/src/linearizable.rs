//! Whether what many were told at once can have happened in some order, each thing at one instant between being asked for and
//! being answered. After Wing and Gong, with Lowe's memory of what was tried: places already seen in the search are not
//! searched again, and what has no known outcome may happen at any later time, or never.

use std::collections::HashSet;
use std::hash::Hash;

/// Something that many use at once, as if one after another did.
pub trait Object: Clone + Eq + Hash {
    /// What was asked for, and what was answered.
    type Step;

    /// What it is after `step`; none if this could not have been the answer.
    fn after(&self, step: &Self::Step) -> Option<Self>;
}

/// A step and when it was: on one clock that only counts.
#[derive(Debug, Clone)]
pub struct Call<S> {
    /// When it was asked for.
    pub asked: u64,
    /// When it was answered; none: nobody knows whether and when it happened, but not before it was asked for.
    pub answered: Option<u64>,
    /// What, and with which answer.
    pub step: S,
}

/// What can be said of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There is such an order.
    Linearizable,
    /// There is none.
    Wrong,
    /// Too much of it was at once: neither was found within the bound.
    Undecided,
}

/// So many places of the search are looked at: some seconds' worth.
const MOST_LOOKED_AT: usize = 3_000_000;

/// Looks for an order of `calls` that begins with `object`.
pub fn check<O: Object>(object: O, calls: &[Call<O::Step>]) -> Verdict {
    // What has an answer first, in the order in which it was asked for: mostly that is how it was.
    let mut order: Vec<&Call<O::Step>> = calls.iter().collect();
    order.sort_by_key(|call| (call.answered.is_none(), call.asked));
    let answered = order.iter().filter(|call| call.answered.is_some()).count();
    let mut search = Search { order, answered, tried: HashSet::new() };
    // The way to here: which step was taken at each place, and what it was before.
    let mut way: Vec<(usize, O)> = Vec::new();
    let (mut done, mut object, mut from) = (vec![0_u64; calls.len().div_ceil(64)], object, 0);
    loop {
        if search.tried.len() > MOST_LOOKED_AT {
            return Verdict::Undecided;
        }
        if search.is_complete(&done) {
            return Verdict::Linearizable;
        }
        if let Some((at, after)) = search.next(&done, &object, from) {
            flip(&mut done, at);
            if search.tried.insert((done.clone(), after.clone())) {
                way.push((at, std::mem::replace(&mut object, after)));
                from = 0;
            } else {
                flip(&mut done, at);
                from = at + 1;
            }
        } else {
            let Some((at, before)) = way.pop() else { return Verdict::Wrong };
            flip(&mut done, at);
            (object, from) = (before, at + 1);
        }
    }
}

struct Search<'a, O: Object> {
    order: Vec<&'a Call<O::Step>>,
    answered: usize,
    tried: HashSet<(Vec<u64>, O)>,
}

impl<O: Object> Search<'_, O> {
    fn is_complete(&self, done: &[u64]) -> bool {
        (0..self.answered).all(|at| is_done(done, at))
    }

    /// The next step from `from` on that can be the next one: asked for before any that is left was answered.
    fn next(&self, done: &[u64], object: &O, from: usize) -> Option<(usize, O)> {
        let left = || (0..self.order.len()).filter(|at| !is_done(done, *at));
        let first_answer = left().filter_map(|at| self.order[at].answered).min()?;
        left().skip_while(|at| *at < from).find_map(|at| {
            let call = self.order[at];
            if call.asked > first_answer {
                return None;
            }
            Some((at, object.after(&call.step)?))
        })
    }
}

fn is_done(done: &[u64], at: usize) -> bool {
    done[at / 64] & (1 << (at % 64)) != 0
}

fn flip(done: &mut [u64], at: usize) {
    done[at / 64] ^= 1 << (at % 64);
}

#[cfg(test)]
mod tests;
