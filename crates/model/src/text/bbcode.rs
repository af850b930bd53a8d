//! Splits a text into BB codes and the text between them.
//!
//! Only what the page "Text Formatting" calls a code is one: `[B]` with its `[/B]`, `[BR]`, `[USER=7]`… A bracket of any
//! other kind, such as `list[i]` or `[draft]`, is text, and so are an unpaired code and anything inside `[CODE]`. Names are
//! case-insensitive.

use std::ops::Range;

/// The BB codes. If one needs a value after `=`, a bracket without it is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// `[B]`, `[I]`, `[U]`, `[S]`, `[SIZE=…]`, `[COLOR=…]`: look of the text.
    Style(&'static str),
    /// `[URL]address[/URL]`, `[URL=address]text[/URL]`
    Url,
    /// `[USER=7]Name[/USER]`, `[USER=all]`, `[USER=7 REPLACE]`
    User,
    /// `[CHAT=5]Title[/CHAT]`
    Chat,
    /// `[CONTEXT=chat5/70]text[/CONTEXT]`
    Context,
    /// `[QUOTE]text[/QUOTE]`
    Quote,
    /// `[CODE]text[/CODE]`, whose content is taken literally
    Literal,
    /// `[IMG size=…]address [/IMG]`
    Image,
    /// `[PUT=command]text[/PUT]`, `[PUT]text[/PUT]`
    Put,
    /// `[SEND=command]text[/SEND]`, `[SEND]text[/SEND]`
    Send,
    /// `[CALL=number]text[/CALL]`, `[CALL]number[/CALL]`
    Call,
    /// `[BR]`
    Break,
    /// `[ICON=address size=20 title=…]`
    Icon,
    /// `[TIMESTAMP=seconds format=…]`
    Timestamp,
    /// `[DISK=7]`
    Disk,
    /// `[ATTACH=7]`
    Attach,
}

/// Whether a code has a value after `=`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    Needed,
    Possible,
    None,
}

impl Code {
    fn from_name(name: &str) -> Option<Self> {
        const CODES: [(&str, Code); 21] = [
            ("b", Code::Style("b")),
            ("i", Code::Style("i")),
            ("u", Code::Style("u")),
            ("s", Code::Style("s")),
            ("size", Code::Style("size")),
            ("color", Code::Style("color")),
            ("url", Code::Url),
            ("user", Code::User),
            ("chat", Code::Chat),
            ("context", Code::Context),
            ("quote", Code::Quote),
            ("code", Code::Literal),
            ("img", Code::Image),
            ("put", Code::Put),
            ("send", Code::Send),
            ("call", Code::Call),
            ("br", Code::Break),
            ("icon", Code::Icon),
            ("timestamp", Code::Timestamp),
            ("disk", Code::Disk),
            ("attach", Code::Attach),
        ];
        CODES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, code)| *code)
    }

    /// Whether it has no closing bracket.
    fn is_single(self) -> bool {
        matches!(
            self,
            Self::Break | Self::Icon | Self::Timestamp | Self::Disk | Self::Attach
        )
    }

    fn value(self) -> Value {
        match self {
            Self::Style("size" | "color")
            | Self::User
            | Self::Chat
            | Self::Context
            | Self::Icon
            | Self::Timestamp
            | Self::Disk
            | Self::Attach => Value::Needed,
            Self::Style(_) | Self::Literal | Self::Break => Value::None,
            Self::Url | Self::Put | Self::Send | Self::Call | Self::Quote | Self::Image => {
                Value::Possible
            }
        }
    }
}

/// A piece of a text; the pieces in order make up the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that is not a BB code.
    Text(&'a str),
    /// The content of a `[CODE]`.
    Literal(&'a str),
    /// `[NAME]`, or `[NAME=value]`; the value is everything between the name and the bracket, without its `=`.
    Open(Code, &'a str),
    /// `[/NAME]`
    Close(Code),
    /// `[USER=7]` or `[CHAT=5]` that is never closed: its value, and the bracket as written. It counts as a mention, and
    /// otherwise as text.
    Unclosed(Code, &'a str, &'a str),
}

/// A bracket that looks like a BB code, and its position.
#[derive(Clone, Copy)]
struct Bracket<'a> {
    start: usize,
    end: usize,
    code: Code,
    value: &'a str,
    closing: bool,
    paired: bool,
}

/// Splits `text` into its pieces, in time linear in its length.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut brackets = brackets(text);
    pair(&mut brackets);
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut literal = false;
    for bracket in brackets {
        let unclosed_mention =
            !bracket.paired && !bracket.closing && matches!(bracket.code, Code::User | Code::Chat);
        if !bracket.paired && !unclosed_mention {
            continue;
        }
        let between = &text[done..bracket.start];
        if !between.is_empty() {
            pieces.push(if literal {
                Piece::Literal(between)
            } else {
                Piece::Text(between)
            });
        }
        literal = bracket.code == Code::Literal && !bracket.closing;
        done = bracket.end;
        pieces.push(if unclosed_mention {
            let raw = &text[bracket.start..bracket.end];
            Piece::Unclosed(bracket.code, bracket.value, raw)
        } else if bracket.closing {
            Piece::Close(bracket.code)
        } else {
            Piece::Open(bracket.code, bracket.value)
        });
    }
    if done < text.len() {
        pieces.push(Piece::Text(&text[done..]));
    }
    pieces
}

