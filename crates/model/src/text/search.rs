//! The words by which a message is found.
//!
//! A message is indexed under [`search_words`] of its text; a query asks for the messages that have, for each of its
//! [`search_terms`], a word beginning with it (`word LIKE term || '%'`). Words and terms consist of letters, digits and
//! their combining marks alone, so that no `%` or `_` can appear in a pattern.
//!
//! Both are normalised to NFKC and folded to one case: `ＳＴＲＡẞＥ`, `Straße` and `strasse` are one word. Accents
//! and vowel signs count: `resume` does not find `résumé`.
//!
//! Scripts written without spaces (Han, kana, Bopomofo, Thai, Lao, Khmer, Burmese) cannot be split into words without a
//! dictionary. A run of such letters is indexed from each of its letters on, up to [`GRAM`] letters, and matched by prefix: a
//! query of up to that many letters is found at any position. A longer one is cut into pieces of that length, all of which
//! must match.

use std::collections::HashSet;

use unicode_normalization::{
    IsNormalized, UnicodeNormalization as _, char::is_combining_mark, is_nfkc_quick,
};

use super::bbcode::{Code, Piece, pieces};
use super::preview::without_codes;

/// Length of the longest word, in characters; the rest of a longer one is neither indexed nor searched for.
pub const MAX_WORD_CHARS: usize = 64;

/// How many different words of one message are indexed; further words are not found.
pub const MAX_WORDS: usize = 1_000;

/// How many terms of a query are used; the rest is ignored.
pub const MAX_TERMS: usize = 16;

/// Letters in one piece of a text without spaces.
const GRAM: usize = 4;

/// The words to index a message under: each once, in order of first appearance.
///
/// BB codes are not words; their contents are, and so are the parts of the address in `[URL=…]`.
#[must_use]
pub fn search_words(text: &str) -> Vec<String> {
    let mut words = Words::new(MAX_WORDS);
    for run in runs(&folded(&indexed_text(text))) {
        match run {
            Run::Word(word) => words.add(word),
            Run::Spaceless(letters) => {
                for start in 0..letters.len() {
                    let end = letters.len().min(start + GRAM);
                    words.add(&letters[start..end].concat());
                }
            }
        }
        if words.is_full() {
            break;
        }
    }
    words.list
}

/// The terms of a query: a message matches if it has, for each term, a word that begins with it.
///
/// Empty when the query has no letter or digit; what that finds is the caller's choice. A term that is a prefix of another is
/// left out, as it matches whenever the other does.
#[must_use]
pub fn search_terms(query: &str) -> Vec<String> {
    let mut terms = Words::new(MAX_TERMS);
    for run in runs(&folded(&without_codes(query))) {
        match run {
            Run::Word(word) => terms.add(word),
            Run::Spaceless(letters) => {
                for piece in covering_pieces(&letters) {
                    terms.add(&piece.concat());
                }
            }
        }
        if terms.is_full() {
            break;
        }
    }
    let all = terms.list;
    let implied = |term: &String| {
        all.iter()
            .any(|other| other.len() > term.len() && other.starts_with(term.as_str()))
    };
    all.iter().filter(|term| !implied(term)).cloned().collect()
}

/// The letters in pieces of [`GRAM`], the last of which ends with the last letter.
fn covering_pieces<'a>(letters: &'a [&'a str]) -> impl Iterator<Item = &'a [&'a str]> {
    let last = letters.len().saturating_sub(GRAM);
    let starts = (0..last).step_by(GRAM).chain([last]);
    starts.map(|start| &letters[start..letters.len().min(start + GRAM)])
}

/// Different words, in order, up to a limit.
struct Words {
    list: Vec<String>,
    seen: HashSet<String>,
    limit: usize,
}

impl Words {
    fn new(limit: usize) -> Self {
        Self {
            list: Vec::new(),
            seen: HashSet::new(),
            limit,
        }
    }

    fn is_full(&self) -> bool {
        self.list.len() >= self.limit
    }

    fn add(&mut self, word: &str) {
        let end = word.char_indices().nth(MAX_WORD_CHARS);
        let word = end.map_or(word, |(end, _)| &word[..end]);
        if !self.is_full() && !self.seen.contains(word) {
            self.seen.insert(word.to_owned());
            self.list.push(word.to_owned());
        }
    }
}

fn indexed_text(text: &str) -> String {
    let mut indexed = without_codes(text);
    for piece in pieces(text) {
        if let Piece::Open(Code::Url, address) = piece {
            indexed.push(' ');
            indexed.push_str(address);
        }
    }
    indexed
}

/// The text in NFKC and in one case, without invisible characters.
fn folded(text: &str) -> String {
    // ASCII has no ignorable or decomposable characters and no special case mappings. Most texts are ASCII, or already in
    // NFKC; normalising every text was a tenth of the cost of sending.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let seen: String = text
        .chars()
        .filter(|letter| !is_ignorable(*letter))
        .collect();
    normalised(normalised(seen).chars().flat_map(fold).collect())
}

fn normalised(text: String) -> String {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text,
        IsNormalized::No | IsNormalized::Maybe => text.nfkc().collect(),
    }
}

