//! Changes to the fields of a person, as in `user.add` and `user.update`.

use jiff::{civil::Date, tz::TimeZone};
use readmark_app::{
    Cx,
    file::{self, Picture},
};
use readmark_model::{
    text::without_nul,
    user::{self, User},
};
use readmark_store::StoreError;
use serde_json::Value as Json;

use super::{
    card::read_profile,
    field::{FIELDS, Field, Kind, Place},
};
use crate::{
    content::image::{self, Image},
    contract::params::{ParamSpec, ParamType, Parameters, ReadCx, Source, Wrong},
    wire::{self, IntField},
};

/// Maximum length of a text field, in characters.
pub const MAX_CHARS: usize = 10_000;

/// Number of editable fields.
const EDITABLE: usize = {
    let (mut count, mut at) = (0, 0);
    while at < FIELDS.len() {
        count += FIELDS[at].is_editable() as usize;
        at += 1;
    }
    count
};

/// All editable fields, all optional.
const OPTIONAL: [ParamSpec; EDITABLE] = {
    let mut all = [ParamSpec::optional("", ParamType::String, ""); EDITABLE];
    let (mut filled, mut at) = (0, 0);
    while at < FIELDS.len() {
        let field = &FIELDS[at];
        if field.is_editable() {
            all[filled] = ParamSpec::optional(field.name, param_type(field.kind), field.label);
            filled += 1;
        }
        at += 1;
    }
    all
};

/// The same with `EMAIL` first, which is required for a new person.
const WITH_EMAIL: [ParamSpec; EDITABLE] = {
    let mut all = [ParamSpec::required("EMAIL", ParamType::String, "Email, which nobody else has.");
        EDITABLE];
    let (mut filled, mut at) = (1, 0);
    while at < EDITABLE {
        if !same(OPTIONAL[at].name.as_bytes(), b"EMAIL") {
            all[filled] = OPTIONAL[at];
            filled += 1;
        }
        at += 1;
    }
    assert!(filled == EDITABLE, "EMAIL is one of the fields");
    all
};

/// Compares texts in constants, where `==` is not available.
const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

const fn param_type(kind: Kind) -> ParamType {
    match kind {
        Kind::Id => ParamType::Integer,
        Kind::Flag | Kind::YesNo => ParamType::Boolean,
        Kind::Text => ParamType::String,
        Kind::Time | Kind::Day => ParamType::DateTime,
        Kind::Departments | Kind::Picture => ParamType::Array,
    }
}

/// Why a value cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditError {
    /// Not an email address.
    Email,
    /// Not a picture, or too large.
    Picture,
    /// Anything else.
    Value,
}

/// New values of some fields.
#[derive(Debug, Default)]
pub struct Edit {
    values: Vec<(&'static Field, New)>,
    departments: Option<Vec<i64>>,
}

#[derive(Debug)]
enum New {
    Text(String),
    Flag(bool),
    Picture(Option<Image>),
}

/// The fields of a new person, with the required email.
#[derive(Debug)]
pub struct NewEdit {
    /// The fields.
    pub edit: Edit,
    /// The email, also among the fields.
    pub email: String,
}

impl Parameters for NewEdit {
    type Error = EditError;

    const SPEC: &'static [ParamSpec] = &WITH_EMAIL;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<EditError>> {
        let edit = Edit::read(source, cx)?;
        let email = edit.email().ok_or(Wrong::Own(EditError::Email))?.to_owned();
        Ok(Self { edit, email })
    }
}

impl Parameters for Edit {
    type Error = EditError;

    const SPEC: &'static [ParamSpec] = &OPTIONAL;

    /// Reads the given fields, and returns the error of the first value that cannot be stored. Unknown fields, and those that are not
    /// editable, are ignored.
    fn read(source: Source<'_>, _: &ReadCx<'_>) -> Result<Self, Wrong<EditError>> {
        let mut edit = Self::default();
        for field in FIELDS.iter().filter(|field| field.is_editable()) {
            let value = source.get(field.name);
            if value.raw().is_none_or(Json::is_null) {
                continue;
            }
            if field.kind == Kind::Departments {
                edit.departments = Some(departments(value).map_err(Wrong::Own)?);
            } else {
                edit.values
                    .push((field, read(field, value).map_err(Wrong::Own)?));
            }
        }
        Ok(edit)
    }
}

impl Edit {
    fn email(&self) -> Option<&str> {
        self.values.iter().find_map(|(field, value)| match value {
            New::Text(text) if field.name == "EMAIL" => Some(text.as_str()),
            _ => None,
        })
    }

    /// The new departments.
    #[must_use]
    pub fn departments(&self) -> Option<&[i64]> {
        self.departments.as_deref()
    }

    /// Writes the new values, except the departments, into a user.
    ///
    /// # Errors
    /// If the store fails.
    pub fn apply(&self, cx: &mut Cx<'_>, user: &mut User) -> Result<(), StoreError> {
        let mut profile = read_profile(&user.profile);
        for (field, value) in &self.values {
            let text = match value {
                New::Flag(active) => {
                    user.active = *active;
                    continue;
                }
                New::Text(text) => text.clone(),
                New::Picture(picture) => {
                    let old = match field.place {
                        Place::Profile => profile
                            .get(field.name)
                            .and_then(Json::as_str)
                            .unwrap_or_default(),
                        Place::Column | Place::Computed => &user.avatar,
                    };
                    file::replace(cx, old, stored(picture.as_ref()))?
                }
            };
            if field.place == Place::Profile {
                if text.is_empty() {
                    profile.shift_remove(field.name);
                } else {
                    profile.insert(field.name.to_owned(), Json::String(text));
                }
            } else if let Some(column) = column(user, field.name) {
                *column = text;
            }
        }
        user.profile = Json::Object(profile).to_string();
        Ok(())
    }
}

