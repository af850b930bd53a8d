//! Shared parts of methods that answer a list in pages.

use readmark_app::page::Page;

use crate::{
    contract::{
        method::NoError,
        params::{Given, ParamType, ParamValue, ReadCx},
    },
    params,
    wire::Field,
};

/// Default page size.
const PAGE: i64 = 10;

/// Maximum page size.
const MAX_PAGE: i64 = 50;

params! {
    /// Where a page begins.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct OffsetParams: NoError {
        /// Entries to skip; 0 when left out.
        optional offset: Option<i64> = "OFFSET", typed;
        /// The same as `OFFSET`, as clients send it that follow `next` by themselves; `OFFSET` goes first.
        optional start: i64 = "start", default(0);
    }
}

impl OffsetParams {
    /// The number of entries to skip; 0 for a negative one.
    #[must_use]
    pub fn skipped(&self) -> i64 {
        self.offset.unwrap_or(self.start).max(0)
    }
}

params! {
    /// Which page of a list is wanted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct PageParams: NoError {
        group offset: OffsetParams;
        /// Entries on a page: 10 when left out, 50 at most.
        optional limit: i64 = "LIMIT", limit(PAGE, MAX_PAGE);
    }
}

impl PageParams {
    /// The page.
    #[must_use]
    pub fn page(&self) -> Page {
        let number = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        Page {
            offset: number(self.offset.skipped()),
            limit: number(self.limit),
        }
    }
}

/// Start of a page in a list that need not be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// From this position on, with the total.
    At(usize),
    /// From the beginning, without the total.
    Uncounted,
}

impl ParamValue for Start {
    const TYPE: ParamType = ParamType::Integer;

    /// -1 means no counting, any other negative number the beginning.
    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
        i64::read(field, cx).map(|start| match start {
            -1 => Self::Uncounted,
            start => Self::At(usize::try_from(start).unwrap_or(0)),
        })
    }
}

/// `total` and `next` of a page in a list of `total` entries.
#[must_use]
pub fn totals(page: Page, total: usize) -> (Option<i64>, Option<i64>) {
    let end = page.offset.saturating_add(page.limit);
    let next = i64::try_from(end).ok().filter(|_| end < total);
    (i64::try_from(total).ok(), next)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        contract::params::{Parameters, Source},
        wire::Params,
    };

    fn page(params: Value) -> (usize, usize) {
        let Value::Object(params) = params else {
            panic!("a map is expected")
        };
        let params = Params::new(params);
        let read = PageParams::read(Source::Call(&params), &ReadCx::utc()).unwrap();
        let page = read.page();
        (page.offset, page.limit)
    }

    #[test]
    fn offset_goes_before_start() {
        assert_eq!(page(json!({})), (0, 10));
        assert_eq!(page(json!({"start": 20, "LIMIT": "70"})), (20, 50));
        assert_eq!(page(json!({"start": 20, "OFFSET": 5})), (5, 10));
        assert_eq!(page(json!({"start": 20, "OFFSET": ""})), (20, 10));
        assert_eq!(page(json!({"OFFSET": -3, "LIMIT": 0})), (0, 10));
    }

    #[test]
    fn minus_one_counts_nothing() {
        let start = |value: Value| Start::read(Field::from(&value), &ReadCx::utc());
        assert_eq!(start(json!(-1)), Given::Valid(Start::Uncounted));
        assert_eq!(start(json!("50")), Given::Valid(Start::At(50)));
        assert_eq!(start(json!(-2)), Given::Valid(Start::At(0)));
        assert_eq!(start(json!("x")), Given::Malformed);
        assert_eq!(start(json!(null)), Given::Absent);
    }
}
