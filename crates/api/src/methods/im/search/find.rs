//! Shared parts of the methods that search for chats and users.

use crate::{
    contract::params::{Given, ParamType, ParamValue, ReadCx},
    wire::Field,
};

/// Minimum length of a phrase, in characters.
const MIN_PHRASE: usize = 2;

/// A trimmed phrase that is long enough to search for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase(pub String);

impl ParamValue for Phrase {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
        match String::read(field, cx) {
            Given::Absent => Given::Absent,
            Given::Malformed => Given::Malformed,
            Given::Valid(text) => {
                let text = text.trim();
                if text.chars().nth(MIN_PHRASE - 1).is_some() {
                    Given::Valid(Self(text.to_owned()))
                } else {
                    Given::Malformed
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_phrase_has_two_characters() {
        let phrase = |value: Value| Phrase::read(Field::from(&value), &ReadCx::utc());
        assert_eq!(phrase(json!(" äb ")), Given::Valid(Phrase("äb".into())));
        assert_eq!(phrase(json!(42)), Given::Valid(Phrase("42".into())));
        for short in [json!(" a "), json!("  "), json!(4), json!(["ab"])] {
            assert_eq!(phrase(short.clone()), Given::Malformed, "{short}");
        }
        assert_eq!(phrase(json!("")), Given::Absent);
    }
}
