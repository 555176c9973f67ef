//! Why a time can't be had, in a word beside it and in a sentence below.

use jari_domain::Unavailable;

use crate::texts::Texts;

/// In a word or two.
pub(crate) fn word(why: Unavailable, t: Texts) -> String {
    let text = match why {
        Unavailable::Full => t.say("why-full"),
        Unavailable::Pacing => t.say("why-pacing"),
        Unavailable::Closed => t.say("why-closed"),
        Unavailable::PastCutoff => t.say("why-past-cutoff"),
        Unavailable::BeyondWindow => t.say("why-beyond-window"),
        Unavailable::PartyTooLarge => t.say("why-party-too-large"),
        Unavailable::PartyTooSmall => t.say("why-party-too-small"),
        Unavailable::InHouseOnly => t.say("why-in-house-only"),
    };
    text.into_owned()
}

/// In a sentence that says what to do.
pub(crate) fn sentence(why: Unavailable, t: Texts) -> String {
    let text = match why {
        Unavailable::Full => t.say("why-full-more"),
        Unavailable::Pacing => t.say("why-pacing-more"),
        Unavailable::Closed => t.say("why-closed-more"),
        Unavailable::PastCutoff => t.say("why-past-cutoff-more"),
        Unavailable::BeyondWindow => t.say("why-beyond-window-more"),
        Unavailable::PartyTooLarge => t.say("why-party-too-large-more"),
        Unavailable::PartyTooSmall => t.say("why-party-too-small-more"),
        Unavailable::InHouseOnly => t.say("why-in-house-only-more"),
    };
    text.into_owned()
}

/// Why a day has no time left, of why each of its times can't be had: what another hour, day or party could mend is
/// told before what could not.
pub(crate) fn of_day(reasons: impl Iterator<Item = Unavailable>) -> Option<Unavailable> {
    reasons.min_by_key(|why| match why {
        Unavailable::Closed => 0,
        Unavailable::Full => 1,
        Unavailable::Pacing => 2,
        Unavailable::PastCutoff => 3,
        Unavailable::InHouseOnly => 4,
        Unavailable::PartyTooSmall => 5,
        Unavailable::PartyTooLarge => 6,
        Unavailable::BeyondWindow => 7,
    })
}

/// Whether another day may have what this one has not, for the same party.
pub(crate) fn may_pass(why: Unavailable) -> bool {
    matches!(why, Unavailable::Full | Unavailable::Pacing | Unavailable::Closed | Unavailable::PastCutoff)
}
