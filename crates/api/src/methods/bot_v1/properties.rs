//! Shared parts of `imbot.register` and `imbot.update`: event handlers and profile.

use jiff::tz::TimeZone;
use readmark_app::bot::profile::{Profile, ProfileEdit};
use readmark_model::{bot::StreamEvent, color::Color, user};
use serde_json::Value;

use crate::{
    content::image::Image,
    contract::{
        method::NoError,
        params::{Given, ParamType, ReadCx},
    },
    methods::{
        bot_v2::fields::{self, Callback},
        shared::people::{card::read_profile, edit},
    },
    params,
    wire::Field,
};

/// Maximum length of a bot's code, in characters.
pub const MAX_CODE_CHARS: usize = 255;

/// The profile member with the address of a web page.
const WEBSITE: &str = "PERSONAL_WWW";

params! {
    /// Where events are sent.
    #[derive(Clone, Debug)]
    pub struct Handlers: NoError {
        /// Where all events are sent, in place of the five addresses that follow.
        optional all: Given<Callback> = "EVENT_HANDLER", given;
        /// Where new messages are sent.
        optional message_add: Given<Callback> = "EVENT_MESSAGE_ADD", given;
        /// Where changed messages are sent.
        optional message_update: Given<Callback> = "EVENT_MESSAGE_UPDATE", given;
        /// Where deleted messages are sent.
        optional message_delete: Given<Callback> = "EVENT_MESSAGE_DELETE", given;
        /// Where joining a chat is reported.
        optional welcome: Given<Callback> = "EVENT_WELCOME_MESSAGE", given;
        /// Where unregistering the bot is reported.
        optional bot_delete: Given<Callback> = "EVENT_BOT_DELETE", given;
    }
}

impl Handlers {
    /// The handler of each event.
    pub fn addresses(&self) -> impl Iterator<Item = (StreamEvent, &Given<Callback>)> {
        let own = [
            (StreamEvent::MessageAdd, &self.message_add),
            (StreamEvent::MessageUpdate, &self.message_update),
            (StreamEvent::MessageDelete, &self.message_delete),
            (StreamEvent::JoinChat, &self.welcome),
            (StreamEvent::Delete, &self.bot_delete),
        ];
        own.into_iter().map(|(event, address)| match &self.all {
            Given::Absent => (event, address),
            all => (event, all),
        })
    }
}

/// Invalid `PROPERTIES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongProperties {
    /// `NAME` and `LAST_NAME` are both empty.
    Nameless,
    /// `EMAIL`, `PERSONAL_BIRTHDAY` or `PERSONAL_PHOTO` is invalid.
    Value,
}

params! {
    /// The names of a bot. An empty one takes away what is there where the other one is given, and is none where it stands alone.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Names: WrongProperties {
        /// Its first name; a new bot needs this or `LAST_NAME`.
        optional first: Option<String> = "NAME", by(fields::text), kind(ParamType::String);
        /// Its last name.
        optional last: Option<String> = "LAST_NAME", by(fields::text), kind(ParamType::String);
    }
    check some_name;
}

fn some_name(mut names: Names) -> Result<Names, WrongProperties> {
    match (names.first.as_deref(), names.last.as_deref()) {
        (Some(""), Some("")) => return Err(WrongProperties::Nameless),
        (Some(""), None) => names.first = None,
        (None, Some("")) => names.last = None,
        _ => {}
    }
    Ok(names)
}

params! {
    /// `PROPERTIES`: how a bot looks. Empty texts take away what is there.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct V1Properties: WrongProperties {
        group names: Names;
        /// Its position.
        optional work_position: Option<String> = "WORK_POSITION", by(fields::text), kind(ParamType::String);
        /// The name of a colour; an unknown one is ignored.
        optional color: Option<Color> = "COLOR", lenient;
        /// `M` or `F`; anything else is ignored.
        optional gender: Option<&'static str> = "PERSONAL_GENDER", by(gender), kind(ParamType::String);
        /// Its email, which is nobody else's.
        optional email: Option<String> = "EMAIL", by(email), kind(ParamType::String);
        /// Its birthday.
        optional birthday: Option<String> = "PERSONAL_BIRTHDAY", by(birthday), kind(ParamType::String);
        /// The address of its page.
        optional website: Option<String> = "PERSONAL_WWW", by(fields::text), kind(ParamType::String);
        /// A picture in Base64, of at most 5000 by 5000 pixels.
        optional photo: Option<Image> = "PERSONAL_PHOTO", by(photo), kind(ParamType::String);
    }
}

fn gender(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<&'static str>, NoError> {
    let given = fields::text(field, cx)?.unwrap_or_default();
    Ok(["M", "F"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(&given)))
}

fn email(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<String>, WrongProperties> {
    checked(fields::text(field, cx)?, |email| {
        user::is_email(email).then(|| email.to_lowercase())
    })
}

fn birthday(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<String>, WrongProperties> {
    checked(fields::text(field, cx)?, |day| {
        edit::parse_day(day, &TimeZone::UTC)
    })
}

fn photo(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Image>, WrongProperties> {
    edit::picture(field).map_err(|_| WrongProperties::Value)
}

impl From<NoError> for WrongProperties {
    fn from(never: NoError) -> Self {
        match never {}
    }
}

impl V1Properties {
    /// Whether there is a first or last name.
    #[must_use]
    pub const fn has_name(&self) -> bool {
        self.names.first.is_some() || self.names.last.is_some()
    }

    /// Whether nothing is given that could change anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The profile as the use cases take it.
    #[must_use]
    pub fn as_profile(&self) -> Profile<'_> {
        Profile {
            name: self.names.first.as_deref(),
            last_name: self.names.last.as_deref(),
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

/// A text as stored; an empty one stays empty.
fn checked(
    text: Option<String>,
    check: impl FnOnce(&str) -> Option<String>,
) -> Result<Option<String>, WrongProperties> {
    match text {
        Some(text) if !text.is_empty() => check(&text).map(Some).ok_or(WrongProperties::Value),
        other => Ok(other),
    }
}

/// Sets the address of the web page in a profile; an empty one removes it.
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
    use crate::contract::params::{Parameters, Source, Wrong};

    fn read(value: &Value) -> Result<V1Properties, WrongProperties> {
        let members = Source::Members(Field::from(value).as_map().unwrap());
        V1Properties::read(members, &ReadCx::utc()).map_err(|wrong| match wrong {
            Wrong::Own(error) => error,
            Wrong::Type(error) => panic!("{error:?}"),
        })
    }

    #[test]
    fn an_empty_name_counts_only_beside_another() {
        let names = |value: Value| read(&value).map(|read| (read.names.first, read.names.last));
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
