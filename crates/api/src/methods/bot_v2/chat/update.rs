//! `imbot.v2.Chat.update`: a bot changes title, description, colour and avatar of a chat, all or nothing.
//!
//! What is missing or malformed stays as it is: a blank title, an invalid colour or avatar. A bot without the right to change
//! everything that is given changes nothing. Private chats have no such properties.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::appearance::{self, AppearanceRefusal, Looks},
    file::Picture,
};
use readmark_model::{DialogId, Scope, color::Color};

use crate::{
    bot_error_set,
    content::image::{self, Image},
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamType, ReadCx},
    },
    methods::bot_v2::auth,
    objects::Done,
    params,
    wire::Field,
};

/// `imbot.v2.Chat.update`.
pub struct ImbotV2ChatUpdate;

params! {
    /// Parameters of `imbot.v2.Chat.update`.
    pub struct UpdateParams: BotChatUpdateError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// The changes; what is left out stays.
        required fields: UpdateFields = "fields", members;
    }
}

params! {
    /// `fields`.
    pub struct UpdateFields: NoError {
        /// The title.
        optional title: Option<String> = "title", by(text), kind(ParamType::String);
        /// What the chat is for.
        optional description: Option<String> = "description", by(text), kind(ParamType::String);
        /// The name of a colour.
        optional color: Option<Color> = "color", lenient;
        /// A picture in Base64, of at most 5000 by 5000 pixels.
        optional avatar: Option<Image> = "avatar", by(avatar), kind(ParamType::String);
    }
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
    type Params = UpdateParams;
    type Output = Done;
    type Error = BotChatUpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        const DENIED: Refused<BotChatUpdateError> =
            Refused::Because(BotChatUpdateError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        let id = chat::find(app, dialog)?.ok_or(DENIED)?;
        appearance::update(app, id, &params.fields.looks())
            .map_err(|refused| refused.map(BotChatUpdateError::from))?;
        Ok(Done::YES.into())
    }
}

impl UpdateFields {
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

fn text(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, NoError> {
    Ok(field.as_text().map(|text| text.replace('\0', "")))
}

fn avatar(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Image>, NoError> {
    Ok(image::read(field).ok())
}