/// The spans of each `[USER=…]`, with its value: from its bracket to the end of its closing bracket, or the bracket alone if
/// it is not closed. Ordered by start; they may nest.
pub(super) fn user_spans(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut brackets = brackets(text);
    pair(&mut brackets);
    let mut spans: Vec<(&str, Range<usize>)> = Vec::new();
    let mut open = Vec::new();
    for bracket in brackets.iter().filter(|found| found.code == Code::User) {
        if !bracket.closing {
            if bracket.paired {
                open.push(spans.len());
            }
            spans.push((bracket.value, bracket.start..bracket.end));
        } else if bracket.paired
            && let Some((_, span)) = open.pop().and_then(|at| spans.get_mut(at))
        {
            span.end = bracket.end;
        }
    }
    spans
}

/// Everything in the text that looks like a BB code, except inside a `[CODE]`.
fn brackets(text: &str) -> Vec<Bracket<'_>> {
    let mut found: Vec<Bracket<'_>> = Vec::new();
    // The open `[CODE]`; brackets inside it are dropped only once its end is found.
    let mut literal: Option<usize> = None;
    let mut at = 0;
    while let Some(offset) = text[at..].find('[') {
        let start = at + offset;
        let Some(bracket) = bracket_at(text, start) else {
            at = start + 1;
            continue;
        };
        at = bracket.end;
        if let Some(open) = literal {
            if bracket.code == Code::Literal && bracket.closing {
                found.truncate(open + 1);
                found.push(bracket);
                literal = None;
                continue;
            }
        } else if bracket.code == Code::Literal && !bracket.closing {
            literal = Some(found.len());
        }
        found.push(bracket);
    }
    found
}

/// The bracket that starts with the `[` at `start`.
fn bracket_at(text: &str, start: usize) -> Option<Bracket<'_>> {
    let inside = &text[start + 1..];
    let closing = inside.starts_with('/');
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let name_len = inside.bytes().take_while(u8::is_ascii_alphabetic).count();
    let code = Code::from_name(&inside[..name_len])?;
    let rest = &inside[name_len..];
    let value_len = rest.find(['[', ']', '\n'])?;
    if !rest[value_len..].starts_with(']') {
        return None;
    }
    let value = rest[..value_len].trim_end();
    let fits = if closing {
        value.is_empty() && !code.is_single()
    } else if code == Code::Image {
        value.is_empty() || value.starts_with([' ', '='])
    } else {
        match code.value() {
            Value::Needed => value.len() > 1 && value.starts_with('='),
            Value::Possible => value.is_empty() || value.starts_with('='),
            Value::None => value.is_empty(),
        }
    };
    fits.then(|| Bracket {
        start,
        end: text.len() - rest.len() + value_len + 1,
        code,
        value: value.strip_prefix('=').unwrap_or(value),
        closing,
        paired: code.is_single(),
    })
}

