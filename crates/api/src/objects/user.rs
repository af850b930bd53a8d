//! The user object in its three forms: the classic one in snake_case, the same in camelCase, and the leaner one of `im.v2.*` and
//! `imbot.v2.*`.

use readmark_model::{
    Timestamp, UserKind,
    user::{BotTraits, User},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{OrFalse, date, link};
use crate::portal::context::PortalContext;

/// A time, or `false` if there is none.
pub type DateOrFalse = OrFalse<String>;

macro_rules! classic_user {
    ($(#[$doc:meta])* $name:ident, $case:literal, $bot:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
        #[serde(rename_all = $case)]
        pub struct $name {
            /// The user's id.
            pub id: i64,
            /// Not dismissed.
            pub active: bool,
            /// First and last name.
            pub name: String,
            /// First name.
            pub first_name: String,
            /// Last name.
            pub last_name: String,
            /// Position.
            pub work_position: String,
            /// Colour as `#rrggbb`.
            pub color: String,
            /// Link to the photo, or empty.
            pub avatar: String,
            /// Link to the photo in high resolution, or empty.
            pub avatar_hr: String,
            /// `M`, `F` or empty.
            pub gender: String,
            /// `DD-MM`, or empty.
            pub birthday: String,
            /// An extranet user.
            pub extranet: bool,
            /// From another portal; never here.
            pub network: bool,
            /// A bot.
            pub bot: bool,
            /// From an open channel.
            pub connector: bool,
            /// How the user logs in: `default`, `bot`…
            pub external_auth_id: String,
            /// The chosen status.
            pub status: String,
            /// Since when the user is away from the computer.
            pub idle: DateOrFalse,
            /// When the user last did something.
            pub last_activity_date: DateOrFalse,
            /// Of the mobile app, which there is none of: `false`.
            pub mobile_last_date: DateOrFalse,
            /// Of the desktop app, which there is none of: `false`.
            pub desktop_last_date: DateOrFalse,
            /// Until when the user is absent.
            pub absent: DateOrFalse,
            /// Ids of the departments.
            pub departments: Vec<i64>,
            /// Phone numbers.
            pub phones: OrFalse<Phones>,
            /// What everybody may know of a bot.
            pub bot_data: Option<$bot>,
            /// `user`, `extranet` or `bot`.
            #[serde(rename = "type")]
            pub kind: &'static str,
            /// Web site.
            pub website: String,
            /// Email, or empty.
            pub email: String,
        }

        impl $name {
            /// The object of a user.
            #[must_use]
            pub fn new(user: &User, portal: &PortalContext) -> Self {
                let Common { dates, contact, avatar, birthday } = Common::of(user, portal);
                Self {
                    id: user.id.get(),
                    active: user.active,
                    name: user.full_name(),
                    first_name: user.name.clone(),
                    last_name: user.last_name.clone(),
                    work_position: user.work_position.clone(),
                    color: user.color.clone(),
                    avatar_hr: avatar.clone(),
                    avatar,
                    gender: user.gender.clone(),
                    birthday,
                    extranet: user.extranet,
                    network: false,
                    bot: user.kind == UserKind::Bot,
                    connector: false,
                    external_auth_id: user.external_auth_id.clone(),
                    status: user.status.clone(),
                    idle: dates.idle,
                    last_activity_date: dates.last_activity,
                    mobile_last_date: OrFalse::FALSE,
                    desktop_last_date: OrFalse::FALSE,
                    absent: dates.absent,
                    departments: user.departments.clone(),
                    phones: contact.phones.into(),
                    bot_data: user.bot.as_ref().map($bot::new),
                    kind: kind(user, "user"),
                    website: contact.website,
                    email: user.email.clone(),
                }
            }
        }
    };
}

macro_rules! bot_data {
    ($(#[$doc:meta])* $name:ident, $case:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
        #[serde(rename_all = $case)]
        pub struct $name {
            /// Its code.
            pub code: String,
            /// Its type: `bot`, `supervisor`…
            #[serde(rename = "type")]
            pub kind: String,
            /// The application's id; none is told.
            pub app_id: &'static str,
            /// Whether the contact list leaves it out.
            pub is_hidden: bool,
            /// Whether it serves open channels.
            pub is_support_openline: bool,
            /// The background of its chats.
            pub background_id: Option<String>,
        }

        impl $name {
            fn new(bot: &BotTraits) -> Self {
                Self {
                    code: bot.code.clone(),
                    kind: bot.kind.clone(),
                    app_id: "",
                    is_hidden: bot.hidden,
                    is_support_openline: bot.openline,
                    background_id: bot.background_id.clone(),
                }
            }
        }
    };
}

classic_user! {
    /// The user object of most `im.*` methods.
    ClassicUser, "snake_case", ClassicBotData
}
classic_user! {
    /// The same in camelCase, as in `im.dialog.messages.search`.
    CamelUser, "camelCase", CamelBotData
}
bot_data! {
    /// `bot_data` of a [`ClassicUser`].
    ClassicBotData, "snake_case"
}
bot_data! {
    /// `botData` of a [`CamelUser`].
    CamelBotData, "camelCase"
}

/// Phone numbers; those that are empty are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Phones {
    /// At work.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub work_phone: String,
    /// Mobile.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub personal_mobile: String,
    /// At home.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub personal_phone: String,
    /// Extension within the company.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub inner_phone: String,
}

/// [`Phones`] in camelCase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct V2Phones {
    /// At work.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub work_phone: String,
    /// Mobile.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub personal_mobile: String,
    /// At home.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub personal_phone: String,
    /// Extension within the company.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub inner_phone: String,
}

impl From<Phones> for V2Phones {
    fn from(phones: Phones) -> Self {
        let Phones {
            work_phone,
            personal_mobile,
            personal_phone,
            inner_phone,
        } = phones;
        Self {
            work_phone,
            personal_mobile,
            personal_phone,
            inner_phone,
        }
    }
}

/// The user object of `im.v2.*` and `imbot.v2.*`: without `network`, `botData` and `avatarHr`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct V2User {
    /// The user's id.
    pub id: i64,
    /// Not dismissed.
    pub active: bool,
    /// First and last name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Position.
    pub work_position: String,
    /// Colour as `#rrggbb`.
    pub color: String,
    /// Link to the photo, or empty.
    pub avatar: String,
    /// `M`, `F` or empty.
    pub gender: String,
    /// `DD-MM`, or empty.
    pub birthday: String,
    /// An extranet user.
    pub extranet: bool,
    /// A bot.
    pub bot: bool,
    /// From an open channel.
    pub connector: bool,
    /// How the user logs in: `default`, `bot`…
    pub external_auth_id: String,
    /// The chosen status.
    pub status: String,
    /// Since when the user is away from the computer.
    pub idle: DateOrFalse,
    /// When the user last did something.
    pub last_activity_date: DateOrFalse,
    /// Of the mobile app, which there is none of: `false`.
    pub mobile_last_date: DateOrFalse,
    /// Of the desktop app, which there is none of: `false`.
    pub desktop_last_date: DateOrFalse,
    /// Until when the user is absent.
    pub absent: DateOrFalse,
    /// Ids of the departments.
    pub departments: Vec<i64>,
    /// Phone numbers.
    pub phones: OrFalse<V2Phones>,
    /// Web site.
    pub website: String,
    /// Email, or empty.
    pub email: String,
    /// `employee`, `extranet` or `bot`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

impl V2User {
    /// The object of a user in an answer.
    #[must_use]
    pub fn new(user: &User, portal: &PortalContext) -> Self {
        let Common {
            dates,
            contact,
            avatar,
            birthday,
        } = Common::of(user, portal);
        Self {
            id: user.id.get(),
            active: user.active,
            name: user.full_name(),
            first_name: user.name.clone(),
            last_name: user.last_name.clone(),
            work_position: user.work_position.clone(),
            color: user.color.clone(),
            avatar,
            gender: user.gender.clone(),
            birthday,
            extranet: user.extranet,
            bot: user.kind == UserKind::Bot,
            connector: false,
            external_auth_id: user.external_auth_id.clone(),
            status: user.status.clone(),
            idle: dates.idle,
            last_activity_date: dates.last_activity,
            mobile_last_date: OrFalse::FALSE,
            desktop_last_date: OrFalse::FALSE,
            absent: dates.absent,
            departments: user.departments.clone(),
            phones: contact.phones.map(V2Phones::from).into(),
            website: contact.website,
            email: user.email.clone(),
            kind: kind(user, "employee"),
        }
    }

    /// The object of a user in an event, without presence, which would be out of date when the event is read.
    #[must_use]
    pub fn in_event(user: &User, portal: &PortalContext) -> Self {
        Self {
            idle: OrFalse::FALSE,
            last_activity_date: OrFalse::FALSE,
            ..Self::new(user, portal)
        }
    }
}

/// The type of a user; `insider` is the form's name for an employee.
fn kind(user: &User, insider: &'static str) -> &'static str {
    match (user.kind, user.extranet) {
        (UserKind::Bot, _) => "bot",
        (UserKind::Person, true) => "extranet",
        (UserKind::Person, false) => insider,
    }
}

/// What all forms compute alike.
struct Common {
    dates: Dates,
    contact: Contact,
    avatar: String,
    birthday: String,
}

struct Dates {
    idle: DateOrFalse,
    last_activity: DateOrFalse,
    absent: DateOrFalse,
}

impl Common {
    fn of(user: &User, portal: &PortalContext) -> Self {
        let shown = |at: Option<Timestamp>| at.map(|at| date(at, portal)).into();
        Self {
            dates: Dates {
                idle: shown(user.idle_since),
                last_activity: shown(portal.presence.last_active(user)),
                absent: shown(portal.presence.absent_until(user)),
            },
            contact: Contact::of(&user.profile),
            avatar: link(&user.avatar, portal),
            birthday: day_and_month(&user.birthday),
        }
    }
}

/// The contact details in a profile.
#[derive(Default)]
struct Contact {
    phones: Option<Phones>,
    website: String,
}

impl Contact {
    fn of(profile: &str) -> Self {
        let Ok(Value::Object(profile)) = serde_json::from_str(profile) else {
            return Self::default();
        };
        let text = |name: &str| {
            profile
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let phones = Phones {
            work_phone: text("WORK_PHONE"),
            personal_mobile: text("PERSONAL_MOBILE"),
            personal_phone: text("PERSONAL_PHONE"),
            inner_phone: text("UF_PHONE_INNER"),
        };
        Self {
            phones: (phones != Phones::default()).then_some(phones),
            website: text("PERSONAL_WWW"),
        }
    }
}

/// `YYYY-MM-DD` as `DD-MM`; anything else is empty.
fn day_and_month(birthday: &str) -> String {
    match birthday.split('-').collect::<Vec<_>>()[..] {
        [_, month, day] => format!("{day}-{month}"),
        _ => String::new(),
    }
}

#[cfg(test)]
#[path = "user_tests.rs"]
mod tests;
