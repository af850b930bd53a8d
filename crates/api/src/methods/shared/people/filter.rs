//! Conditions on people: `FILTER` of `user.get` and `user.search`.
//!
//! A key is an operator and a field name. Text is compared ignoring letter case. A condition whose value does not fit its field (not
//! a number, date, or `Y`/`N`) matches nobody, and so does one on a field hidden from the caller's scope: answering it would leak the
//! field. Unknown fields are ignored.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use readmark_app::users::look::IdRange;
use readmark_model::text::{search_terms, search_words};

use super::{
    card::Card,
    edit::parse_day,
    field::{self, Field, Kind, Level},
    value::Value,
};
use crate::wire::{self, IntField};

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal to one of the values: `=`, `@` or nothing.
    Equal,
    /// Equal to none of the values: `!`, `!=` or `!@`.
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// Contains one of the values: `%`.
    Contains,
    /// Contains none of the values: `!%`.
    ContainsNot,
    /// Matches one of the values as a pattern with the wildcard `%`: `=%` or `%=`.
    Like,
    /// Matches none of the values as a pattern: `!=%` or `!%=`.
    LikeNot,
}

/// Longer ones first, as some are prefixes of others.
const OPERATORS: [(&str, Operator); 14] = [
    ("!=%", Operator::LikeNot),
    ("!%=", Operator::LikeNot),
    ("!@", Operator::NotEqual),
    ("!%", Operator::ContainsNot),
    ("!=", Operator::NotEqual),
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("=%", Operator::Like),
    ("%=", Operator::Like),
    ("@", Operator::Equal),
    ("%", Operator::Contains),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

/// Splits a key into its optional operator and the field name.
fn split_key(key: &str) -> (Option<Operator>, &str) {
    let key = key.trim();
    for (prefix, operator) in OPERATORS {
        if let Some(name) = key.strip_prefix(prefix) {
            return (Some(operator), name);
        }
    }
    match key.strip_prefix('!') {
        Some(name) => (Some(Operator::NotEqual), name),
        None => (None, key),
    }
}

/// The filtering method: names have another meaning in a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `user.get`
    Get,
    /// `user.search`: names, position and department match by word prefixes, and `FIND` searches all of them and overrides conditions
    /// on any of them.
    Search,
}

/// One condition as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    key: String,
    values: Vec<String>,
}

impl Given {
    /// A key with its value: a scalar, or a list of scalars. Null and nested values are ignored.
    #[must_use]
    pub fn new(key: &str, value: wire::Field<'_>) -> Option<Self> {
        let items = match value.raw()? {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) => vec![text.clone()],
            _ => value.as_list()?.into_iter().filter_map(printed).collect(),
        };
        Some(Self {
            key: key.to_owned(),
            values: items,
        })
    }
}

fn printed(value: wire::Field<'_>) -> Option<String> {
    match value.raw()? {
        serde_json::Value::Bool(flag) => Some(if *flag { "Y" } else { "N" }.to_owned()),
        _ => value.as_text().map(|text| text.into_owned()),
    }
}

/// The fields covered by a search.
const SEARCHED: [&str; 4] = ["NAME", "LAST_NAME", "WORK_POSITION", "UF_DEPARTMENT_NAME"];

/// Conditions that must all be met.
#[derive(Debug)]
pub struct Filter {
    tests: Vec<Test>,
    /// Words of department names, if a condition needs them.
    departments: DepartmentWords,
}

/// The words of each department's name.
type DepartmentWords = HashMap<i64, Vec<String>>;

#[derive(Debug)]
enum Test {
    /// Matches nobody.
    Never,
    /// A field compares with one of the values as the operator says.
    Compare(&'static Field, Operator, Vec<Value>),
    /// A text matches a pattern.
    Pattern(&'static Field, Operator, Vec<String>),
    /// Each of these terms is a prefix of a word in the places.
    Words(Places, Vec<String>),
}

/// Where to search for words.
#[derive(Clone, Copy, Debug)]
struct Places {
    /// In these fields.
    fields: &'static [&'static str],
    /// And in the names of the departments.
    departments: bool,
}

impl Filter {
    /// Parses the conditions for a caller of this level.
    #[must_use]
    pub fn new<'a>(
        given: impl Iterator<Item = &'a Given> + Clone,
        mode: Mode,
        level: Level,
        zone: &TimeZone,
    ) -> Self {
        let is = |given: &Given, name: &str| split_key(&given.key).1.eq_ignore_ascii_case(name);
        let finds = mode == Mode::Search && given.clone().any(|given| is(given, "FIND"));
        let tests = given
            .filter(|given| !finds || !SEARCHED.iter().any(|name| is(given, name)))
            .filter_map(|given| test(given, mode, level, zone))
            .collect();
        Self {
            tests,
            departments: HashMap::new(),
        }
    }

