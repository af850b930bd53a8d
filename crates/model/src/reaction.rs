//! The reactions that a message can get (`imbot.v2.Chat.Message.Reaction.add`).

use crate::ids::UserId;

/// Every reaction, in the documented order.
pub const REACTIONS: [&str; 48] = [
    "like",
    "dislike",
    "faceWithTearsOfJoy",
    "redHeart",
    "neutralFace",
    "fire",
    "cry",
    "slightlySmilingFace",
    "winkingFace",
    "laugh",
    "kiss",
    "wonder",
    "slightlyFrowningFace",
    "loudlyCryingFace",
    "faceWithStuckOutTongue",
    "faceWithStuckOutTongueAndWinkingEye",
    "smilingFaceWithSunglasses",
    "confusedFace",
    "flushedFace",
    "thinkingFace",
    "angry",
    "smilingFaceWithHorns",
    "faceWithThermometer",
    "facepalm",
    "poo",
    "flexedBiceps",
    "clappingHands",
    "raisedHand",
    "smilingFaceWithHeartEyes",
    "smilingFaceWithHearts",
    "pleadingFace",
    "relievedFace",
    "foldedHands",
    "okHand",
    "signHorns",
    "loveYouGesture",
    "clownFace",
    "partyingFace",
    "questionMark",
    "exclamationMark",
    "lightBulb",
    "bomb",
    "sleepingSymbol",
    "crossMark",
    "whiteHeavyCheckMark",
    "eyes",
    "handshake",
    "hundredPoints",
];

/// The reaction of this name, which must match exactly; `None` for any other text.
#[must_use]
pub fn find(name: &str) -> Option<&'static str> {
    REACTIONS.into_iter().find(|known| *known == name)
}

/// One user's reaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The user.
    pub user: UserId,
    /// Its kind: `like`, `fire`…
    pub kind: String,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_spelt_exactly() {
        assert_eq!(HashSet::from(REACTIONS).len(), REACTIONS.len());
        assert_eq!(find("fire"), Some("fire"));
        assert_eq!(find("Fire"), None);
        assert_eq!(find(""), None);
    }
}
