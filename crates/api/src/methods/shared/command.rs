//! What the methods of slash commands have in common: names, and what a command is called in each language.

use std::collections::BTreeMap;

use readmark_model::{command as rules, command::CommandText, text::without_nul};

use crate::{
    contract::method::{ParamSpec, ParamType},
    wire::{Field, Members},
};

/// `commandId`, as every method of the second generation documents it.
pub const COMMAND_ID: ParamSpec =
    ParamSpec::required("commandId", ParamType::Integer, "The command.");

/// `COMMAND_ID`, as the methods of the first generation document it.
pub const V1_COMMAND_ID: ParamSpec =
    ParamSpec::required("COMMAND_ID", ParamType::Integer, "The command.");

/// The longest title or description of parameters, in characters; what is longer is cut.
const MAX_TEXT_CHARS: usize = 255;

/// In so many languages something can be called; further ones are passed over.
const MAX_LANGUAGES: usize = 50;

/// The longest name of a language.
const MAX_LANGUAGE_CHARS: usize = 10;

/// A name as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Missing, or null.
    Absent,
    /// Blank, or a slash alone.
    Empty,
    /// No text, or one that nobody could call.
    Invalid,
    /// The name, without a slash before it.
    Valid(String),
}

impl Name {
    /// Reads a name.
    #[must_use]
    pub fn read(field: Field<'_>) -> Self {
        if field.raw().is_none_or(serde_json::Value::is_null) {
            return Self::Absent;
        }
        if field.raw().is_some_and(serde_json::Value::is_boolean) {
            return Self::Invalid;
        }
        let Some(text) = field.as_text() else {
            return Self::Invalid;
        };
        if matches!(text.trim(), "" | "/") {
            return Self::Empty;
        }
        rules::name(&text).map_or(Self::Invalid, |name| Self::Valid(name.to_owned()))
    }
}

/// A text without blanks around it, cut to what is stored.
#[must_use]
pub fn phrase(field: Field<'_>) -> Option<String> {
    let text = field.as_text()?;
    let text = without_nul(&text);
    Some(text.trim().chars().take(MAX_TEXT_CHARS).collect())
}

/// The name of a language as it is stored: small letters, digits and dashes; `None` for anything else.
#[must_use]
pub fn language(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase().replace('_', "-");
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let fits = (2..=MAX_LANGUAGE_CHARS).contains(&name.len()) && name.bytes().all(known);
    fits.then_some(name)
}

/// A map of languages and texts, in the order of the languages; an empty text is `None`, what is no language is passed over.
#[must_use]
pub fn translations(field: Field<'_>) -> BTreeMap<String, Option<String>> {
    let members = field.as_map().unwrap_or_default();
    members
        .iter()
        .filter_map(|(name, value)| {
            let phrase = phrase(value).filter(|phrase| !phrase.is_empty());
            Some((language(name)?, phrase))
        })
        .take(MAX_LANGUAGES)
        .collect()
}

/// `title` and `params` of the second generation: what has no title is called nothing.
#[must_use]
pub fn texts(fields: Members<'_>) -> Vec<CommandText> {
    let mut params = translations(fields.named("params"));
    let titles = translations(fields.named("title")).into_iter();
    titles
        .filter_map(|(language, title)| {
            Some(CommandText {
                title: title?,
                params: params.remove(&language).flatten().unwrap_or_default(),
                language,
            })
        })
        .collect()
}

/// The items of `LANG` of the first generation: a list of maps, or one map alone. What has no `LANGUAGE_ID` is passed over; of a
/// language that comes twice the later item counts.
#[must_use]
pub fn lang_items(field: Field<'_>) -> BTreeMap<String, Members<'_>> {
    let whole = field.as_map().unwrap_or_default();
    let items = if whole.any_case("LANGUAGE_ID").is_absent() {
        field.as_list().unwrap_or_default()
    } else {
        vec![field]
    };
    items
        .into_iter()
        .filter_map(|item| {
            let item = item.as_map()?;
            let language = language(&item.any_case("LANGUAGE_ID").as_text()?)?;
            Some((language, item))
        })
        .take(MAX_LANGUAGES)
        .collect()
}

/// `LANG` of commands of the first generation; what has no `TITLE` is passed over.
#[must_use]
pub fn lang_texts(field: Field<'_>) -> Vec<CommandText> {
    lang_items(field)
        .into_iter()
        .filter_map(|(language, item)| {
            let title = phrase(item.any_case("TITLE")).filter(|title| !title.is_empty())?;
            Some(CommandText {
                language,
                title,
                params: phrase(item.any_case("PARAMS")).unwrap_or_default(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn name(value: &Value) -> Name {
        Name::read(Field::from(value))
    }

    fn text(language: &str, title: &str, params: &str) -> CommandText {
        CommandText {
            language: language.into(),
            title: title.into(),
            params: params.into(),
        }
    }

    #[test]
    fn names_are_texts_that_can_be_called() {
        let valid = |name: &str| Name::Valid(name.into());
        assert_eq!(name(&json!("tide")), valid("tide"));
        assert_eq!(name(&json!("/tide")), valid("tide"));
        assert_eq!(name(&json!(42)), valid("42"));
        assert_eq!(name(&json!(null)), Name::Absent);
        assert_eq!(Name::read(Field::new(None)), Name::Absent);
        for empty in [json!(""), json!("  "), json!("/")] {
            assert_eq!(name(&empty), Name::Empty, "{empty}");
        }
        for bad in [
            json!(["tide"]),
            json!({"a": 1}),
            json!(true),
            json!("high tide"),
            json!("a/b"),
        ] {
            assert_eq!(name(&bad), Name::Invalid, "{bad}");
        }
    }

    #[test]
    fn languages_have_short_names_in_small_letters() {
        assert_eq!(language("EN").as_deref(), Some("en"));
        assert_eq!(language(" pt_BR ").as_deref(), Some("pt-br"));
        for bad in ["", "e", "englishlanguage", "e n", "рус", "en\0"] {
            assert_eq!(language(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn parameters_belong_to_titles() {
        let fields = json!({"title": {"en": " Tide ", "de": "", "": "x"}, "params": {"en": "place", "fr": "lieu"}});
        assert_eq!(
            texts(Field::from(&fields).as_map().unwrap()),
            [text("en", "Tide", "place")]
        );
    }

    #[test]
    fn lang_is_a_list_a_map_of_numbers_or_one_item() {
        let item = json!({"LANGUAGE_ID": "EN", "TITLE": "Tide", "PARAMS": "place"});
        for given in [json!([item]), json!({"0": item}), item.clone()] {
            assert_eq!(
                lang_texts(Field::from(&given)),
                [text("en", "Tide", "place")],
                "{given}"
            );
        }
        let twice = json!([item, {"language_id": "en", "title": "Ebb"}, {"LANGUAGE_ID": "de"}, {"TITLE": "x"}, "y"]);
        assert_eq!(lang_texts(Field::from(&twice)), [text("en", "Ebb", "")]);
        for none in [json!(null), json!([]), json!("en"), json!([[]])] {
            assert_eq!(lang_texts(Field::from(&none)), [], "{none}");
        }
    }
}
