//! A person, with the fields of the stored profile.

use std::cell::OnceCell;

use jiff::tz::TimeZone;
use readmark_app::presence::Presence;
use readmark_model::{Timestamp, user::User};
use serde_json::{Map, Value as Json};

use super::{
    field::{Field, Kind, Place},
    value::{Value, WireValue},
};
use crate::{
    objects::link,
    portal::context::PortalContext,
    wire::{format_atom, parse_date},
};

/// A person with readable fields.
#[derive(Debug)]
pub struct Card<'a> {
    user: &'a User,
    /// Parsed on first use: most conditions need no profile fields.
    profile: OnceCell<Map<String, Json>>,
    presence: &'a Presence,
    now: Timestamp,
}

impl<'a> Card<'a> {
    /// The card of a user, as seen now.
    #[must_use]
    pub fn new(user: &'a User, presence: &'a Presence, now: Timestamp) -> Self {
        Self {
            user,
            profile: OnceCell::new(),
            presence,
            now,
        }
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> &'a User {
        self.user
    }

    /// A text field, or the empty text.
    #[must_use]
    pub fn text(&self, field: &Field) -> &str {
        if field.place == Place::Profile {
            return self.further(field.name);
        }
        let user = self.user;
        match field.name {
            "NAME" => &user.name,
            "LAST_NAME" => &user.last_name,
            "EMAIL" => &user.email,
            "TIME_ZONE" => &user.time_zone,
            "PERSONAL_GENDER" => &user.gender,
            "PERSONAL_BIRTHDAY" => &user.birthday,
            "PERSONAL_PHOTO" => &user.avatar,
            "WORK_POSITION" => &user.work_position,
            "USER_TYPE" if user.extranet => "extranet",
            "USER_TYPE" => "employee",
            _ => "",
        }
    }

    /// A field of the profile.
    #[must_use]
    pub fn further(&self, name: &str) -> &str {
        self.profile
            .get_or_init(|| read_profile(&self.user.profile))
            .get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
    }

    /// The field for conditions and order. Times are whole seconds, as in answers.
    #[must_use]
    pub fn value(&self, field: &Field) -> Value {
        match field.kind {
            Kind::Id => Value::Number(self.user.id.get()),
            Kind::Flag => Value::Number(i64::from(self.user.active)),
            Kind::YesNo => Value::Number(i64::from(self.is_online())),
            Kind::Time => self
                .time(field)
                .map_or(Value::Empty, |at| Value::Number(at.get().div_euclid(1000))),
            Kind::Departments => {
                let mut ids = self.user.departments.clone();
                ids.sort_unstable();
                if ids.is_empty() {
                    Value::Empty
                } else {
                    Value::Numbers(ids)
                }
            }
            Kind::Text | Kind::Day | Kind::Picture => match self.text(field) {
                "" => Value::Empty,
                text => Value::Text(text.to_lowercase()),
            },
        }
    }

    /// The field for an answer.
    #[must_use]
    pub fn wire(
        &self,
        field: &Field,
        portal: &PortalContext,
        photo_size: Option<&str>,
    ) -> WireValue {
        let zone = &portal.time_zone;
        WireValue::Text(match field.kind {
            Kind::Id => self.user.id.to_string(),
            Kind::Flag => return WireValue::Flag(self.user.active),
            Kind::Departments => return WireValue::Ids(self.user.departments.clone()),
            Kind::YesNo => if self.is_online() { "Y" } else { "N" }.to_owned(),
            Kind::Time => self
                .time(field)
                .map_or_else(String::new, |at| format_atom(at, zone)),
            Kind::Day => midnight(self.text(field), zone),
            Kind::Picture => resized(link(self.text(field), portal), photo_size),
            Kind::Text => self.text(field).to_owned(),
        })
    }

    fn is_online(&self) -> bool {
        self.presence.is_online(self.user, self.now)
    }

    fn time(&self, field: &Field) -> Option<Timestamp> {
        match field.name {
            "LAST_LOGIN" => self.user.last_login_at,
            "DATE_REGISTER" => Some(self.user.registered_at),
            "TIMESTAMP_X" => Some(self.user.updated_at),
            "LAST_ACTIVITY_DATE" => self.presence.last_active(self.user),
            _ => None,
        }
    }
}

/// The profile as stored. Anything but a JSON object counts as none.
#[must_use]
pub fn read_profile(stored: &str) -> Map<String, Json> {
    match serde_json::from_str(stored) {
        Ok(Json::Object(profile)) => profile,
        _ => Map::new(),
    }
}

/// A day is shown as the time of its start.
fn midnight(day: &str, zone: &TimeZone) -> String {
    parse_date(day, zone).map_or_else(String::new, |at| format_atom(at, zone))
}

fn resized(link: String, size: Option<&str>) -> String {
    match size {
        Some(size) if !link.is_empty() => format!("{link}?size={size}"),
        _ => link,
    }
}
