//! What `imbot.app.register` and `imbot.app.update` have in common.

use readmark_model::chat_app::{Action, AppText};

use crate::{
    content::image::Image,
    contract::{
        method::{ParamSpec, ParamType},
        parse,
    },
    methods::{
        bot_v2::fields,
        shared::{
            command::{lang_items, phrase},
            people::edit,
        },
    },
    wire::{Field, IntField, Params},
};

/// The least width of a page, in pixels.
const MIN_WIDTH: i64 = 250;

/// The least height of a page, in pixels.
const MIN_HEIGHT: i64 = 50;

/// The greatest width or height of a page, in pixels.
const MAX_SIDE: i64 = 10_000;

/// The longest `HASH`, in characters.
const MAX_HASH_CHARS: usize = 32;

/// The longest `JS_PARAM`, in characters.
const MAX_PARAM_CHARS: usize = 255;

/// The length of an open channel's code, in characters.
const LINE_CODE_CHARS: usize = 32;

/// What is shown where, without the ending for administrators.
const CONTEXTS: [&str; 6] = ["ALL", "USER", "CHAT", "BOT", "LINES", "CALL"];

/// The ending of a context that only administrators see.
const FOR_ADMINS: &str = "-admin";

/// The parameters of both methods, `first` before them and `CLIENT_ID` behind them.
macro_rules! app_params {
    ($($first:expr),+ $(,)?) => {
        &[
            $($first,)+
            $crate::contract::method::ParamSpec::optional(
                "JS_METHOD",
                $crate::contract::method::ParamType::String,
                "`PUT`, `SEND`, `CALL` or `SUPPORT`: the command that the client is given.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "JS_PARAM",
                $crate::contract::method::ParamType::String,
                "What the command is given: a bot's command, a number, or the code of an open channel.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "IFRAME",
                $crate::contract::method::ParamType::String,
                "The `https` address of the page that is shown, where no `JS_METHOD` is given.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "IFRAME_WIDTH",
                $crate::contract::method::ParamType::Integer,
                "The page's width in pixels, at least 250.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "IFRAME_HEIGHT",
                $crate::contract::method::ParamType::Integer,
                "The page's height in pixels, at least 50.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "HASH",
                $crate::contract::method::ParamType::String,
                "What the page knows its callers by, up to 32 characters.",
            ),
            $crate::methods::bot_v1::app::fields::ICON_FILE,
            $crate::contract::method::ParamSpec::optional(
                "CONTEXT",
                $crate::contract::method::ParamType::String,
                "Where it is shown: `ALL`, `USER`, `CHAT`, `BOT`, `LINES` or `CALL`, each also with `-admin`.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "HIDDEN",
                $crate::contract::method::ParamType::Boolean,
                "`Y` when it is not shown.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "EXTRANET_SUPPORT",
                $crate::contract::method::ParamType::Boolean,
                "`Y` when users from outside see it.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "LIVECHAT_SUPPORT",
                $crate::contract::method::ParamType::Boolean,
                "`Y` when it works in chats with visitors of a site.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "IFRAME_POPUP",
                $crate::contract::method::ParamType::Boolean,
                "`Y` when its page stays open while its user goes to another chat.",
            ),
            $crate::contract::method::ParamSpec::optional(
                "LANG",
                $crate::contract::method::ParamType::Array,
                "What it is called: items with `LANGUAGE_ID`, `TITLE`, `DESCRIPTION`, `COPYRIGHT`.",
            ),
            $crate::methods::bot_v1::auth::CLIENT_ID,
        ]
    };
}
pub(crate) use app_params;

/// `ICON_FILE`.
pub const ICON_FILE: ParamSpec =
    ParamSpec::optional("ICON_FILE", ParamType::String, "Its icon, in Base64.");

/// `APP_ID`.
pub const APP_ID: ParamSpec = ParamSpec::required("APP_ID", ParamType::Integer, "The application.");

/// What is wrong with the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongApp {
    /// `IFRAME` is no `https` address.
    NoHttps,
    /// A page without `HASH`, or one that is too long.
    Hash,
    /// `JS_METHOD` or `CONTEXT` is none of those that there are, or `JS_PARAM` does not fit the method.
    Params,
    /// `ICON_FILE` is no picture.
    Icon,
}

/// What is said about an application; what is `None` was not given.
#[derive(Debug, Default)]
pub struct AppFields {
    /// What it does.
    pub action: Option<Action>,
    /// What it is called; empty when nothing is said.
    pub texts: Vec<AppText>,
    /// Its icon.
    pub icon: Option<Image>,
    /// Where it is shown.
    pub context: Option<String>,
    /// Whether it is not shown.
    pub hidden: Option<bool>,
    /// Whether users from outside see it.
    pub extranet_support: Option<bool>,
    /// Whether it works in chats with visitors of a site.
    pub livechat_support: Option<bool>,
    /// Whether its page stays open while its user goes to another chat.
    pub iframe_popup: Option<bool>,
}

