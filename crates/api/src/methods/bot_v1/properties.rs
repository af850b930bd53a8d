//! What `imbot.register` and `imbot.update` have in common: where events are sent, and how a bot looks.

use jiff::tz::TimeZone;
use readmark_app::bot::profile::{Profile, ProfileEdit};
use readmark_model::{bot::StreamEvent, color::Color, text::without_nul};
use serde_json::Value;

use crate::{
    content::image::Image,
    methods::{
        bot_v2::fields::{self, InvalidCallback},
        shared::people::{card::read_profile, edit},
    },
    wire::{Field, Members},
};

/// The longest code of a bot, in characters.
pub const MAX_CODE_CHARS: usize = 255;

/// The member of a profile that holds the address of a page.
const WEBSITE: &str = "PERSONAL_WWW";

/// The parameters that say where events are sent, and the events.
pub const HANDLERS: [(&str, StreamEvent); 5] = [
    ("EVENT_MESSAGE_ADD", StreamEvent::MessageAdd),
    ("EVENT_MESSAGE_UPDATE", StreamEvent::MessageUpdate),
    ("EVENT_MESSAGE_DELETE", StreamEvent::MessageDelete),
    ("EVENT_WELCOME_MESSAGE", StreamEvent::JoinChat),
    ("EVENT_BOT_DELETE", StreamEvent::Delete),
];

/// Where an event is sent, as it was given: `None` when it was not.
pub type Address = Result<Option<String>, InvalidCallback>;

/// Where each event is sent, in the order of [`HANDLERS`]. `EVENT_HANDLER` stands for all of them.
pub fn addresses<'a>(
    get: impl Fn(&str) -> Field<'a>,
) -> impl Iterator<Item = (StreamEvent, Address)> {
    let general = fields::callback(get("EVENT_HANDLER"));
    HANDLERS
        .map(|(name, event)| {
            let address = match &general {
                Ok(None) => fields::callback(get(name)),
                given => given.clone(),
            };
            (event, address)
        })
        .into_iter()
}

/// A code without blanks around it; empty when it is missing.
#[must_use]
pub fn code(field: Field<'_>) -> String {
    let text = field.as_text().unwrap_or_default();
    without_nul(&text).trim().to_owned()
}

/// What is wrong with `PROPERTIES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongProperties {
    /// `NAME` and `LAST_NAME` are both empty.
    Nameless,
    /// `EMAIL`, `PERSONAL_BIRTHDAY` or `PERSONAL_PHOTO` is none.
    Value,
}

/// `PROPERTIES`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct V1Properties {
    name: Option<String>,
    last_name: Option<String>,
    work_position: Option<String>,
    color: Option<Color>,
    gender: Option<&'static str>,
    email: Option<String>,
    birthday: Option<String>,
    website: Option<String>,
    photo: Option<Image>,
}

impl V1Properties {
    /// Reads the properties. Of the two names an empty one takes away what is there where the other one is given, and is none
    /// where it stands alone; other empty texts take away what is there. Unknown colours and genders are passed over.
    ///
    /// # Errors
    /// [`WrongProperties`].
    pub fn read(properties: Members<'_>) -> Result<Self, WrongProperties> {
        let text = |name| fields::text(properties.any_case(name));
        let (mut name, mut last_name) = (text("NAME"), text("LAST_NAME"));
        match (name.as_deref(), last_name.as_deref()) {
            (Some(""), Some("")) => return Err(WrongProperties::Nameless),
            (Some(""), None) => name = None,
            (None, Some("")) => last_name = None,
            _ => {}
        }
        let photo = edit::picture(properties.any_case("PERSONAL_PHOTO"));
        Ok(Self {
            name,
            last_name,
            work_position: text("WORK_POSITION"),
            color: text("COLOR").and_then(|name| Color::from_name(&name)),
            gender: text("PERSONAL_GENDER").and_then(|gender| {
                ["M", "F"]
                    .into_iter()
                    .find(|known| known.eq_ignore_ascii_case(&gender))
            }),
            email: checked(text("EMAIL"), |email| {
                edit::is_email(email).then(|| email.to_lowercase())
            })?,
            birthday: checked(text("PERSONAL_BIRTHDAY"), |day| {
                edit::parse_day(day, &TimeZone::UTC)
            })?,
            website: text("PERSONAL_WWW"),
            photo: photo.map_err(|_| WrongProperties::Value)?,
        })
    }

