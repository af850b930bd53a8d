//! Times between which something is searched for.

use readmark_model::Timestamp;
use serde_json::Value;

use crate::{
    portal::context::PortalContext,
    wire::{DateField, Field, Params},
};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Milliseconds of a second, the precision in which clients see times.
const SECOND: i64 = 1000;

/// The parameters of a period, as given: a time without an offset is in the portal's zone, which is not known yet.
#[derive(Clone, Debug)]
pub struct PeriodParams {
    from: Option<Value>,
    to: Option<Value>,
    day: Option<Value>,
}

impl PeriodParams {
    /// Reads the beginning, the end, and the beginning of 24 hours, from the parameters with these names.
    #[must_use]
    pub fn read(params: &Params, [from, to, day]: [&str; 3]) -> Self {
        let date = |name: &str| params.get(name).raw().cloned();
        Self {
            from: date(from),
            to: date(to),
            day: date(day),
        }
    }

    /// The same without a beginning that has no end, or the other way round.
    #[must_use]
    pub fn paired(self) -> Self {
        if [&self.from, &self.to].map(absent).contains(&true) {
            return Self {
                from: None,
                to: None,
                ..self
            };
        }
        self
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        [&self.from, &self.to, &self.day].into_iter().all(absent)
    }

    /// Since and until when. What is no time at all finds nothing: it meant some limit, and no code is documented for it.
    #[must_use]
    pub fn bounds(&self, portal: &PortalContext) -> (Option<Timestamp>, Option<Timestamp>) {
        const NEVER: Timestamp = Timestamp(i64::MAX);
        let read =
            |value: &Option<Value>| match Field::new(value.as_ref()).as_date(&portal.time_zone) {
                DateField::Absent => None,
                DateField::Valid(at) => Some(Some(at.get())),
                DateField::Malformed => Some(None),
            };
        let (from, to, day) = (read(&self.from), read(&self.to), read(&self.day));
        if [from, to, day].contains(&Some(None)) {
            return (Some(NEVER), None);
        }
        let (from, to, day) = (from.flatten(), to.flatten(), day.flatten());
        // A time as clients see it stands for its whole second.
        let end = to.map(|to| {
            to.saturating_sub(to.rem_euclid(SECOND))
                .saturating_add(SECOND)
        });
        let end_of_day = day.map(|day| day.saturating_add(DAY));
        let since = from.into_iter().chain(day).max();
        let until = end.into_iter().chain(end_of_day).min();
        (since.map(Timestamp), until.map(Timestamp))
    }
}

fn absent(value: &Option<Value>) -> bool {
    Field::new(value.as_ref()).is_absent()
}
