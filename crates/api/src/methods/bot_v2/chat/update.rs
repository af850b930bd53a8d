//! `imbot.v2.Chat.update`: a bot changes title, description, colour and avatar of a chat, all or nothing.
//!
//! What is not given or malformed stays as it is: a blank title, a text that is no colour, an avatar that is no picture. Whoever may
//! not change everything that is given changes nothing. Private chats have nothing of their own to be changed.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::appearance::{self, AppearanceRefusal, Looks},
    file::Picture,
};
use readmark_model::{Scope, color::Color};

use crate::{
    bot_error_set,
    content::image::{self, Image},
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse::{self, DialogParam},
    },
    methods::bot_v2::auth,
    objects::Done,
    wire::{Members, Params},
};

/// See the module.
pub struct ImbotV2ChatUpdate;

/// Parameters.
pub struct UpdateParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    fields: Fields,
}

/// What is to be changed.
struct Fields {
    title: Option<String>,
    description: Option<String>,
    color: Option<Color>,
    avatar: Option<Image>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.update`.
    pub enum BotChatUpdateError {
        /// The bot is not in the chat or has no right to change it, the chat follows an external object or is a private one, or
        /// `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl From<AppearanceRefusal> for BotChatUpdateError {
    fn from(refusal: AppearanceRefusal) -> Self {
        match refusal {
            AppearanceRefusal::NoChat
            | AppearanceRefusal::NotAvailable
            | AppearanceRefusal::NoRight
            | AppearanceRefusal::Fixed
            | AppearanceRefusal::Unchanged => Self::AccessDenied,
        }
    }
}

impl Method for ImbotV2ChatUpdate {
    const NAME: &'static str = "imbot.v2.Chat.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Changes title, description, colour and avatar of a chat as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::DIALOG_ID,
        ParamSpec::required(
            "fields",
            ParamType::Object,
            "`title`, `description`, `color`, `avatar`.",
        ),
    ]];
    type Params = UpdateParams;
    type Output = Done;
    type Error = BotChatUpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, BotChatUpdateError> {
        Ok(UpdateParams {
            claim: auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            fields: Fields::read(params.get("fields").as_map().unwrap_or_default()),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        const DENIED: Refused<BotChatUpdateError> =
            Refused::Because(BotChatUpdateError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        let id = chat::find(app, dialog.id)?.ok_or(DENIED)?;
        appearance::update(app, id, &params.fields.looks())
            .map_err(|refused| refused.map(BotChatUpdateError::from))?;
        Ok(Done::YES.into())
    }
}

impl Fields {
    fn read(fields: Members<'_>) -> Self {
        let text = |name| {
            let text = fields.named(name).as_text()?;
            Some(text.replace('\0', ""))
        };
        Self {
            title: text("title"),
            description: text("description"),
            color: text("color").and_then(|name| Color::from_name(&name)),
            avatar: text("avatar").and_then(|code| image::decode(&code).ok()),
        }
    }

    fn looks(&self) -> Looks<'_> {
        Looks {
            title: self.title.as_deref(),
            description: self.description.as_deref(),
            color: self.color,
            picture: self.avatar.as_ref().map(|image| Picture::Set {
                media_type: image.media_type,
                content: &image.bytes,
            }),
        }
    }
}
