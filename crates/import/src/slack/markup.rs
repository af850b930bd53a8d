//! Converts Slack's markup to BB code.
//!
//! | Slack | here |
//! |---|---|
//! | `<@U1>` | `[USER=5]Name[/USER]`; for an unknown user `@U1` |
//! | `<#C1|name>` | `[CHAT=7]name[/CHAT]`; for a chat not in the archive `#name` |
//! | `<!here>`, `<!channel>`, `<!everyone>` | `[USER=all]@here[/USER]` |
//! | `<https://example.org\|text>` | `[URL=https://example.org]text[/URL]`; without a text the address |
//! | `*bold*`, `_italic_`, `~struck~` | `[B]`, `[I]`, `[S]`, where the marks enclose words of one line |
//! | ` ``` ` around lines | `[CODE]…[/CODE]`, in which nothing is marked up |
//! | `` `code` `` | unchanged, without markup inside |
//! | `&gt;` at the beginning of a line | `>>` |
//! | `&amp;`, `&lt;`, `&gt;` | the characters |

use readmark_app::import::Piece;

use super::{people::People, places::Places};

/// Prefixes of addresses; `<` before anything else is a plain character.
const SCHEMES: [&str; 7] = [
    "http://", "https://", "mailto:", "tel:", "ftp://", "sftp://", "slack://",
];

/// Delimits blocks of code.
const FENCE: &str = "```";

/// Converts a text to pieces.
pub(super) fn pieces(text: &str, people: &People, places: &Places) -> Vec<Piece> {
    let mut output = Output::default();
    let mut rest = text;
    while let Some((before, code, after)) = fenced(rest) {
        marked_up(before, people, places, &mut output);
        output.text("[CODE]");
        output.text(&plain(code));
        output.text("[/CODE]");
        rest = after;
    }
    marked_up(rest, people, places, &mut output);
    output.finish()
}

/// The text before, inside and after the first block of code.
fn fenced(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(FENCE)?;
    let (code, after) = rest.split_once(FENCE)?;
    Some((before, code, after))
}

/// The text without markup: references become their labels, entities their characters.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&unescape(&rest[..start]));
        match reference(&rest[start..]) {
            Some((reference, length)) => {
                plain.push_str(&reference.label());
                rest = &rest[start + length..];
            }
            None => {
                plain.push('<');
                rest = &rest[start + 1..];
            }
        }
    }
    plain.push_str(&unescape(rest));
    plain
}

/// Decodes `&amp;`, `&lt;` and `&gt;`, the only entities of Slack.
pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// A link with a text. Brackets in the address would end the code early.
pub(super) fn link(address: &str, label: &str) -> String {
    let address = address.replace('[', "%5B").replace(']', "%5D");
    format!("[URL={address}]{label}[/URL]")
}

/// The contents of `<` and `>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference<'a> {
    User(&'a str, Option<&'a str>),
    Room(&'a str, Option<&'a str>),
    /// `here`, `subteam^S1`, `date^…`
    Command(&'a str, Option<&'a str>),
    Address(&'a str, Option<&'a str>),
}

/// The reference at the start of a text, and its length.
fn reference(text: &str) -> Option<(Reference<'_>, usize)> {
    let inner = text.strip_prefix('<')?;
    let end = inner.find(['>', '<', '\n'])?;
    if !inner[end..].starts_with('>') {
        return None;
    }
    let inner = &inner[..end];
    let (target, label) = match inner.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inner, None),
    };
    let is_id = |id: &str| {
        let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        !id.is_empty() && id.bytes().all(plain)
    };
    let found = match target.split_at_checked(1)? {
        ("@", id) if is_id(id) => Reference::User(id, label),
        ("#", id) if is_id(id) => Reference::Room(id, label),
        ("!", command) if command.starts_with(|first: char| first.is_ascii_lowercase()) => {
            Reference::Command(command, label)
        }
        _ if SCHEMES.iter().any(|scheme| target.starts_with(scheme)) => {
            Reference::Address(target, label)
        }
        _ => return None,
    };
    Some((found, end + 2))
}

impl Reference<'_> {
    /// As plain text.
    fn label(self) -> String {
        match self {
            Self::User(id, label) => format!("@{}", unescape(label.unwrap_or(id))),
            Self::Room(id, label) => format!("#{}", unescape(label.unwrap_or(id))),
            Self::Command("here" | "channel" | "everyone", Some(label))
            | Self::Address(_, Some(label)) => unescape(label),
            Self::Command(command @ ("here" | "channel" | "everyone"), None) => {
                format!("@{command}")
            }
            Self::Command(command, label) => {
                let name = command.split('^').next().unwrap_or_default();
                unescape(label.unwrap_or(name))
            }
            Self::Address(address, None) => {
                let bare = address
                    .strip_prefix("mailto:")
                    .or_else(|| address.strip_prefix("tel:"));
                unescape(bare.unwrap_or(address))
            }
        }
    }

    fn piece(self, people: &People, places: &Places) -> Piece {
        match self {
            Self::User(id, _) => match people.find(id) {
                Some(at) => Piece::Person(at),
                None => Piece::Text(self.label()),
            },
            Self::Room(id, label) => match places.find(id) {
                Some((at, title)) => Piece::Room(at, label.map_or(title.to_owned(), unescape)),
                None => Piece::Text(self.label()),
            },
            Self::Command("here" | "channel" | "everyone", _) => {
                Piece::Text(format!("[USER=all]{}[/USER]", self.label()))
            }
            Self::Address(address, Some(label)) => {
                let (address, label) = (unescape(address), unescape(label));
                let is_itself = address == label
                    || ["mailto:", "tel:", "http://", "https://"]
                        .iter()
                        .any(|scheme| address.strip_prefix(scheme) == Some(&label));
                if is_itself && !address.starts_with("http") {
                    Piece::Text(label)
                } else if is_itself {
                    Piece::Text(address)
                } else {
                    Piece::Text(link(&address, &label))
                }
            }
            Self::Command(..) | Self::Address(_, None) => Piece::Text(self.label()),
        }
    }
}

