//! Shared parts of `fields` of the bot methods.

use readmark_app::bot::profile::Profile;
use readmark_model::{BotKind, EventMode, bot, color::Color, text::without_nul};
use url::Url;

use crate::{
    content::image::{self, Image, ImageError},
    contract::{
        method::NoError,
        params::{Given, ParamType, ParamValue, ReadCx},
    },
    params,
    wire::Field,
};

/// Maximum length of a token, in characters (`imbot.v2.Bot.register`).
pub const MAX_TOKEN_CHARS: usize = 40;

/// Maximum length of a name or position, in characters; longer ones are cut.
const MAX_TEXT_CHARS: usize = 255;

/// Maximum length of a handler's address, in bytes.
const MAX_URL_BYTES: usize = 2048;

params! {
    /// `fields.properties`: how a bot looks.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Properties: ImageError {
        /// Its name, without which no bot is registered; a blank one is none.
        optional name: Option<String> = "name", by(name), kind(ParamType::String);
        /// Its last name; an empty one removes what is there.
        optional last_name: Option<String> = "lastName", by(text), kind(ParamType::String);
        /// Its position; an empty one removes what is there.
        optional work_position: Option<String> = "workPosition", by(text), kind(ParamType::String);
        /// The name of a colour; an unknown one is ignored.
        optional color: Option<Color> = "color", lenient;
        /// `M` or `F`; anything else is ignored.
        optional gender: Option<&'static str> = "gender", by(gender), kind(ParamType::String);
        /// A picture in Base64, of at most 5000 by 5000 pixels.
        optional avatar: Option<Image> = "avatar", by(avatar), kind(ParamType::String);
    }
}

impl Properties {
    /// Whether there is a name.
    #[must_use]
    pub fn has_name(&self) -> bool {
        self.name.is_some()
    }

    /// The profile as the use cases take it.
    #[must_use]
    pub fn as_profile(&self) -> Profile<'_> {
        Profile {
            name: self.name.as_deref(),
            last_name: self.last_name.as_deref(),
            work_position: self.work_position.as_deref(),
            color: self.color,
            gender: self.gender,
            email: None,
            birthday: None,
            edit: None,
            avatar: self
                .avatar
                .as_ref()
                .map(|image| (image.media_type, &*image.bytes)),
        }
    }
}

/// A trimmed text, cut to the stored length; `None` if it is missing, null, a list or a map.
pub fn text(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, NoError> {
    Ok(field.as_text().map(|text| {
        without_nul(&text)
            .trim()
            .chars()
            .take(MAX_TEXT_CHARS)
            .collect()
    }))
}

/// The same; `None` also if it is empty.
pub fn name(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<String>, NoError> {
    Ok(text(field, cx)?.filter(|name| !name.is_empty()))
}

fn gender(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<&'static str>, NoError> {
    let given = text(field, cx)?;
    Ok(given.and_then(|text| ["M", "F"].into_iter().find(|gender| *gender == text)))
}

fn avatar(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Image>, ImageError> {
    if field.is_absent() {
        return Ok(None);
    }
    image::read(field).map(Some)
}

/// The background of a bot's chats; `None` for an unknown name.
#[must_use]
pub fn background(field: Field<'_>) -> Option<&'static str> {
    bot::background(&field.as_text()?)
}

/// One of the known words, exactly as documented.
fn word<T>(field: Field<'_>, parse: impl FnOnce(&str) -> Option<T>) -> Given<T> {
    if field.is_absent() {
        return Given::Absent;
    }
    let known = field.as_text().and_then(|word| parse(&word));
    known.map_or(Given::Malformed, Given::Valid)
}

impl ParamValue for BotKind {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        word(field, Self::parse)
    }
}

impl ParamValue for EventMode {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        word(field, Self::parse)
    }
}

/// A handler's address: `http` or `https`, with a host, and not too long. A blank one counts as missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback(pub String);

impl ParamValue for Callback {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        if field.is_absent() {
            return Given::Absent;
        }
        let Some(text) = field.as_text() else {
            return Given::Malformed;
        };
        match text.trim() {
            "" => Given::Absent,
            address if is_callback(address) => Given::Valid(Self(address.to_owned())),
            _ => Given::Malformed,
        }
    }
}

fn is_callback(text: &str) -> bool {
    // The parser accepts blanks and control characters within an address; here they are errors.
    if text.len() > MAX_URL_BYTES || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return false;
    }
    // The parser corrects missing or extra slashes; here they are errors.
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host_follows = rest.starts_with(|c: char| c != '/' && c != '\\');
    web && host_follows && Url::parse(text).is_ok_and(|url| url.has_host())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::contract::params::{Parameters, Source};

    const CX: &ReadCx<'_> = &ReadCx::utc();

    fn read_callback(value: &Value) -> Given<String> {
        Callback::read(Field::from(value), CX).map(|address| address.0)
    }

    #[test]
    fn addresses_are_http_with_a_host() {
        for good in [
            "https://bot.example/handler",
            "HTTP://127.0.0.1:8080/x?y=1",
            "http://[::1]/",
            "https://бот.example/",
        ] {
            assert_eq!(
                read_callback(&json!(good)),
                Given::Valid(good.to_owned()),
                "{good}"
            );
        }
        for bad in [
            json!("bot.example/handler"),
            json!("ftp://bot.example/"),
            json!("javascript:alert(1)"),
            json!("http://"),
            json!("http:bot.example"),
            json!("https:///handler"),
            json!("https://bot.example:99999/"),
            json!("https://bot. example/"),
            json!("https://bot.example/\na"),
            json!(format!("https://bot.example/{}", "a".repeat(MAX_URL_BYTES))),
            json!(["https://bot.example/"]),
            json!(7),
        ] {
            assert_eq!(read_callback(&bad), Given::Malformed, "{bad}");
        }
        for none in [json!(null), json!(""), json!("  ")] {
            assert_eq!(read_callback(&none), Given::Absent, "{none}");
        }
    }

    #[test]
    fn properties_tell_what_is_removed_from_what_is_not_given() {
        let value = json!({
            "name": " Rex ", "lastName": "", "workPosition": null, "color": "no such", "gender": "X",
        });
        let members = Source::Members(Field::from(&value).as_map().unwrap());
        let properties = Properties::read(members, CX).unwrap();
        let expected = Properties {
            name: Some("Rex".into()),
            last_name: Some(String::new()),
            ..Properties::default()
        };
        assert_eq!(properties, expected);
    }

    #[test]
    fn texts_lose_nul_and_blanks_and_end_somewhere() {
        let text = |value: Value| text(Field::from(&value), CX).unwrap();
        let long = "ж".repeat(MAX_TEXT_CHARS + 1);
        assert_eq!(text(json!(long)), Some("ж".repeat(MAX_TEXT_CHARS)));
        assert_eq!(text(json!(" a\0b ")), Some("ab".into()));
        assert_eq!(text(json!({"a": 1})), None);
    }
}
