//! One parameter, or one value within a parameter, and the ways to read it.
//!
//! Clients differ in how they write the same value (sources: bodies), and form bodies have only texts.
//! So a method never looks at the JSON type but asks for the type that it documents.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::{Map, Number, Value};

use super::{Files, Limits, json, names::same_name, scalar};

/// One value that may be absent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'a> {
    value: Option<&'a Value>,
    files: Option<&'a Files>,
}

/// A field read as a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntField {
    /// Missing, null or an empty text.
    Absent,
    /// The number.
    Valid(i64),
    /// Anything else.
    Malformed,
}

/// A field read as a list of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdList {
    /// The whole numbers in it, in order, whatever their sign.
    pub ids: Vec<i64>,
    /// Number of items that are not whole numbers.
    pub malformed: usize,
}

/// A field read as a list or map, which may also come as JSON text.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonOrText<'a> {
    /// Missing, null or an empty text.
    Absent,
    /// A list or a map.
    Json(Cow<'a, Value>),
    /// A scalar, or a text other than a JSON list or map of bounded depth.
    Text(Cow<'a, str>),
}

impl<'a> From<&'a Value> for Field<'a> {
    fn from(value: &'a Value) -> Self {
        Self::new(Some(value))
    }
}

impl<'a> Field<'a> {
    /// A field with this value, or absent.
    #[must_use]
    pub const fn new(value: Option<&'a Value>) -> Self {
        Self { value, files: None }
    }

    /// The same with the contents of the files in it.
    #[must_use]
    pub(super) const fn with_files(self, files: Option<&'a Files>) -> Self {
        Self { files, ..self }
    }

    /// The contents of the files in the value.
    pub(super) const fn files(self) -> Option<&'a Files> {
        self.files
    }

    /// The content of the file that the value is, as it came in a multipart form; `None` for every other value, also for a file in
    /// Base64, which is a text.
    #[must_use]
    pub fn file(self) -> Option<&'a Bytes> {
        self.files.and_then(Files::content)
    }

    /// What is at a key of the value.
    fn at(self, key: &str, value: &'a Value) -> Self {
        Self::new(Some(value)).with_files(self.files.and_then(|files| files.at(key)))
    }

    /// The item of a list at this index.
    pub(super) fn item(self, index: usize, item: &'a Value) -> Self {
        match self.files {
            Some(_) => self.at(&index.to_string(), item),
            None => Self::from(item),
        }
    }

    /// The raw value; `None` if it is missing.
    #[must_use]
    pub const fn raw(self) -> Option<&'a Value> {
        self.value
    }

    /// Whether nothing was given: missing, null or an empty text.
    #[must_use]
    pub fn is_absent(self) -> bool {
        match self.value {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        }
    }

    /// The value as text, as PHP prints scalars. `None` for missing, null, lists and maps; an empty text is `Some`.
    #[must_use]
    pub fn as_text(self) -> Option<Cow<'a, str>> {
        self.value
            .filter(|value| !value.is_null())
            .and_then(scalar::text)
    }

    /// The value as a whole number: a number, or a decimal text with an optional sign and surrounding blanks. A zero fraction is
    /// allowed, as in `7.0` or `"7.0"`. Booleans, and numbers beyond `i64`, are malformed.
    #[must_use]
    pub fn as_int(self) -> IntField {
        if self.is_absent() {
            return IntField::Absent;
        }
        let number = match self.value {
            Some(Value::Number(number)) => whole_number(number),
            Some(Value::String(text)) => whole_text(text),
            _ => None,
        };
        number.map_or(IntField::Malformed, IntField::Valid)
    }

    /// The value as a boolean: `true`, `Y`, `1` or `false`, `N`, `0`, as text in any letter case; an empty text is `false`. `None`
    /// for missing, null and anything else.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.value? {
            Value::Bool(value) => Some(*value),
            Value::Number(number) => match whole_number(number) {
                Some(1) => Some(true),
                Some(0) => Some(false),
                _ => None,
            },
            Value::String(text) => {
                let is = |spellings: &[&str]| {
                    spellings
                        .iter()
                        .any(|other| text.eq_ignore_ascii_case(other))
                };
                if is(&["Y", "1", "true"]) {
                    Some(true)
                } else if is(&["N", "0", "false", ""]) {
                    Some(false)
                } else {
                    None
                }
            }
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Whether the value is written as a list of numbers, and not as one alone: a list, a map (a form's list is one, keyed by index),
    /// or a text with commas or of JSON.
    #[must_use]
    pub fn is_list(self) -> bool {
        match self.value {
            Some(Value::Array(_) | Value::Object(_)) => true,
            Some(Value::String(text)) => text.contains(',') || json_in(text).is_some(),
            _ => false,
        }
    }

    /// The value as a list: a list, the values of a map, or a single scalar. `[""]` is empty. `None` if absent.
    #[must_use]
    pub fn as_list(self) -> Option<Vec<Field<'a>>> {
        if self.is_absent() {
            return None;
        }
        Some(match self.value? {
            Value::Array(items) if is_empty_list(items) => Vec::new(),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| self.item(index, item)).collect()
            }
            Value::Object(members) => {
                let members = members.iter();
                members.map(|(key, value)| self.at(key, value)).collect()
            }
            scalar => vec![Field::from(scalar)],
        })
    }

    /// The value as a list of whole numbers: anything [`Field::as_list`] accepts, or a text that holds such a list as JSON, or with
    /// commas between its items. `None` if absent.
    #[must_use]
    pub fn as_int_list(self) -> Option<Vec<IntField>> {
        let items = self.as_list()?;
        if let Some(Value::String(text)) = self.value {
            return Some(match json_in(text) {
                Some(list) => Field::from(&list).as_int_list().unwrap_or_default(),
                None => text.split(',').map(int_in).collect(),
            });
        }
        Some(items.into_iter().map(Field::as_int).collect())
    }

    /// The value as a list of ids, as [`Field::as_int_list`]. Null and empty items are skipped. `None` if absent.
    #[must_use]
    pub fn as_id_list(self) -> Option<IdList> {
        self.as_int_list().map(IdList::of)
    }

    /// The value as a map; `[]` and `[""]` are empty maps. `None` if absent or anything else.
    #[must_use]
    pub fn as_map(self) -> Option<Members<'a>> {
        match self.value? {
            Value::Object(members) => Some(Members {
                map: Some(members),
                files: self.files,
            }),
            Value::Array(items) if is_empty_list(items) => Some(Members::default()),
            _ => None,
        }
    }

    /// The value as a list or map, which may also come as JSON text, as `ATTACH` does.
    #[must_use]
    pub fn as_json_or_text(self) -> JsonOrText<'a> {
        let Some(value) = self.value.filter(|_| !self.is_absent()) else {
            return JsonOrText::Absent;
        };
        match scalar::text(value) {
            None => JsonOrText::Json(Cow::Borrowed(value)),
            Some(text) => match json_in(&text) {
                Some(value) => JsonOrText::Json(Cow::Owned(value)),
                None => JsonOrText::Text(text),
            },
        }
    }
}

