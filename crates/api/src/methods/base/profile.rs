//! `profile`: basic data of the caller's user, without any scope.

use jiff::tz::TimeZone;
use readmark_app::{Refused, users::look};
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    objects::link,
    wire::EmptyAsList,
};

/// `profile`.
pub struct Profile;

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ProfileOutput {
    /// The caller's user.
    User(Box<ProfileUser>),
    /// Nothing: the user is gone.
    Nobody(EmptyAsList<&'static str, String>),
}

/// The caller's user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct ProfileUser {
    /// The user's id.
    pub id: String,
    /// Administers the portal.
    pub admin: bool,
    /// First name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// `M`, `F` or empty.
    pub personal_gender: String,
    /// Time zone by name, or empty.
    pub time_zone: String,
    /// How far the user's clock is ahead of UTC, in seconds.
    pub time_zone_offset: i32,
    /// Link to the photo.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub personal_photo: String,
}

impl Method for Profile {
    const NAME: &'static str = "profile";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns basic data about the caller's user.";
    type Params = ();
    type Output = ProfileOutput;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let me = cx.app.user;
        let user = match look::get(&mut cx.app, me) {
            Ok(user) => user,
            Err(Refused::Because(_)) => {
                return Ok(ProfileOutput::Nobody(EmptyAsList::default()).into());
            }
            Err(Refused::Interrupted(fault)) => return Err(fault.into()),
        };
        let zone = TimeZone::get(&user.time_zone).unwrap_or_else(|_| cx.portal.time_zone.clone());
        let now = jiff::Timestamp::from_millisecond(cx.app.now.get()).unwrap_or_default();
        Ok(ProfileOutput::User(Box::new(ProfileUser {
            id: user.id.to_string(),
            admin: cx.app.caller.admin,
            personal_photo: link(&user.avatar, cx.portal),
            name: user.name,
            last_name: user.last_name,
            personal_gender: user.gender,
            time_zone: user.time_zone,
            time_zone_offset: zone.to_offset(now).seconds(),
        }))
        .into())
    }
}