/// Marks the paired brackets: a closing one belongs to the nearest open one of the same code.
fn pair(brackets: &mut [Bracket<'_>]) {
    let mut open: Vec<(Code, Vec<usize>)> = Vec::new();
    for index in 0..brackets.len() {
        let Bracket { code, closing, .. } = brackets[index];
        if code.is_single() {
            continue;
        }
        let position = open.iter().position(|(known, _)| *known == code);
        let position = position.unwrap_or_else(|| {
            open.push((code, Vec::new()));
            open.len() - 1
        });
        let waiting = &mut open[position].1;
        if !closing {
            waiting.push(index);
        } else if let Some(partner) = waiting.pop() {
            brackets[index].paired = true;
            brackets[partner].paired = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_plain(text: &str) -> bool {
        pieces(text) == [Piece::Text(text)]
    }

    #[test]
    fn a_pair_is_recognised_in_any_letter_case() {
        assert_eq!(
            pieces("[b]yes[/B]"),
            [
                Piece::Open(Code::Style("b"), ""),
                Piece::Text("yes"),
                Piece::Close(Code::Style("b"))
            ]
        );
    }

    #[test]
    fn other_brackets_are_text() {
        for text in [
            "list[i] = 4",
            "[draft] plan",
            "[]",
            "[",
            "[b",
            "[/b]",
            "[user]Ann[/user]",
            "[b=1]x[/b]",
            "[url\n=x]y[/url]",
            "[url=[x]",
            "[ b]x[/ b]",
            "[b]x[/b y]",
            "[/br]",
            "[user=]x[/user]",
            "[size 20]x[/size]",
            "[img:small]x[/img]",
            "[timestamps=5]",
            "[timestamp]",
        ] {
            assert!(is_plain(text), "{text}: {:?}", pieces(text));
        }
    }

    #[test]
    fn a_picture_has_attributes_an_address_or_neither() {
        for (text, value) in [
            ("[img]x[/img]", ""),
            ("[img size=small]x[/img]", " size=small"),
            ("[img=a.png]x[/img]", "a.png"),
        ] {
            assert_eq!(
                pieces(text),
                [
                    Piece::Open(Code::Image, value),
                    Piece::Text("x"),
                    Piece::Close(Code::Image)
                ]
            );
        }
    }

    #[test]
    fn a_mention_that_is_never_closed_is_told_from_text() {
        assert_eq!(
            pieces("[user=5] and [chat=7]![/url]"),
            [
                Piece::Unclosed(Code::User, "5", "[user=5]"),
                Piece::Text(" and "),
                Piece::Unclosed(Code::Chat, "7", "[chat=7]"),
                Piece::Text("![/url]"),
            ]
        );
        assert!(is_plain("[url=/a] [/user]"));
    }

    #[test]
    fn content_of_code_is_literal() {
        assert_eq!(
            pieces("[code]a[b]c[/b][/code]d"),
            [
                Piece::Open(Code::Literal, ""),
                Piece::Literal("a[b]c[/b]"),
                Piece::Close(Code::Literal),
                Piece::Text("d")
            ]
        );
    }

    #[test]
    fn only_its_own_end_closes_a_code_and_only_a_code_is_literal() {
        assert_eq!(
            pieces("[code][/b][code]x[/code]"),
            [
                Piece::Open(Code::Literal, ""),
                Piece::Literal("[/b][code]x"),
                Piece::Close(Code::Literal)
            ]
        );
        assert_eq!(
            pieces("[b][i]x[/i][/b][code]y[/code]"),
            [
                Piece::Open(Code::Style("b"), ""),
                Piece::Open(Code::Style("i"), ""),
                Piece::Text("x"),
                Piece::Close(Code::Style("i")),
                Piece::Close(Code::Style("b")),
                Piece::Open(Code::Literal, ""),
                Piece::Literal("y"),
                Piece::Close(Code::Literal)
            ]
        );
    }

    #[test]
    fn code_that_is_never_closed_is_text_and_hides_nothing() {
        assert_eq!(
            pieces("[code][br]"),
            [Piece::Text("[code]"), Piece::Open(Code::Break, "")]
        );
    }

    #[test]
    fn nested_pairs_of_one_name_are_matched_from_the_inside() {
        let codes = pieces("[b]1[b]2[/b]");
        assert_eq!(codes[0], Piece::Text("[b]1"));
        assert_eq!(codes.len(), 4);
    }

    #[test]
    fn many_brackets_take_linear_time() {
        let text = "[code][b][".repeat(100_000);
        assert_eq!(pieces(&text), [Piece::Text(&text)]);
        let text = "[url=".repeat(100_000);
        assert_eq!(pieces(&text), [Piece::Text(&text)]);
    }

    proptest! {
        #[test]
        fn texts_between_codes_are_parts_of_the_text_in_order(
            text in "(\\[/?(b|i|url|user|code|br|icon|x)(=[a-z0-9]{0,3})?( [a-z]{2})?\\]|[a\\[\\]é\n]){0,40}",
        ) {
            let mut rest = text.as_str();
            for piece in pieces(&text) {
                if let Piece::Text(part) | Piece::Literal(part) = piece {
                    prop_assert!(!part.is_empty());
                    let at = rest.find(part);
                    prop_assert!(at.is_some());
                    rest = &rest[at.unwrap_or(0) + part.len()..];
                }
            }
        }

        #[test]
        fn any_text_is_split_without_panic(text in ".*") {
            pieces(&text);
        }
    }
}