    /// Whether a condition needs the names of departments, to be [provided](Self::know_departments).
    #[must_use]
    pub fn asks_for_departments(&self) -> bool {
        let asks = |test: &Test| matches!(test, Test::Words(places, _) if places.departments);
        self.tests.iter().any(asks)
    }

    /// Provides the names of departments by their ids.
    pub fn know_departments<'a>(&mut self, names: impl IntoIterator<Item = (i64, &'a str)>) {
        let words = names.into_iter().map(|(id, name)| (id, search_words(name)));
        self.departments = words.collect();
    }

    /// Whether a person matches all conditions.
    #[must_use]
    pub fn is_met(&self, card: &Card<'_>) -> bool {
        self.tests
            .iter()
            .all(|test| test.is_met(card, &self.departments))
    }

    /// The range of ids that can match.
    #[must_use]
    pub fn ids(&self) -> IdRange {
        let (mut low, mut high) = (1, i64::MAX);
        for test in &self.tests {
            let Test::Compare(field, operator, values) = test else {
                continue;
            };
            let numbers = values.iter().filter_map(|value| match value {
                Value::Number(number) if field.kind == Kind::Id => Some(*number),
                _ => None,
            });
            let (Some(least), Some(most)) = (numbers.clone().min(), numbers.max()) else {
                continue;
            };
            match operator {
                Operator::Equal => (low, high) = (low.max(least), high.min(most)),
                Operator::Greater => low = low.max(least.saturating_add(1)),
                Operator::AtLeast => low = low.max(least),
                Operator::Less => high = high.min(most.saturating_sub(1)),
                Operator::AtMost => high = high.min(most),
                _ => {}
            }
        }
        low..=high
    }
}

fn test(given: &Given, mode: Mode, level: Level, zone: &TimeZone) -> Option<Test> {
    let (operator, name) = split_key(&given.key);
    if let Some(places) = searched_places(name, mode, operator) {
        return words_test(given, places);
    }
    let field = field::find(name)?;
    if field.level > level {
        return Some(Test::Never);
    }
    let operator = operator.unwrap_or(Operator::Equal);
    Some(match operator {
        Operator::Contains | Operator::ContainsNot | Operator::Like | Operator::LikeNot => {
            let patterns = given.values.iter().map(|value| value.to_lowercase());
            Test::Pattern(field, operator, patterns.collect())
        }
        _ => {
            let read = given
                .values
                .iter()
                .map(|value| read_value(field, value, zone));
            match read.collect() {
                Some(values) => Test::Compare(field, operator, values),
                None => Test::Never,
            }
        }
    })
}

/// Where a key searches for words.
fn searched_places(name: &str, mode: Mode, operator: Option<Operator>) -> Option<Places> {
    const PERSON: &[&str] = &["NAME", "LAST_NAME", "SECOND_NAME", "WORK_POSITION"];
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let places = |fields, departments| {
        Some(Places {
            fields,
            departments,
        })
    };
    if is("NAME_SEARCH") {
        return places(PERSON, true);
    }
    if is("UF_DEPARTMENT_NAME") && operator.is_none() {
        return places(&[], true);
    }
    if mode == Mode::Get || operator.is_some() {
        return None;
    }
    if is("FIND") {
        places(PERSON, true)
    } else if is("NAME") {
        places(&["NAME"], false)
    } else if is("LAST_NAME") {
        places(&["LAST_NAME"], false)
    } else if is("WORK_POSITION") {
        places(&["WORK_POSITION"], false)
    } else {
        None
    }
}

