//! What a user is shown to be doing in a chat before sending a message (`imbot.v2.Chat.InputAction.notify`).

/// The status shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputStatus {
    /// "Is typing…"
    #[default]
    Typing,
    /// Thinking.
    Thinking,
    /// Searching.
    Searching,
    /// Preparing an answer.
    Generating,
    /// Analysing the question.
    Analyzing,
    /// Processing data.
    Processing,
    /// Translating.
    Translating,
    /// Connecting to a service.
    Connecting,
    /// Checking data.
    Checking,
    /// Calculating.
    Calculating,
    /// Reading documents.
    ReadingDocs,
    /// Writing an answer.
    Composing,
}

impl InputStatus {
    /// Every status but typing, the default without a code, by documented code.
    pub const ALL: [(&str, Self); 11] = [
        ("IMBOT_AGENT_ACTION_THINKING", Self::Thinking),
        ("IMBOT_AGENT_ACTION_SEARCHING", Self::Searching),
        ("IMBOT_AGENT_ACTION_GENERATING", Self::Generating),
        ("IMBOT_AGENT_ACTION_ANALYZING", Self::Analyzing),
        ("IMBOT_AGENT_ACTION_PROCESSING", Self::Processing),
        ("IMBOT_AGENT_ACTION_TRANSLATING", Self::Translating),
        ("IMBOT_AGENT_ACTION_CONNECTING", Self::Connecting),
        ("IMBOT_AGENT_ACTION_CHECKING", Self::Checking),
        ("IMBOT_AGENT_ACTION_CALCULATING", Self::Calculating),
        ("IMBOT_AGENT_ACTION_READING_DOCS", Self::ReadingDocs),
        ("IMBOT_AGENT_ACTION_COMPOSING", Self::Composing),
    ];

    /// The status with this code; typing for any other text.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|(known, _)| *known == code)
            .map_or(Self::Typing, |(_, status)| status)
    }
}

/// What a user is shown to be doing, and for how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputAction {
    /// The status shown.
    pub status: InputStatus,
    /// The duration in seconds, 1 to [`InputAction::MAX_SECONDS`]; `None` leaves it to the client.
    pub seconds: Option<i64>,
}

impl InputAction {
    /// The longest time for which an action is shown, in seconds.
    pub const MAX_SECONDS: i64 = 600;
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_a_status_of_its_own_and_other_texts_are_typing() {
        let known: HashSet<i64> = InputStatus::ALL
            .into_iter()
            .map(|(code, status)| {
                assert_eq!(InputStatus::from_code(code), status);
                status as i64
            })
            .collect();
        assert_eq!(known, (1..=11).collect());
        for other in ["", "imbot_agent_action_thinking", "THINKING"] {
            assert_eq!(InputStatus::from_code(other), InputStatus::Typing);
        }
    }
}