    /// Whether there is a first or last name.
    #[must_use]
    pub const fn has_name(&self) -> bool {
        self.name.is_some() || self.last_name.is_some()
    }

    /// Whether nothing is given that could change anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the use cases want.
    #[must_use]
    pub fn as_profile(&self) -> Profile<'_> {
        Profile {
            name: self.name.as_deref(),
            last_name: self.last_name.as_deref(),
            work_position: self.work_position.as_deref(),
            color: self.color,
            gender: self.gender,
            email: self.email.as_deref(),
            birthday: self.birthday.as_deref(),
            edit: self.website.as_deref().map(|value| ProfileEdit {
                value,
                write: write_website,
            }),
            avatar: self
                .photo
                .as_ref()
                .map(|image| (image.media_type, &*image.bytes)),
        }
    }
}

/// A text as it is stored; an empty one stays empty.
fn checked(
    text: Option<String>,
    check: impl FnOnce(&str) -> Option<String>,
) -> Result<Option<String>, WrongProperties> {
    match text {
        Some(text) if !text.is_empty() => check(&text).map(Some).ok_or(WrongProperties::Value),
        other => Ok(other),
    }
}

/// A profile with another address of a page; an empty one takes it away.
fn write_website(profile: &str, website: &str) -> String {
    let mut profile = read_profile(profile);
    if website.is_empty() {
        profile.shift_remove(WEBSITE);
    } else {
        profile.insert(WEBSITE.to_owned(), Value::from(website));
    }
    Value::Object(profile).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Result<V1Properties, WrongProperties> {
        V1Properties::read(Field::from(value).as_map().unwrap())
    }

    #[test]
    fn an_empty_name_counts_only_beside_another() {
        let names = |value: Value| read(&value).map(|read| (read.name, read.last_name));
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(names(json!({"NAME": "Rex"})), Ok((some("Rex"), None)));
        assert_eq!(
            names(json!({"NAME": " ", "LAST_NAME": "Rex"})),
            Ok((some(""), some("Rex")))
        );
        assert_eq!(names(json!({"NAME": ""})), Ok((None, None)));
        assert_eq!(names(json!({"last_name": ""})), Ok((None, None)));
        assert_eq!(
            names(json!({"NAME": "", "LAST_NAME": " "})),
            Err(WrongProperties::Nameless)
        );
    }

    #[test]
    fn what_cannot_be_stored_is_wrong_and_matters_of_looks_are_not() {
        for wrong in [
            json!({"EMAIL": "nobody"}),
            json!({"PERSONAL_BIRTHDAY": "2020-13-40"}),
            json!({"PERSONAL_PHOTO": "no picture"}),
        ] {
            assert_eq!(read(&wrong), Err(WrongProperties::Value), "{wrong}");
        }
        let odd = read(&json!({"COLOR": "plaid", "PERSONAL_GENDER": "X", "UNKNOWN": 1})).unwrap();
        assert!(odd.is_empty());
    }

    #[test]
    fn the_address_of_a_page_is_put_into_the_profile_and_taken_out() {
        let with = write_website(r#"{"XML_ID":"7"}"#, "https://rex.example");
        assert_eq!(
            with,
            r#"{"XML_ID":"7","PERSONAL_WWW":"https://rex.example"}"#
        );
        assert_eq!(write_website(&with, ""), r#"{"XML_ID":"7"}"#);
        assert_eq!(write_website("nonsense", ""), "{}");
    }
}
