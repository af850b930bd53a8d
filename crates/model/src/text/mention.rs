//! Mentions in a text.

use super::bbcode::{Code, Piece, pieces, user_spans};
use crate::{ChatId, UserId};

/// A user, everybody or a chat that a text mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mention {
    /// `[USER=7]Name[/USER]`: a user or bot.
    User(UserId),
    /// `[USER=all]Everybody[/USER]`: all members of the chat.
    All,
    /// `[CHAT=5]Title[/CHAT]`: a chat.
    Chat(ChatId),
}

/// The mentions in a text, each once, in the order of their first appearance.
///
/// `[USER=7 REPLACE]`, which asks clients to fill in the current name, is a mention like any other, and so is an unclosed
/// `[USER=7]`. Ids that are not positive, mentions of open channels (`[CHAT=imol|4]`) and the content of `[CODE]` are
/// ignored. Whether the user or chat exists is not checked.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for piece in pieces(text) {
        let (Piece::Open(code, value) | Piece::Unclosed(code, value, _)) = piece else {
            continue;
        };
        if let Some(mention) = mention(code, value)
            && seen.insert(mention)
        {
            found.push(mention);
        }
    }
    found
}

/// The text without the mentions of a user, including the names: the form in which a bot gets a message addressed to it.
#[must_use]
pub fn without_mentions_of(text: &str, user: UserId) -> String {
    let mut left = String::with_capacity(text.len());
    let mut done = 0;
    for (value, span) in user_spans(text) {
        if mention(Code::User, value) == Some(Mention::User(user)) && span.start >= done {
            left.push_str(&text[done..span.start]);
            done = span.end;
        }
    }
    left.push_str(&text[done..]);
    left
}

fn mention(code: Code, value: &str) -> Option<Mention> {
    match code {
        Code::User => {
            let whom = without_replace(value);
            if whom.eq_ignore_ascii_case("all") {
                Some(Mention::All)
            } else {
                positive(whom).map(|id| Mention::User(UserId(id)))
            }
        }
        Code::Chat => positive(value).map(|id| Mention::Chat(ChatId(id))),
        _ => None,
    }
}

fn without_replace(value: &str) -> &str {
    match value.split_once(' ') {
        Some((whom, word)) if word.trim().eq_ignore_ascii_case("replace") => whom,
        _ => value,
    }
}

fn positive(digits: &str) -> Option<i64> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn users_chats_and_everybody_are_found_in_order_and_once() {
        let text = "[USER=5]Ann[/USER], [chat=7]Plans[/chat], [User=ALL]all[/User], [user=5 replace]Ann[/user], \
                    [USER=12 REPLACE]";
        assert_eq!(
            mentions(text),
            [
                Mention::User(UserId(5)),
                Mention::Chat(ChatId(7)),
                Mention::All,
                Mention::User(UserId(12)),
            ]
        );
    }

    #[test]
    fn the_mentions_of_one_user_are_cut_out_with_the_name() {
        for (text, left) in [
            ("[USER=5]Ann[/USER], come", ", come"),
            (
                "to [user=5 replace]Ann[/user] and [USER=6]Bo[/USER]",
                "to  and [USER=6]Bo[/USER]",
            ),
            ("[USER=5]alone", "alone"),
            ("[USER=5][USER=5]A[/USER]B[/USER]!", "!"),
            (
                "[code][USER=5]A[/USER][/code] [USER=5]A[/USER]",
                "[code][USER=5]A[/USER][/code] ",
            ),
            ("[USER=55]A[/USER]", "[USER=55]A[/USER]"),
        ] {
            assert_eq!(without_mentions_of(text, UserId(5)), left, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_mention_is_none() {
        for text in [
            "[USER=0]x[/USER]",
            "[USER=-5]x[/USER]",
            "[USER=+5]x[/USER]",
            "[USER=5x]x[/USER]",
            "[USER=5 AGAIN]x[/USER]",
            "[USER=99999999999999999999]x[/USER]",
            "[USER]5[/USER]",
            "[CHAT=imol|4]x[/CHAT]",
            "[CHAT=all]x[/CHAT]",
            "[URL=5]x[/URL]",
            "[code][USER=5]x[/USER][/code]",
            "@5 USER=5",
        ] {
            assert_eq!(mentions(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_left_of_mentions_that_are_cut_out(text in "(\\[/?(user=[1-3]|user|code)\\]|[ab]){0,30}") {
            let left = without_mentions_of(&text, UserId(2));
            prop_assert!(left.len() <= text.len());
            if !mentions(&text).contains(&Mention::User(UserId(2))) {
                prop_assert_eq!(left, text);
            }
        }

        #[test]
        fn ids_are_positive_whatever_the_text(text in "(\\[/?(user|chat|code)(=-?[0-9]{0,5})?\\]|.){0,30}") {
            for mention in mentions(&text) {
                let id = match mention {
                    Mention::User(id) => id.get(),
                    Mention::Chat(id) => id.get(),
                    Mention::All => 1,
                };
                prop_assert!(id > 0);
            }
        }
    }
}