/// Text outside blocks of code, line by line.
fn marked_up(text: &str, people: &People, places: &Places, output: &mut Output) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            output.text("\n");
        }
        let quote = line.strip_prefix("&gt;");
        if let Some(quoted) = quote {
            output.text(">>");
            let quoted = quoted.trim_start_matches("&gt;");
            marked_up_line(
                quoted.strip_prefix(' ').unwrap_or(quoted),
                people,
                places,
                output,
            );
        } else {
            marked_up_line(line, people, places, output);
        }
    }
}

fn marked_up_line(line: &str, people: &People, places: &Places, output: &mut Output) {
    let mut marks = Marks::default();
    let mut before = None;
    let mut at = 0;
    while let Some(letter) = line[at..].chars().next() {
        let rest = &line[at..];
        if let Some((reference, length)) = reference(rest) {
            output.piece(reference.piece(people, places));
            at += length;
            before = Some('x');
            continue;
        }
        if let Some(code) = inline_code(rest) {
            output.text(&plain(code));
            at += code.len();
            before = Some('`');
            continue;
        }
        let after = rest[letter.len_utf8()..].chars().next();
        if let Some(style) = Style::of(letter)
            && marks.meet(style, before, after, output)
        {
            at += letter.len_utf8();
            before = Some(letter);
            continue;
        }
        match escaped(rest) {
            Some((length, character)) => {
                output.text(character);
                at += length;
            }
            None => {
                output.letter(letter);
                at += letter.len_utf8();
            }
        }
        before = Some(letter);
    }
}

/// Inline code, including its marks.
fn inline_code(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('`')?;
    let length = inner.find('`').filter(|length| *length > 0)?;
    Some(&text[..length + 2])
}

fn escaped(text: &str) -> Option<(usize, &'static str)> {
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]
        .into_iter()
        .find(|(name, _)| text.starts_with(name))
        .map(|(name, character)| (name.len(), character))
}

/// Text styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Bold,
    Italic,
    Struck,
}

impl Style {
    const ALL: [Self; 3] = [Self::Bold, Self::Italic, Self::Struck];

    fn of(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.mark() == letter)
    }

    const fn mark(self) -> char {
        match self {
            Self::Bold => '*',
            Self::Italic => '_',
            Self::Struck => '~',
        }
    }

    const fn codes(self) -> (&'static str, &'static str) {
        match self {
            Self::Bold => ("[B]", "[/B]"),
            Self::Italic => ("[I]", "[/I]"),
            Self::Struck => ("[S]", "[/S]"),
        }
    }
}

/// The opening marks of a line that are not yet closed, by position in the output.
#[derive(Default)]
struct Marks {
    open: [Option<usize>; 3],
}

impl Marks {
    /// Takes a mark as opening or closing; `false` if it is a plain character.
    fn meet(
        &mut self,
        style: Style,
        before: Option<char>,
        after: Option<char>,
        output: &mut Output,
    ) -> bool {
        let mark = style.mark();
        let beside_words = |letter: Option<char>| {
            letter.is_none_or(|letter| {
                letter.is_whitespace() || is_mark_or(letter, ".,;:!?()[]{}\"'-/")
            })
        };
        let slot = style as usize;
        let closes = before.is_some_and(|letter| !letter.is_whitespace() && letter != mark)
            && beside_words(after)
            && after != Some(mark);
        if closes && let Some(start) = self.open[slot].take() {
            let (open, close) = style.codes();
            output.replace(start, open);
            output.text(close);
            // Inner marks that were opened and not closed remain as written.
            for other in &mut self.open {
                *other = other.filter(|position| *position < start);
            }
            return true;
        }
        let opens = after.is_some_and(|letter| !letter.is_whitespace() && letter != mark)
            && beside_words(before)
            && before != Some(mark);
        if opens {
            self.open[slot] = Some(output.placeholder(mark));
        }
        opens
    }
}

fn is_mark_or(letter: char, others: &str) -> bool {
    Style::of(letter).is_some() || others.contains(letter)
}

/// Pieces, some of which may still be replaced.
#[derive(Default)]
struct Output {
    pieces: Vec<Piece>,
}

impl Output {
    fn piece(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    fn letter(&mut self, letter: char) {
        // Most text is plain: append to the last piece, unless it may be replaced.
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) if !is_placeholder(text) => text.push(letter),
            _ => self.pieces.push(Piece::Text(letter.to_string())),
        }
    }

    /// Adds a mark that may become a code; answers its position.
    fn placeholder(&mut self, mark: char) -> usize {
        self.pieces.push(Piece::Text(mark.to_string()));
        self.pieces.len() - 1
    }

    fn replace(&mut self, position: usize, text: &str) {
        if let Some(piece) = self.pieces.get_mut(position) {
            *piece = Piece::Text(text.to_owned());
        }
    }

    /// Merges neighbouring texts.
    fn finish(self) -> Vec<Piece> {
        let mut joined: Vec<Piece> = Vec::new();
        for piece in self.pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        joined
    }
}

/// A text consisting of a mark may be a placeholder; a false positive only costs an extra piece.
fn is_placeholder(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|letter| Style::of(letter).is_some())
        && letters.next().is_none()
}

#[cfg(test)]
#[path = "markup_tests.rs"]
mod tests;
