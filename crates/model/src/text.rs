//! Pure functions over the text of messages: cutting, search words, previews, mentions.
//!
//! Text of messages is marked up with the BB codes of the page "Text Formatting". What counts as a BB code is decided in one
//! place, `bbcode.rs`, so that the preview, the index, the mentions and HTML agree.

mod bbcode;
mod html;
mod mention;
mod preview;
mod search;

use std::{borrow::Cow, ops::Range};

pub use html::to_html;
pub use mention::{Mention, mentions, without_mentions_of};
pub use preview::plain_preview;
pub use search::{MAX_TERMS, MAX_WORD_CHARS, MAX_WORDS, search_terms, search_words};

/// Length of the longest text of a message, in Unicode scalar values (`imbot.v2.Chat.Message.send`).
pub const MAX_MESSAGE_CHARS: usize = 20_000;

/// The suffix of a text that was cut.
pub const CUT_SUFFIX: &str = " (...)";

/// The text as stored: one longer than [`MAX_MESSAGE_CHARS`] is cut and ends with [`CUT_SUFFIX`], the suffix included in the
/// limit, so that no stored text is ever longer than documented and cutting twice changes nothing.
///
/// Characters are Unicode scalar values. A letter is never separated from a following combining mark or joiner.
#[must_use]
pub fn cut_message(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_MESSAGE_CHARS || text.chars().nth(MAX_MESSAGE_CHARS).is_none() {
        return Cow::Borrowed(text);
    }
    let mut kept = text;
    let room = MAX_MESSAGE_CHARS - CUT_SUFFIX.len();
    if let Some((end, _)) = text.char_indices().nth(room) {
        kept = &text[..cluster_start(text, end)];
    }
    Cow::Owned(format!("{kept}{CUT_SUFFIX}"))
}

/// The contents of `[CODE]`s in a text, which are taken literally: byte ranges, in order.
#[must_use]
pub fn literals(text: &str) -> Vec<Range<usize>> {
    let start = text.as_ptr().addr();
    bbcode::pieces(text)
        .into_iter()
        .filter_map(|piece| match piece {
            bbcode::Piece::Literal(content) => {
                let at = content.as_ptr().addr() - start;
                Some(at..at + content.len())
            }
            _ => None,
        })
        .collect()
}

/// The text without U+0000, which PostgreSQL cannot store in a text column.
#[must_use]
pub fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// The last place at or before `end`, which is a character boundary, where the text can be cut without splitting a letter
/// from its marks. Gives up on an absurdly long run of marks.
fn cluster_start(text: &str, end: usize) -> usize {
    const LONGEST_CLUSTER: usize = 32;
    let mut at = end;
    for _ in 0..LONGEST_CLUSTER {
        let (Some(after), Some(before)) =
            (text[at..].chars().next(), text[..at].chars().next_back())
        else {
            return at;
        };
        let joined =
            search::is_mark(after) || search::is_joiner(after) || search::is_joiner(before);
        if !joined {
            return at;
        }
        at -= before.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_of_exactly_the_limit_is_kept() {
        let text = "ж".repeat(MAX_MESSAGE_CHARS);
        assert!(matches!(cut_message(&text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn one_character_more_is_cut_to_the_limit_with_the_suffix() {
        let text = "ж".repeat(MAX_MESSAGE_CHARS + 1);
        let cut = cut_message(&text);
        assert_eq!(cut.chars().count(), MAX_MESSAGE_CHARS);
        assert!(cut.ends_with("ж (...)"));
    }

    #[test]
    fn a_letter_keeps_its_combining_mark_when_the_text_is_cut() {
        let room = MAX_MESSAGE_CHARS - CUT_SUFFIX.len();
        let text = format!("{}e\u{301}{}", "a".repeat(room - 1), "b".repeat(100));
        let cut = cut_message(&text);
        assert!(cut.ends_with("a (...)"), "{}", &cut[cut.len() - 20..]);
    }

    #[test]
    fn signs_that_are_joined_are_not_separated_on_either_side_of_the_joiner() {
        let room = MAX_MESSAGE_CHARS - CUT_SUFFIX.len();
        for before in 1..=2 {
            let text = format!(
                "{}🧑\u{200d}🚀{}",
                "a".repeat(room - before),
                "b".repeat(100)
            );
            let cut = cut_message(&text);
            assert!(cut.ends_with("a (...)"), "{}", &cut[cut.len() - 20..]);
            assert_eq!(cut.chars().count(), MAX_MESSAGE_CHARS - before);
        }
    }

    #[test]
    fn the_content_of_code_is_found_where_it_stands() {
        let text = "a[code]bc[/code]é[CODE]d[/CODE] [code][/code] [code]open";
        let found: Vec<&str> = literals(text).into_iter().map(|at| &text[at]).collect();
        assert_eq!(found, ["bc", "d"]);
        assert_eq!(literals("[code]x[/code]").first(), Some(&(6..7)));
    }

    #[test]
    fn endless_marks_are_cut_all_the_same() {
        let text = "\u{301}".repeat(MAX_MESSAGE_CHARS * 2);
        assert_eq!(cut_message(&text).chars().count(), MAX_MESSAGE_CHARS);
    }

    #[test]
    fn nul_is_removed_and_nothing_else() {
        assert_eq!(without_nul("a\0b\u{1}c"), "ab\u{1}c");
        assert!(matches!(without_nul("plain"), Cow::Borrowed("plain")));
    }

    proptest! {
        #[test]
        fn a_cut_text_is_a_beginning_within_the_limit_and_stays_as_it_is(
            part in "\\PC{0,30}", times in 0_usize..1500,
        ) {
            let text = part.repeat(times);
            let cut = cut_message(&text).into_owned();
            prop_assert!(cut.chars().count() <= MAX_MESSAGE_CHARS);
            if cut != text {
                let kept = cut.strip_suffix(CUT_SUFFIX);
                prop_assert!(kept.is_some_and(|kept| text.starts_with(kept)));
            }
            prop_assert_eq!(cut_message(&cut), cut.as_str());
        }
    }
}
