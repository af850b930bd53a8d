//! What `fields` of `imbot.v2.Bot.register` and `imbot.v2.Bot.update` have in common.

use readmark_app::bot::profile::Profile;
use readmark_model::{bot, color::Color, text::without_nul};
use url::Url;

use crate::{
    content::image::{self, Image, ImageError},
    wire::{Field, Members},
};

/// The longest token, in characters (`imbot.v2.Bot.register`).
pub const MAX_TOKEN_CHARS: usize = 40;

/// The longest name or position, in characters; what is longer is cut.
const MAX_TEXT_CHARS: usize = 255;

/// The longest address that events are sent to, in bytes.
const MAX_URL_BYTES: usize = 2048;

/// `fields.properties`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties {
    name: Option<String>,
    last_name: Option<String>,
    work_position: Option<String>,
    color: Option<Color>,
    gender: Option<&'static str>,
    avatar: Option<Image>,
}

impl Properties {
    /// Reads the properties. A blank name is none; an empty last name or position removes what is there; unknown colours and
    /// genders are ignored.
    ///
    /// # Errors
    /// When there is an avatar that is refused.
    pub fn read(fields: Members<'_>) -> Result<Self, ImageError> {
        let properties = fields.named("properties").as_map().unwrap_or_default();
        let property = |name| text(properties.named(name));
        let avatar = properties.named("avatar");
        let avatar = if avatar.is_absent() {
            None
        } else {
            let code = avatar.as_text().ok_or(ImageError::Type)?;
            Some(image::decode(&code)?)
        };
        Ok(Self {
            name: property("name").filter(|name| !name.is_empty()),
            last_name: property("lastName"),
            work_position: property("workPosition"),
            color: property("color").and_then(|name| Color::from_name(&name)),
            gender: property("gender").and_then(|gender| gender_of(&gender)),
            avatar,
        })
    }

    /// Whether there is a name.
    #[must_use]
    pub fn has_name(&self) -> bool {
        self.name.is_some()
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

/// A text without blanks around it, cut to what is stored; `None` when it is missing, null, a list or a map.
#[must_use]
pub fn text(field: Field<'_>) -> Option<String> {
    let text = field.as_text()?;
    Some(
        without_nul(&text)
            .trim()
            .chars()
            .take(MAX_TEXT_CHARS)
            .collect(),
    )
}

/// A switch; `None` when it is missing, empty or unreadable.
#[must_use]
pub fn switch(field: Field<'_>) -> Option<bool> {
    if field.is_absent() {
        None
    } else {
        field.as_bool()
    }
}

/// The background of a bot's chats; `None` for every name that is none.
#[must_use]
pub fn background(field: Field<'_>) -> Option<&'static str> {
    bot::background(&field.as_text()?)
}

/// It is no address that events can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCallback;

/// The address that events are sent to; `None` when it is missing or blank.
///
/// # Errors
/// When it is no `http` or `https` address with a host, or too long.
pub fn callback(field: Field<'_>) -> Result<Option<String>, InvalidCallback> {
    if field.is_absent() {
        return Ok(None);
    }
    let text = field.as_text().ok_or(InvalidCallback)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // The parser passes over blanks and control characters within an address; here they are mistakes.
    if text.len() > MAX_URL_BYTES || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(InvalidCallback);
    }
    // The parser makes up for slashes that are missing or too many; here they are mistakes.
    let (scheme, rest) = text.split_once("://").ok_or(InvalidCallback)?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host_follows = rest.starts_with(|c: char| c != '/' && c != '\\');
    let url = Url::parse(text).map_err(|_| InvalidCallback)?;
    if web && host_follows && url.has_host() {
        Ok(Some(text.to_owned()))
    } else {
        Err(InvalidCallback)
    }
}

fn gender_of(text: &str) -> Option<&'static str> {
    ["M", "F"].into_iter().find(|gender| *gender == text)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read_callback(value: &Value) -> Result<Option<String>, InvalidCallback> {
        callback(Field::from(value))
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
                Ok(Some(good.to_owned())),
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
            assert_eq!(read_callback(&bad), Err(InvalidCallback), "{bad}");
        }
        for none in [json!(null), json!(""), json!("  ")] {
            assert_eq!(read_callback(&none), Ok(None), "{none}");
        }
    }

    #[test]
    fn properties_tell_what_is_removed_from_what_is_not_given() {
        let value = json!({"properties": {
            "name": " Rex ", "lastName": "", "workPosition": null, "color": "no such", "gender": "X",
        }});
        let properties = Properties::read(Field::from(&value).as_map().unwrap()).unwrap();
        let expected = Properties {
            name: Some("Rex".into()),
            last_name: Some(String::new()),
            ..Properties::default()
        };
        assert_eq!(properties, expected);
    }

    #[test]
    fn texts_lose_nul_and_blanks_and_end_somewhere() {
        let long = "ж".repeat(MAX_TEXT_CHARS + 1);
        assert_eq!(
            text(Field::from(&json!(long))),
            Some("ж".repeat(MAX_TEXT_CHARS))
        );
        assert_eq!(text(Field::from(&json!(" a\0b "))), Some("ab".into()));
        assert_eq!(text(Field::from(&json!({"a": 1}))), None);
    }
}
