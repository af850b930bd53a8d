//! What the methods that search for chats and users have in common.

use readmark_app::find::Slice;

use crate::{
    method::{ParamSpec, ParamType},
    parse,
    wire::Params,
};

/// Characters of the shortest phrase that is searched for.
const MIN_PHRASE: usize = 2;
/// Entries on a page.
const PAGE: i64 = 10;
/// Entries on the largest page.
const MAX_PAGE: i64 = 50;

/// `OFFSET`.
pub const OFFSET: ParamSpec = ParamSpec::optional(
    "OFFSET",
    ParamType::Integer,
    "Entries to be passed over; 0 when left out.",
);

/// `LIMIT`.
pub const LIMIT: ParamSpec = ParamSpec::optional(
    "LIMIT",
    ParamType::Integer,
    "Entries on a page: 10 when left out, 50 at most.",
);

/// `start`.
pub const START: ParamSpec = ParamSpec::optional(
    "start",
    ParamType::Integer,
    "The same as `OFFSET`, as clients send it that follow `next` by themselves; `OFFSET` goes first.",
);

/// A phrase without white space around it; `None` when it is too short.
#[must_use]
pub fn phrase(params: &Params, name: &str) -> Option<String> {
    let text = params.get(name).as_text()?;
    let text = text.trim();
    text.chars()
        .nth(MIN_PHRASE - 1)
        .is_some()
        .then(|| text.to_owned())
}

/// A number of entries as it is answered.
#[must_use]
pub fn count(entries: usize) -> i64 {
    i64::try_from(entries).unwrap_or(i64::MAX)
}

/// Which page is wanted.
#[derive(Clone, Copy, Debug)]
pub struct FindPage {
    offset: i64,
    limit: i64,
}

impl FindPage {
    /// Reads it.
    #[must_use]
    pub fn read(params: &Params) -> Self {
        let offset = if params.get("OFFSET").is_absent() {
            "start"
        } else {
            "OFFSET"
        };
        Self {
            offset: parse::positive(params, offset).unwrap_or(0),
            limit: parse::limit(params, "LIMIT", PAGE, MAX_PAGE),
        }
    }

    /// The part of what is found that is on it.
    #[must_use]
    pub fn slice(self) -> Slice {
        let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        Slice {
            offset: size(self.offset),
            limit: size(self.limit),
        }
    }

    /// Where the next page begins, if there is one.
    #[must_use]
    pub fn next(self, total: usize) -> Option<i64> {
        let next = self.offset.saturating_add(self.limit);
        (next < count(total)).then_some(next)
    }
}
