//! The value of a field, for comparison and on the wire.

use schemars::JsonSchema;
use serde::Serialize;

/// The value of a field in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum WireValue {
    /// Text, a time, a number as text, or a link; empty where there is none.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// Ids of departments.
    Ids(Vec<i64>),
}

/// The value of a field, for conditions and order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// No value.
    Empty,
    /// A number; a time in seconds since 1970.
    Number(i64),
    /// Text in lower case.
    Text(String),
    /// Several numbers, ascending.
    Numbers(Vec<i64>),
}
