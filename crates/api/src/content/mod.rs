//! What a message carries besides its text: `ATTACH`, `KEYBOARD` and `MENU`; pictures are read in [`image`].
//!
//! Each arrives as JSON or as a string of JSON, in a full or a short form, with numbers that may be strings, and leaves as one
//! canonical value, the [`Document`] that is stored and shown in messages' `params`. A canonical value read again stays the same, so
//! that a bot can send on what it has read.
//!
//! Rules for all three, from the pages "Attachments", "Working with Keyboards" and "Working with Context Menu":
//!
//! - `null` or nothing means "not given"; `N`, `false`, an empty string, list or map remove what is there.
//! - Field names match in any letter case, with or without underscores; unknown fields are dropped. An empty field counts as not
//!   given.
//! - The meaning of a field decides how a wrong value is handled: a missing text, a forbidden link or an invalid id makes the whole
//!   object invalid, while a wrong colour, size or other matter of looks falls back to its default.
//! - Links are `http://…`, `https://…` or a path of the portal. Nothing else, and above all no `javascript:`, is ever stored.
//! - A list may also be a map keyed by item number, which is what a form body turns it into.

mod action;
mod attach;
mod buttons;
mod fields;
mod html;
pub mod image;
mod keyboard;
mod menu;

use std::{borrow::Cow, convert::Infallible};

use readmark_model::Document;
use serde::Serialize;
use serde_json::Value;

use fields::{Malformed, list};

pub use buttons::Buttons;
pub use readmark_model::message_params::Change;

/// Maximum length of an object, in characters of its JSON without blanks: 60,000, both as given and as stored.
///
/// The number is documented for `ATTACH`. For `KEYBOARD` and `MENU` the current pages only say that there is a limit; we use the
/// same. (The outdated `imbot.message.add` says 30 KB for all three.)
pub const MAX_CHARS: usize = 60_000;

/// Maximum nesting of lists and maps in an object; a valid one needs six.
const MAX_DEPTH: usize = 16;

/// Why an object is refused. The texts are the documented ones; the codes differ between methods, so methods choose them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// `ATTACH` is not built as documented.
    #[error("Incorrect attach params")]
    Attach,
    /// `ATTACH` is longer than [`MAX_CHARS`].
    #[error("You have exceeded the maximum allowable size of attach")]
    AttachOversize,
    /// `KEYBOARD` is not built as documented.
    #[error("Incorrect keyboard params")]
    Keyboard,
    /// `KEYBOARD` is longer than [`MAX_CHARS`].
    #[error("You have exceeded the maximum allowable size of keyboard")]
    KeyboardOversize,
    /// `MENU` is not built as documented.
    #[error("Incorrect menu params")]
    Menu,
    /// `MENU` is longer than [`MAX_CHARS`].
    #[error("You have exceeded the maximum allowable size of menu")]
    MenuOversize,
}

impl From<Infallible> for ContentError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Reads `ATTACH`: a list of blocks, one attachment `{ID, COLOR_TOKEN, COLOR, DESCRIPTION, BLOCKS}`, or a list of these,
/// which is also the canonical form.
///
/// # Errors
/// [`ContentError::Attach`], [`ContentError::AttachOversize`].
pub fn attach(given: Option<&Value>) -> Result<Change, ContentError> {
    items(given, attach::attachments)
        .map(Items::into_change)
        .map_err(|refusal| match refusal {
            Refusal::Malformed => ContentError::Attach,
            Refusal::Oversize => ContentError::AttachOversize,
        })
}

/// Why an object is refused, for any of the three.
enum Refusal {
    Malformed,
    Oversize,
}

impl From<Malformed> for Refusal {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

/// A parsed parameter, its items in canonical form.
#[derive(Clone, Debug, PartialEq)]
enum Items {
    Keep,
    Remove,
    /// Not empty.
    Set(Vec<Value>),
}

impl Items {
    fn into_change(self) -> Change {
        match self {
            Self::Keep => Change::Keep,
            Self::Remove => Change::Remove,
            Self::Set(items) => Change::Set(Document::new(Value::Array(items).to_string())),
        }
    }
}

fn items(
    given: Option<&Value>,
    canonical: impl FnOnce(&Value) -> Result<Vec<Value>, Malformed>,
) -> Result<Items, Refusal> {
    let value = match given {
        None | Some(Value::Null) => return Ok(Items::Keep),
        Some(value) => decoded(value)?,
    };
    if is_removal(&value) {
        return Ok(Items::Remove);
    }
    if !fits_depth(&value, MAX_DEPTH) {
        return Err(Refusal::Malformed);
    }
    check_size(&*value)?;
    let items = canonical(&value)?;
    if items.is_empty() {
        return Ok(Items::Remove);
    }
    check_size(&items)?;
    Ok(Items::Set(items))
}

/// The object itself, parsed if it is in a string.
fn decoded(value: &Value) -> Result<Cow<'_, Value>, Malformed> {
    match value {
        Value::String(text) if !is_removal(value) => serde_json::from_str(text)
            .map(Cow::Owned)
            .map_err(|_| Malformed),
        other => Ok(Cow::Borrowed(other)),
    }
}

fn is_removal(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => {
            let text = text.trim();
            let no = ["", "0", "n", "false"];
            no.iter().any(|word| word.eq_ignore_ascii_case(text))
        }
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Array(_) | Value::Object(_) => list(value).is_some_and(|items| items.is_empty()),
        Value::Bool(true) => false,
    }
}

/// Whether lists and maps nest at most `levels` deep.
fn fits_depth(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| fits_depth(item, levels - 1)),
        Value::Object(map) => levels > 0 && map.values().all(|item| fits_depth(item, levels - 1)),
        _ => true,
    }
}

fn check_size(value: &impl Serialize) -> Result<(), Refusal> {
    let mut counter = CharCounter(0);
    match serde_json::to_writer(&mut counter, value) {
        Ok(()) if counter.0 <= MAX_CHARS => Ok(()),
        _ => Err(Refusal::Oversize),
    }
}

/// Counts the characters of UTF-8 text written to it.
struct CharCounter(usize);

impl std::io::Write for CharCounter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let is_continuation = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
        self.0 += bytes.iter().filter(|byte| !is_continuation(byte)).count();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
