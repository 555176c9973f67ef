//! A party: how many people come.

use serde::{Deserialize, Serialize};

/// How many people come together, 1 to [`Party::MAX`]. What a diner may book online is the restaurant's policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Party(u8);

/// No party of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a party is 1 to {} people", Party::MAX)]
pub struct InvalidParty;

impl Party {
    /// The largest party that anyone can enter.
    pub const MAX: u8 = 99;
    /// Two people: what is looked for until somebody says otherwise.
    pub const TWO: Self = Self(2);

    /// A party of `size` people.
    ///
    /// # Errors
    /// [`InvalidParty`] outside 1 to [`Party::MAX`].
    pub fn new(size: u8) -> Result<Self, InvalidParty> {
        if (1..=Self::MAX).contains(&size) { Ok(Self(size)) } else { Err(InvalidParty) }
    }

    /// How many people.
    #[must_use]
    pub fn size(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Party {
    type Error = InvalidParty;
    fn try_from(size: u8) -> Result<Self, InvalidParty> {
        Self::new(size)
    }
}

impl From<Party> for u8 {
    fn from(party: Party) -> Self {
        party.0
    }
}
