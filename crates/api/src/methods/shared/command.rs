//! Shared parts of the slash command methods: names, and texts in each language.

use std::collections::BTreeMap;

use readmark_app::command::change::Wording;
use readmark_model::command::CommandText;
use readmark_model::{command as rules, text::without_nul};

use crate::{
    contract::{
        method::NoError,
        params::{Given, Ignored, ParamType, ParamValue, Parameters, ReadCx, Source},
    },
    params,
    wire::Field,
};

/// Maximum length of a title or parameter description, in characters; longer ones are cut.
const MAX_TEXT_CHARS: usize = 255;

/// Maximum number of languages; further ones are ignored.
const MAX_LANGUAGES: usize = 50;

/// Maximum length of a language's name, in characters.
const MAX_LANGUAGE_CHARS: usize = 10;

/// A name as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Missing or null.
    Absent,
    /// Blank, or a slash alone.
    Empty,
    /// Not a text, or one that nobody could call.
    Invalid,
    /// The name, without a leading slash.
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

/// Any value is a name of one of these kinds.
impl ParamValue for Name {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        Given::Valid(Self::read(field))
    }
}

/// A trimmed text, cut to the stored length.
fn phrase(field: Field<'_>) -> Option<String> {
    let text = field.as_text()?;
    let text = without_nul(&text);
    Some(text.trim().chars().take(MAX_TEXT_CHARS).collect())
}

/// A text of a `LANG` item; empty if missing.
pub fn lang_text(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, NoError> {
    Ok(phrase(field).unwrap_or_default())
}

/// The name of a language as stored: lower-case letters, digits and dashes; `None` for anything else.
fn language(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase().replace('_', "-");
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let fits = (2..=MAX_LANGUAGE_CHARS).contains(&name.len()) && name.bytes().all(known);
    fits.then_some(name)
}

params! {
    /// What a command is called, in the second generation.
    #[derive(Clone, Debug)]
    pub struct Translations: NoError {
        /// Its title: a map of languages, as `en`, and texts; null or an empty text removes it. A command that is not hidden needs one in some
        /// language.
        optional title: BTreeMap<String, Option<String>> = "title", by(translations), kind(ParamType::Object);
        /// What its parameters are: a map of languages and texts, as `title`. Languages that `title` does not have are ignored.
        optional params: BTreeMap<String, Option<String>> = "params", by(translations), kind(ParamType::Object);
    }
}

/// A map of languages to texts, ordered by language; an empty text is `None`, an invalid language is ignored.
fn translations(
    field: Field<'_>,
    _: &ReadCx<'_>,
) -> Result<BTreeMap<String, Option<String>>, NoError> {
    let members = field.as_map().unwrap_or_default();
    Ok(members
        .iter()
        .filter_map(|(name, value)| {
            let phrase = phrase(value).filter(|phrase| !phrase.is_empty());
            Some((language(name)?, phrase))
        })
        .take(MAX_LANGUAGES)
        .collect())
}

impl Translations {
    /// Whether there is a title in any language.
    #[must_use]
    pub fn has_title(&self) -> bool {
        self.title.values().any(Option::is_some)
    }

    /// The texts of a new command; languages without a title are left out.
    #[must_use]
    pub fn texts(&self) -> Vec<CommandText> {
        self.title
            .iter()
            .filter_map(|(language, title)| {
                let params = self.params.get(language).cloned().flatten();
                Some(CommandText {
                    language: language.clone(),
                    title: title.clone()?,
                    params: params.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The changes to a command's texts: without a title a language is removed, parameters not given stay.
    #[must_use]
    pub fn wordings(&self) -> Vec<Wording> {
        self.title
            .iter()
            .map(|(language, title)| Wording {
                language: language.clone(),
                title: title.clone(),
                params: self
                    .params
                    .get(language)
                    .map(|params| params.clone().unwrap_or_default()),
            })
            .collect()
    }
}

params! {
    /// An item of `LANG`: what a command is called in a language, in the first generation.
    pub struct LangItem: NoError {
        /// The language, as `en`; an item without one is ignored.
        required _language: Ignored = "LANGUAGE_ID", ignored(ParamType::String);
        /// The title; an item without one is ignored.
        required title: String = "TITLE", by(lang_text), kind(ParamType::String);
        /// What its parameters are.
        optional params: String = "PARAMS", by(lang_text), kind(ParamType::String);
    }
}

/// Type of a command's `LANG`.
pub const LANG: ParamType = ParamType::ArrayOf(&ParamType::Members(LangItem::SPEC));

/// A command's `LANG`; items without `TITLE` are ignored.
pub fn lang_texts(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Vec<CommandText>, NoError> {
    let items = lang_items::<LangItem>(field, cx).into_iter();
    Ok(items
        .filter(|(_, item)| !item.title.is_empty())
        .map(|(language, item)| CommandText {
            language,
            title: item.title,
            params: item.params,
        })
        .collect())
}

/// The first-generation `LANG`: a list of maps, or a single map. Items without `LANGUAGE_ID` are ignored; of several items for one
/// language the last wins.
/// An item has texts only, none of which is ever refused.
pub fn lang_items<T: Parameters<Error = NoError>>(
    field: Field<'_>,
    cx: &ReadCx<'_>,
) -> BTreeMap<String, T> {
    const LANGUAGE_ID: &str = "LANGUAGE_ID";
    let whole = field.as_map().unwrap_or_default();
    let items = if whole.named(LANGUAGE_ID).is_absent() {
        field.as_list().unwrap_or_default()
    } else {
        vec![field]
    };
    items
        .into_iter()
        .filter_map(|item| {
            let item = item.as_map()?;
            let language = language(&item.named(LANGUAGE_ID).as_text()?)?;
            Some((language, item))
        })
        .take(MAX_LANGUAGES)
        .filter_map(|(language, item)| Some((language, T::read(Source::Members(item), cx).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const CX: &ReadCx<'_> = &ReadCx::utc();

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
        let members = Source::Members(Field::from(&fields).as_map().unwrap());
        let translations = Translations::read(members, CX).unwrap();
        assert!(translations.has_title());
        assert_eq!(translations.texts(), [text("en", "Tide", "place")]);
        let wording = |language: &str, title: Option<&str>, params: Option<&str>| Wording {
            language: language.into(),
            title: title.map(Into::into),
            params: params.map(Into::into),
        };
        assert_eq!(
            translations.wordings(),
            [
                wording("de", None, None),
                wording("en", Some("Tide"), Some("place"))
            ]
        );
    }

    #[test]
    fn lang_is_a_list_a_map_of_numbers_or_one_item() {
        let item = json!({"LANGUAGE_ID": "EN", "TITLE": "Tide", "PARAMS": "place"});
        for given in [json!([item]), json!({"0": item}), item.clone()] {
            assert_eq!(
                lang_texts(Field::from(&given), CX).unwrap(),
                [text("en", "Tide", "place")],
                "{given}"
            );
        }
        let twice = json!([item, {"language_id": "en", "title": "Ebb"}, {"LANGUAGE_ID": "de"}, {"TITLE": "x"}, "y"]);
        let texts = |value: &Value| lang_texts(Field::from(value), CX).unwrap();
        assert_eq!(texts(&twice), [text("en", "Ebb", "")]);
        for none in [json!(null), json!([]), json!("en"), json!([[]])] {
            assert_eq!(texts(&none), [], "{none}");
        }
    }
}