/// An empty query is no condition; one without a letter or digit matches nobody.
fn words_test(given: &Given, places: Places) -> Option<Test> {
    let query = given.values.join(" ");
    if query.trim().is_empty() {
        return None;
    }
    let terms = search_terms(&query);
    Some(if terms.is_empty() {
        Test::Never
    } else {
        Test::Words(places, terms)
    })
}

/// The empty text stands for an empty field.
fn read_value(field: &Field, text: &str, zone: &TimeZone) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Value::Empty);
    }
    let json = serde_json::Value::from(text);
    let wired = wire::Field::from(&json);
    match field.kind {
        Kind::Id | Kind::Departments => match wired.as_int() {
            IntField::Valid(number) => Some(Value::Number(number)),
            _ => None,
        },
        Kind::Flag | Kind::YesNo => wired.as_bool().map(|flag| Value::Number(i64::from(flag))),
        Kind::Time => wire::parse_date(text, zone)
            .or_else(|| wire::parse_date(&parse_day(text, zone)?, zone))
            .map(|at| Value::Number(at.get().div_euclid(1000))),
        Kind::Day => parse_day(text, zone).map(Value::Text),
        Kind::Text | Kind::Picture => Some(Value::Text(text.to_lowercase())),
    }
}

impl Test {
    fn is_met(&self, card: &Card<'_>, departments: &DepartmentWords) -> bool {
        match self {
            Self::Never => false,
            Self::Compare(field, operator, values) => {
                compare(&card.value(field), *operator, values)
            }
            Self::Pattern(field, operator, patterns) => {
                look_like(&card.value(field), *operator, patterns)
            }
            Self::Words(places, terms) => {
                let text: Vec<&str> = places
                    .fields
                    .iter()
                    .filter_map(|name| field::find(name))
                    .map(|field| card.text(field))
                    .collect();
                let own = search_words(&text.join(" "));
                let ids = card
                    .user()
                    .departments
                    .iter()
                    .filter(|_| places.departments);
                let named = ids.filter_map(|id| departments.get(id)).flatten();
                let words: Vec<&String> = own.iter().chain(named).collect();
                let found =
                    |term: &String| words.iter().any(|word| word.starts_with(term.as_str()));
                terms.iter().all(found)
            }
        }
    }
}

fn compare(value: &Value, operator: Operator, with: &[Value]) -> bool {
    // A field with several values matches if one of them does.
    let equal = |other: &Value| match (value, other) {
        (Value::Numbers(numbers), Value::Number(number)) => numbers.contains(number),
        _ => value == other,
    };
    let order = |test: fn(std::cmp::Ordering) -> bool| {
        let ordered = |value: &Value, other: &Value| {
            // An empty field is neither greater nor less than anything.
            *value != Value::Empty && *other != Value::Empty && test(value.cmp(other))
        };
        with.iter().any(|other| match value {
            Value::Numbers(numbers) => numbers
                .iter()
                .any(|number| ordered(&Value::Number(*number), other)),
            _ => ordered(value, other),
        })
    };
    match operator {
        Operator::NotEqual => !with.iter().any(equal),
        Operator::Greater => order(std::cmp::Ordering::is_gt),
        Operator::AtLeast => order(std::cmp::Ordering::is_ge),
        Operator::Less => order(std::cmp::Ordering::is_lt),
        Operator::AtMost => order(std::cmp::Ordering::is_le),
        _ => with.iter().any(equal),
    }
}

fn look_like(value: &Value, operator: Operator, patterns: &[String]) -> bool {
    let texts = match value {
        Value::Empty => vec![String::new()],
        Value::Text(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Numbers(numbers) => numbers.iter().map(i64::to_string).collect(),
    };
    let any = |test: fn(&str, &str) -> bool| {
        let mut pairs = texts
            .iter()
            .flat_map(|text| patterns.iter().map(move |pattern| (text, pattern)));
        pairs.any(|(text, pattern)| test(text, pattern))
    };
    match operator {
        Operator::Contains => any(|text, part| text.contains(part)),
        Operator::ContainsNot => !any(|text, part| text.contains(part)),
        Operator::Like => any(is_like),
        _ => !any(is_like),
    }
}

/// Whether a text matches a pattern, in which `%` stands for anything and every other character for itself.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('%');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