impl IdList {
    fn of(items: Vec<IntField>) -> Self {
        let mut list = Self::default();
        for item in items {
            match item {
                IntField::Absent => {}
                IntField::Valid(id) => list.ids.push(id),
                IntField::Malformed => list.malformed += 1,
            }
        }
        list
    }
}

/// The members of a map.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Members<'a> {
    map: Option<&'a Map<String, Value>>,
    files: Option<&'a Files>,
}

impl<'a> Members<'a> {
    /// The member with this name, looked up as parameters are: ignoring ASCII letter case and underscores, so that `replyId`,
    /// `reply_id` and `REPLY_ID` are the same; the last one if there are several.
    #[must_use]
    pub fn named(self, name: &str) -> Field<'a> {
        let mut members = self
            .map
            .into_iter()
            .flat_map(|members| members.iter().rev());
        self.field(members.find(|(key, _)| same_name(key, name)))
    }

    /// The member with this name in any ASCII letter case, as the upper-case methods need it; the last one if there are several.
    #[must_use]
    pub fn any_case(self, name: &str) -> Field<'a> {
        let mut members = self
            .map
            .into_iter()
            .flat_map(|members| members.iter().rev());
        self.field(members.find(|(key, _)| key.eq_ignore_ascii_case(name)))
    }

    /// All members, in order.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, Field<'a>)> {
        let members = self.map.into_iter().flat_map(|members| members.iter());
        members.map(move |member| (member.0.as_str(), self.field(Some(member))))
    }

    fn field(self, member: Option<(&'a String, &'a Value)>) -> Field<'a> {
        member.map_or(Field::new(None), |(key, value)| {
            let files = self.files.and_then(|files| files.at(key));
            Field::new(Some(value)).with_files(files)
        })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.map.is_none_or(Map::is_empty)
    }
}

/// `[]`, or `[""]`, the same in a form.
fn is_empty_list(items: &[Value]) -> bool {
    match items {
        [] => true,
        [Value::String(text)] => text.is_empty(),
        _ => false,
    }
}

fn whole_number(number: &Number) -> Option<i64> {
    /// 2^63, the first number beyond `i64`.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if let Some(integer) = number.as_i64() {
        return Some(integer);
    }
    let float = number.as_f64().filter(|_| number.is_f64())?;
    let is_whole = float.fract() == 0.0 && (-BEYOND..BEYOND).contains(&float);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and in range, as just checked"
    )]
    is_whole.then_some(float as i64)
}

fn whole_text(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        Some(_) => return None,
        None => text,
    };
    // Accepts only a sign and digits.
    whole.parse().ok()
}

fn int_in(text: &str) -> IntField {
    let text = text.trim_ascii();
    if text.is_empty() {
        return IntField::Absent;
    }
    whole_text(text).map_or(IntField::Malformed, IntField::Valid)
}

/// The list or map in a text.
fn json_in(text: &str) -> Option<Value> {
    if !text.trim_ascii_start().starts_with(['[', '{']) {
        return None;
    }
    json::parse(text.as_bytes(), Limits::DEFAULT.depth).ok()
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