/// Full case folding via the upper case, so that `ß` meets `SS` and `ς` meets `σ`.
fn fold(letter: char) -> impl Iterator<Item = char> {
    // The Turkish capital would leave a separate dot behind; `ı` meets `i` via `I`.
    let letter = if letter == 'İ' { 'i' } else { letter };
    letter
        .to_lowercase()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
}

/// A run of a folded text.
enum Run<'a> {
    /// A word, or a part of one between punctuation.
    Word(&'a str),
    /// Letters of a script without spaces, each with its marks.
    Spaceless(Vec<&'a str>),
}

/// The class of a character for splitting into runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Belongs to the character before it.
    Mark,
    Letter,
    Spaceless,
    Separator,
}

impl Kind {
    fn of(character: char) -> Self {
        if character.is_ascii() {
            if character.is_ascii_alphanumeric() {
                Self::Letter
            } else {
                Self::Separator
            }
        } else if is_mark(character) {
            Self::Mark
        } else if is_spaceless(character) && character.is_alphanumeric() {
            Self::Spaceless
        } else if character.is_alphanumeric() {
            Self::Letter
        } else {
            Self::Separator
        }
    }
}

fn runs(folded: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut kind = Kind::Separator;
    for (at, character) in folded.char_indices() {
        let next = Kind::of(character);
        if next != kind && next != Kind::Mark {
            runs.extend(run(&folded[start..at], kind));
            start = at;
            kind = next;
        }
    }
    runs.extend(run(&folded[start..], kind));
    runs
}

fn run(text: &str, kind: Kind) -> Option<Run<'_>> {
    match kind {
        Kind::Letter => Some(Run::Word(text)),
        Kind::Spaceless => Some(Run::Spaceless(letters_with_marks(text))),
        Kind::Mark | Kind::Separator => None,
    }
}

fn letters_with_marks(text: &str) -> Vec<&str> {
    let mut letters = Vec::new();
    let mut start = 0;
    for (at, character) in text.char_indices().skip(1) {
        if !is_mark(character) {
            letters.push(&text[start..at]);
            start = at;
        }
    }
    letters.push(&text[start..]);
    letters
}

/// A combining mark, which belongs to the letter before it: an accent, a vowel sign, a virama.
pub(super) fn is_mark(character: char) -> bool {
    is_combining_mark(character)
}

/// The joiner that combines two signs into one.
pub(super) fn is_joiner(character: char) -> bool {
    character == '\u{200d}'
}

/// Soft hyphens, joiners, directions, variation selectors: nobody types them into a query.
fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// A letter of a script written without spaces between words.
fn is_spaceless(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}'       // Thai, Lao
        | '\u{1000}'..='\u{109f}'   // Burmese
        | '\u{1780}'..='\u{17ff}'   // Khmer
        | '\u{3005}'..='\u{3007}'   // signs that stand for Han
        | '\u{3021}'..='\u{312f}'   // Han numerals, kana, Bopomofo
        | '\u{31a0}'..='\u{31ff}'   // more Bopomofo and kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}' // more Burmese
        | '\u{1b000}'..='\u{1b16f}' // old kana
        | '\u{20000}'..='\u{3ffff}' // rare Han
    )
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
