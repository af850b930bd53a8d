//! Shared parts of `imbot.app.register` and `imbot.app.update`.

use readmark_model::chat_app::{Action, AppText};

use crate::{
    content::image::Image,
    contract::{
        method::NoError,
        params::{Given, Ignored, ParamSpec, ParamType, Parameters, ReadCx, Source, Wrong},
    },
    methods::{
        bot_v2::fields::{self, Callback},
        shared::{
            command::{lang_items, lang_text},
            people::edit,
        },
    },
    params,
    wire::Field,
};

/// Minimum width of a page, in pixels.
const MIN_WIDTH: i64 = 250;

/// Minimum height of a page, in pixels.
const MIN_HEIGHT: i64 = 50;

/// Maximum width or height of a page, in pixels.
const MAX_SIDE: i64 = 10_000;

/// Maximum length of `HASH`, in characters.
const MAX_HASH_CHARS: usize = 32;

/// Maximum length of `JS_PARAM`, in characters.
const MAX_PARAM_CHARS: usize = 255;

/// Length of an open channel's code, in characters.
const LINE_CODE_CHARS: usize = 32;

/// Where an application is shown, without the suffix for administrators.
const CONTEXTS: [&str; 6] = ["ALL", "USER", "CHAT", "BOT", "LINES", "CALL"];

/// Suffix of a context that only administrators see.
const FOR_ADMINS: &str = "-admin";

params! {
    /// The parameters of both methods.
    struct AppParams: WrongApp {
        /// `PUT`, `SEND`, `CALL` or `SUPPORT`: the command that the client is given.
        optional js_method: Option<String> = "JS_METHOD", by(fields::name), kind(ParamType::String);
        /// What the command is given: a bot's command, a number, or the code of an open channel.
        optional js_param: Option<String> = "JS_PARAM", lenient;
        /// The `https` address of the page that is shown, where no `JS_METHOD` is given.
        optional iframe: Given<Callback> = "IFRAME", given;
        /// The page's width in pixels, at least 250.
        optional width: i64 = "IFRAME_WIDTH", default(MIN_WIDTH);
        /// The page's height in pixels, at least 50.
        optional height: i64 = "IFRAME_HEIGHT", default(MIN_HEIGHT);
        /// What the page knows its callers by, up to 32 characters.
        optional hash: Option<String> = "HASH", by(fields::text), kind(ParamType::String);
        /// Its icon, in Base64.
        optional icon: Result<Option<Image>, WrongApp> = "ICON_FILE", by(icon), kind(ParamType::String);
        /// Where it is shown: `ALL`, `USER`, `CHAT`, `BOT`, `LINES` or `CALL`, each also with `-admin`.
        optional context: Result<Option<String>, WrongApp> = "CONTEXT", by(context), kind(ParamType::String);
        /// `Y` when it is not shown.
        optional hidden: Option<bool> = "HIDDEN", typed;
        /// `Y` when extranet users see it.
        optional extranet_support: Option<bool> = "EXTRANET_SUPPORT", typed;
        /// `Y` when it works in chats with visitors of a site.
        optional livechat_support: Option<bool> = "LIVECHAT_SUPPORT", typed;
        /// `Y` when its page stays open while its user goes to another chat.
        optional iframe_popup: Option<bool> = "IFRAME_POPUP", typed;
        /// What it is called.
        optional texts: Vec<AppText> = "LANG", by(texts), kind(ParamType::ArrayOf(&ParamType::Members(LangItem::SPEC)));
    }
}

params! {
    /// An item of `LANG`: what an application is called in a language.
    struct LangItem: NoError {
        /// The language, as `en`; an item without one is ignored.
        required _language: Ignored = "LANGUAGE_ID", ignored(ParamType::String);
        /// The title; an item without one is ignored.
        required title: String = "TITLE", by(lang_text), kind(ParamType::String);
        /// What it is for.
        optional description: String = "DESCRIPTION", by(lang_text), kind(ParamType::String);
        /// Whose it is.
        optional copyright: String = "COPYRIGHT", by(lang_text), kind(ParamType::String);
    }
}

/// Invalid parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongApp {
    /// `IFRAME` is not an `https` address.
    NoHttps,
    /// A page without `HASH`, or with one that is too long.
    Hash,
    /// `JS_METHOD` or `CONTEXT` is unknown, or `JS_PARAM` does not fit the method.
    Params,
    /// `ICON_FILE` is not a picture.
    Icon,
}