impl AppFields {
    /// Reads the parameters. Where both a command and a page are given the command counts.
    ///
    /// # Errors
    /// [`WrongApp`].
    pub fn read(params: &Params) -> Result<Self, WrongApp> {
        let switch = |name| fields::switch(params.get(name));
        Ok(Self {
            action: match js(params)? {
                Some(action) => Some(action),
                None => iframe(params)?,
            },
            context: context(params.get("CONTEXT"))?,
            texts: texts(params.get("LANG")),
            icon: edit::picture(params.get("ICON_FILE")).map_err(|_| WrongApp::Icon)?,
            hidden: switch("HIDDEN"),
            extranet_support: switch("EXTRANET_SUPPORT"),
            livechat_support: switch("LIVECHAT_SUPPORT"),
            iframe_popup: switch("IFRAME_POPUP"),
        })
    }

    /// Whether nothing was given.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.action.is_none()
            && self.context.is_none()
            && self.texts.is_empty()
            && self.icon.is_none()
            && self.hidden.is_none()
            && self.extranet_support.is_none()
            && self.livechat_support.is_none()
            && self.iframe_popup.is_none()
    }

    /// Its icon as the use cases want it.
    #[must_use]
    pub fn icon(&self) -> Option<(&str, &[u8])> {
        self.icon
            .as_ref()
            .map(|image| (image.media_type, &*image.bytes))
    }
}

fn js(params: &Params) -> Result<Option<Action>, WrongApp> {
    let method = fields::text(params.get("JS_METHOD")).unwrap_or_default();
    if method.is_empty() {
        return Ok(None);
    }
    let method = method.to_ascii_uppercase();
    let param = params.get("JS_PARAM").as_text().unwrap_or_default();
    let param = param.trim();
    let made_of = |others: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || others.contains(letter);
        param.chars().all(known)
    };
    let length = param.chars().count();
    let fits = match method.as_str() {
        "PUT" | "SEND" => made_of("-+_/ "),
        "CALL" => made_of("-+() "),
        "SUPPORT" => made_of("") && length == LINE_CODE_CHARS,
        _ => false,
    };
    if !fits || !(1..=MAX_PARAM_CHARS).contains(&length) {
        return Err(WrongApp::Params);
    }
    Ok(Some(Action::Js {
        method,
        param: param.to_owned(),
    }))
}

fn iframe(params: &Params) -> Result<Option<Action>, WrongApp> {
    let url = fields::callback(params.get("IFRAME")).map_err(|_| WrongApp::NoHttps)?;
    let Some(url) = url else {
        return Ok(None);
    };
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(WrongApp::NoHttps);
    }
    let hash = fields::text(params.get("HASH")).unwrap_or_default();
    if !(1..=MAX_HASH_CHARS).contains(&hash.chars().count()) {
        return Err(WrongApp::Hash);
    }
    let side = |name, least: i64| match params.get(name).as_int() {
        IntField::Valid(side) => side.clamp(least, MAX_SIDE),
        IntField::Absent | IntField::Malformed => least,
    };
    Ok(Some(Action::Iframe {
        url,
        width: side("IFRAME_WIDTH", MIN_WIDTH),
        height: side("IFRAME_HEIGHT", MIN_HEIGHT),
        hash,
    }))
}

/// The context in capital letters, its ending in small ones.
fn context(field: Field<'_>) -> Result<Option<String>, WrongApp> {
    if field.is_absent() {
        return Ok(None);
    }
    let given = fields::text(field).ok_or(WrongApp::Params)?;
    let given = given.to_ascii_lowercase();
    let (place, ending) = match given.strip_suffix(FOR_ADMINS) {
        Some(place) => (place, FOR_ADMINS),
        None => (given.as_str(), ""),
    };
    let known = CONTEXTS
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(place));
    known
        .map(|known| Some(format!("{known}{ending}")))
        .ok_or(WrongApp::Params)
}

fn texts(field: Field<'_>) -> Vec<AppText> {
    lang_items(field)
        .into_iter()
        .filter_map(|(language, item)| {
            let text = |name| phrase(item.any_case(name)).unwrap_or_default();
            let title = text("TITLE");
            (!title.is_empty()).then(|| AppText {
                language,
                title,
                description: text("DESCRIPTION"),
                copyright: text("COPYRIGHT"),
            })
        })
        .collect()
}

/// The number of an application, as [`parse::positive`].
#[must_use]
pub fn app_id(params: &Params) -> Option<i64> {
    parse::positive(params, "APP_ID")
}
