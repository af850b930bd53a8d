//! What the methods have in common that answer a list page by page.

use readmark_app::page::Page;

use crate::{
    contract::{
        method::{ParamSpec, ParamType},
        parse,
    },
    wire::Params,
};

/// Entries on a page when nothing else is said.
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

/// The page that `OFFSET` and `LIMIT` name.
#[must_use]
pub fn page(params: &Params) -> Page {
    let offset = if params.get("OFFSET").is_absent() {
        "start"
    } else {
        "OFFSET"
    };
    let number = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    Page {
        offset: number(parse::positive(params, offset).unwrap_or(0)),
        limit: number(parse::limit(params, "LIMIT", PAGE, MAX_PAGE)),
    }
}

/// `total` and `next` of a page out of so many entries.
#[must_use]
pub fn totals(page: Page, total: usize) -> (Option<i64>, Option<i64>) {
    let end = page.offset.saturating_add(page.limit);
    let next = i64::try_from(end).ok().filter(|_| end < total);
    (i64::try_from(total).ok(), next)
}