/// Fields of an application; `None` if not given.
#[derive(Debug, Default)]
pub struct AppFields {
    /// Action.
    pub action: Option<Action>,
    /// Texts in each language; empty if none are given.
    pub texts: Vec<AppText>,
    /// Icon.
    pub icon: Option<Image>,
    /// Context in which it is shown.
    pub context: Option<String>,
    /// Whether it is hidden.
    pub hidden: Option<bool>,
    /// Whether extranet users see it.
    pub extranet_support: Option<bool>,
    /// Whether it works in chats with site visitors.
    pub livechat_support: Option<bool>,
    /// Whether its page stays open while its user goes to another chat.
    pub iframe_popup: Option<bool>,
}

impl Parameters for AppFields {
    type Error = WrongApp;

    const SPEC: &'static [ParamSpec] = AppParams::SPEC;

    /// If both a command and a page are given the command wins.
    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<WrongApp>> {
        let params = AppParams::read(source, cx)?;
        Ok(Self {
            action: match params.js().map_err(Wrong::Own)? {
                Some(action) => Some(action),
                None => params.iframe().map_err(Wrong::Own)?,
            },
            context: params.context.map_err(Wrong::Own)?,
            texts: params.texts,
            icon: params.icon.map_err(Wrong::Own)?,
            hidden: params.hidden,
            extranet_support: params.extranet_support,
            livechat_support: params.livechat_support,
            iframe_popup: params.iframe_popup,
        })
    }
}

impl From<NoError> for WrongApp {
    fn from(never: NoError) -> Self {
        match never {}
    }
}

impl AppFields {
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

    /// The icon as the use cases take it.
    #[must_use]
    pub fn icon(&self) -> Option<(&str, &[u8])> {
        self.icon
            .as_ref()
            .map(|image| (image.media_type, &*image.bytes))
    }
}

impl AppParams {
    fn js(&self) -> Result<Option<Action>, WrongApp> {
        let Some(method) = &self.js_method else {
            return Ok(None);
        };
        let method = method.to_ascii_uppercase();
        let param = self.js_param.as_deref().unwrap_or_default().trim();
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

    fn iframe(&self) -> Result<Option<Action>, WrongApp> {
        let url = match &self.iframe {
            Given::Absent => return Ok(None),
            Given::Malformed => return Err(WrongApp::NoHttps),
            Given::Valid(Callback(url)) => url,
        };
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(WrongApp::NoHttps);
        }
        let hash = self.hash.clone().unwrap_or_default();
        if !(1..=MAX_HASH_CHARS).contains(&hash.chars().count()) {
            return Err(WrongApp::Hash);
        }
        Ok(Some(Action::Iframe {
            url: url.clone(),
            width: self.width.clamp(MIN_WIDTH, MAX_SIDE),
            height: self.height.clamp(MIN_HEIGHT, MAX_SIDE),
            hash,
        }))
    }
}

fn icon(field: Field<'_>, _: &ReadCx<'_>) -> Result<Result<Option<Image>, WrongApp>, NoError> {
    Ok(edit::picture(field).map_err(|_| WrongApp::Icon))
}

/// The context in upper case, its suffix in lower case.
fn context(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Result<Option<String>, WrongApp>, NoError> {
    if field.is_absent() {
        return Ok(Ok(None));
    }
    let given = fields::text(field, cx)?.unwrap_or_default();
    let given = given.to_ascii_lowercase();
    let (place, ending) = match given.strip_suffix(FOR_ADMINS) {
        Some(place) => (place, FOR_ADMINS),
        None => (given.as_str(), ""),
    };
    let known = CONTEXTS
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(place));
    Ok(known
        .map(|known| Some(format!("{known}{ending}")))
        .ok_or(WrongApp::Params))
}

fn texts(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Vec<AppText>, NoError> {
    let items = lang_items::<LangItem>(field, cx).into_iter();
    Ok(items
        .filter(|(_, item)| !item.title.is_empty())
        .map(|(language, item)| AppText {
            language,
            title: item.title,
            description: item.description,
            copyright: item.copyright,
        })
        .collect())
}
