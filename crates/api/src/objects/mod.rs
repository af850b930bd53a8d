//! Objects shared by the answers of several methods.

pub mod bot;
pub mod chat;
pub mod command;
pub mod event_chat;
pub mod file;
pub mod found;
pub mod message;
pub mod message_params;
pub mod notification;
pub mod recent;
pub mod stream;
pub mod user;
pub mod v2_chat;

use readmark_model::Timestamp;

use crate::{portal::context::PortalContext, wire::format_atom};

/// A time in answers: ATOM, in the portal's zone.
#[must_use]
pub fn date(at: Timestamp, portal: &PortalContext) -> String {
    format_atom(at, &portal.time_zone)
}

/// The link to a file of the portal. Paths are stored without the host, so that a portal may move. Empty stays empty.
#[must_use]
pub fn link(path: &str, portal: &PortalContext) -> String {
    if path.starts_with('/') {
        format!("{}{path}", portal.base_url)
    } else {
        path.to_owned()
    }
}

/// `result` of methods that only do something: `{"result": true}`.
#[derive(Clone, Copy, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Done {
    /// `true`.
    pub result: bool,
}

impl Done {
    /// It is done.
    pub const YES: Self = Self { result: true };
}

/// What is written as `false` where there is none: dates and phones of users.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum OrFalse<T> {
    /// The value.
    Some(T),
    /// `false`.
    None(False),
}

impl<T> OrFalse<T> {
    /// `false`.
    pub const FALSE: Self = Self::None(False);
}

impl<T> From<Option<T>> for OrFalse<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::FALSE, Self::Some)
    }
}

/// Always `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct False;

impl serde::Serialize for False {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }
}

impl schemars::JsonSchema for False {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "False".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": false })
    }
}
