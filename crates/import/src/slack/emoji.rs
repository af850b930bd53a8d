//! Reactions: maps emoji names to the reactions of this API (`imbot.v2.Chat.Message.Reaction.add`).

/// The reaction equivalent to an emoji, ignoring skin tone; `None` if there is none.
pub(super) fn reaction(emoji: &str) -> Option<&'static str> {
    let name = emoji.split("::").next().unwrap_or_default();
    Some(match name {
        "+1" | "thumbsup" | "heart" => "like",
        "-1" | "thumbsdown" => "dislike",
        "joy" | "rolling_on_the_floor_laughing" => "faceWithTearsOfJoy",
        "neutral_face" => "neutralFace",
        "fire" => "fire",
        "cry" => "cry",
        "slightly_smiling_face" => "slightlySmilingFace",
        "wink" => "winkingFace",
        "laughing" | "satisfied" | "smile" | "grinning" => "laugh",
        "kissing_heart" | "kiss" => "kiss",
        "astonished" | "open_mouth" | "hushed" => "wonder",
        "slightly_frowning_face" => "slightlyFrowningFace",
        "sob" => "loudlyCryingFace",
        "stuck_out_tongue" => "faceWithStuckOutTongue",
        "stuck_out_tongue_winking_eye" => "faceWithStuckOutTongueAndWinkingEye",
        "sunglasses" => "smilingFaceWithSunglasses",
        "confused" => "confusedFace",
        "flushed" => "flushedFace",
        "thinking_face" => "thinkingFace",
        "angry" | "rage" => "angry",
        "smiling_imp" => "smilingFaceWithHorns",
        "face_with_thermometer" => "faceWithThermometer",
        "face_palm" | "man-facepalming" | "woman-facepalming" => "facepalm",
        "hankey" | "poop" => "poo",
        "muscle" => "flexedBiceps",
        "clap" => "clappingHands",
        "hand" | "raised_hand" => "raisedHand",
        "heart_eyes" => "smilingFaceWithHeartEyes",
        "smiling_face_with_3_hearts" => "smilingFaceWithHearts",
        "pleading_face" => "pleadingFace",
        "relieved" => "relievedFace",
        "pray" => "foldedHands",
        "ok_hand" => "okHand",
        "the_horns" => "signHorns",
        "i_love_you_hand_sign" => "loveYouGesture",
        "clown_face" => "clownFace",
        "partying_face" | "tada" => "partyingFace",
        "question" => "questionMark",
        "exclamation" | "heavy_exclamation_mark" => "exclamationMark",
        "bulb" => "lightBulb",
        "bomb" => "bomb",
        "zzz" => "sleepingSymbol",
        "x" => "crossMark",
        "white_check_mark" => "whiteHeavyCheckMark",
        "eyes" => "eyes",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbs_and_hearts_are_likes_in_every_tone() {
        for emoji in ["+1", "thumbsup", "heart", "+1::skin-tone-4"] {
            assert_eq!(reaction(emoji), Some("like"), "{emoji}");
        }
        assert_eq!(reaction("fire"), Some("fire"));
        assert_eq!(reaction("our-own-logo"), None);
    }
}