fn stored(picture: Option<&Image>) -> Picture<'_> {
    picture.map_or(Picture::Remove, |image| Picture::Set {
        media_type: image.media_type,
        content: &image.bytes,
    })
}

fn column<'a>(user: &'a mut User, name: &str) -> Option<&'a mut String> {
    Some(match name {
        "NAME" => &mut user.name,
        "LAST_NAME" => &mut user.last_name,
        "EMAIL" => &mut user.email,
        "TIME_ZONE" => &mut user.time_zone,
        "PERSONAL_GENDER" => &mut user.gender,
        "PERSONAL_BIRTHDAY" => &mut user.birthday,
        "PERSONAL_PHOTO" => &mut user.avatar,
        "WORK_POSITION" => &mut user.work_position,
        _ => return None,
    })
}

fn read(field: &Field, value: wire::Field<'_>) -> Result<New, EditError> {
    match field.kind {
        Kind::Flag => value.as_bool().map(New::Flag).ok_or(EditError::Value),
        Kind::Picture => picture(value).map(New::Picture),
        Kind::Day => day(value).map(New::Text),
        _ => text(field.name, value).map(New::Text),
    }
}

/// Positive ids, without duplicates; an empty list or text means none.
fn departments(value: wire::Field<'_>) -> Result<Vec<i64>, EditError> {
    let list = value.as_id_list().unwrap_or_default();
    if list.malformed > 0 || list.ids.iter().any(|id| *id <= 0) {
        return Err(EditError::Value);
    }
    let mut ids: Vec<i64> = Vec::new();
    for id in list.ids {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// `[name, Base64]`, the Base64 alone, or a file of a multipart form; an empty value removes the picture.
///
/// # Errors
/// [`EditError::Picture`].
pub fn picture(value: wire::Field<'_>) -> Result<Option<Image>, EditError> {
    let picture = if value.file().is_some() {
        value
    } else {
        match value.as_list().unwrap_or_default().as_slice() {
            [] => return Ok(None),
            [code] | [_, code] => *code,
            _ => return Err(EditError::Picture),
        }
    };
    image::read(picture)
        .map(Some)
        .map_err(|_| EditError::Picture)
}

fn day(value: wire::Field<'_>) -> Result<String, EditError> {
    if value.is_absent() {
        return Ok(String::new());
    }
    let text = value.as_text().ok_or(EditError::Value)?;
    parse_day(&text, &TimeZone::UTC).ok_or(EditError::Value)
}

fn text(name: &str, value: wire::Field<'_>) -> Result<String, EditError> {
    let text = value.as_text().ok_or(EditError::Value)?;
    let text = without_nul(text.trim()).into_owned();
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(EditError::Value);
    }
    match name {
        "EMAIL" if !user::is_email(&text) => Err(EditError::Email),
        "EMAIL" => Ok(text.to_lowercase()),
        "PERSONAL_GENDER" => match text.to_ascii_uppercase().as_str() {
            gender @ ("" | "M" | "F") => Ok(gender.to_owned()),
            _ => Err(EditError::Value),
        },
        "TIME_ZONE" if !text.is_empty() && TimeZone::get(&text).is_err() => Err(EditError::Value),
        _ => Ok(text),
    }
}

/// Parses a day as `YYYY-MM-DD`, from this form, `DD.MM.YYYY`, the date part of a time, or seconds since 1970 in `zone`.
#[must_use]
pub fn parse_day(text: &str, zone: &TimeZone) -> Option<String> {
    let text = text.trim();
    let date: Date = if let Some((day, rest)) = text.split_once('.') {
        let (month, year) = rest.split_once('.')?;
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?
    } else if text.get(4..5) == Some("-") {
        // The time may be midnight in any zone: the day as written counts.
        wire::parse_date(text, zone)?;
        text.get(..10)?.parse().ok()?
    } else {
        let at = wire::parse_date(text, zone)?;
        let at = jiff::Timestamp::from_millisecond(at.get()).ok()?;
        zone.to_datetime(at).date()
    };
    (date.year() > 0).then(|| date.to_string())
}

/// Workgroup ids.
///
/// # Errors
/// [`EditError::Value`] if one is not a positive whole number.
pub fn workgroups(value: wire::Field<'_>) -> Result<Vec<i64>, EditError> {
    match value.as_int() {
        IntField::Absent => Ok(Vec::new()),
        _ => departments(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_form() {
        for text in [
            "2001-02-03",
            "03.02.2001",
            "2001-02-03T00:00:00+05:00",
            "2001-02-03 23:59:59",
            "981158400",
        ] {
            assert_eq!(
                parse_day(text, &TimeZone::UTC).as_deref(),
                Some("2001-02-03"),
                "{text}"
            );
        }
        for text in [
            "",
            "2001-02-30",
            "soon",
            "1.2",
            "32.01.2001",
            "2001-02-03T99:00:00",
        ] {
            assert_eq!(parse_day(text, &TimeZone::UTC), None, "{text}");
        }
    }
}
