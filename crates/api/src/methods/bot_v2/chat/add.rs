//! `imbot.v2.Chat.add`: a bot creates a group chat.
//!
//! What the page leaves open: malformed values, including an avatar, count as not given. Unknown or dismissed users are skipped; if
//! the owner is one, the bot stays owner. If another user owns the chat, the bot is a manager, so that it can work in it; the first
//! message is the bot's in either case.

use readmark_app::{
    Refused,
    bot::access::Claim,
    chat::{
        group::{self, Wish},
        people,
    },
    dialog::detail::{self, NoAccess},
    message::show,
};
use readmark_model::{ChatKind, DialogId, Scope, UserId, chat::Entity, color::Color};
use readmark_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    content::image::{self, Image},
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamType, ReadCx},
    },
    methods::{bot_v2::auth, shared::text},
    objects::{user::V2User, v2_chat::V2Chat},
    params,
    wire::Field,
};

/// `imbot.v2.Chat.add`.
pub struct ImbotV2ChatAdd;

params! {
    /// Parameters of `imbot.v2.Chat.add`.
    pub struct AddParams: BotChatAddError {
        group claim: Claim;
        /// The chat.
        optional fields: AddFields = "fields", members;
    }
}

params! {
    /// `fields`: the chat that is wanted.
    pub struct AddFields: NoError {
        /// The title; made of the members' names when left out.
        optional title: String = "title", by(text::plain), kind(ParamType::String);
        /// What the chat is for.
        optional description: String = "description", by(text::plain), kind(ParamType::String);
        /// The name of a colour; chosen when left out.
        optional color: Option<Color> = "color", lenient;
        /// A picture in Base64, of at most 5000 by 5000 pixels.
        optional avatar: Option<Image> = "avatar", by(avatar), kind(ParamType::String);
        /// The members.
        optional users: Vec<UserId> = "userIds", default(Vec::new());
        /// The owner; the bot when left out.
        optional owner: Option<UserId> = "ownerId", typed;
        /// The first message.
        optional message: String = "message", by(text::plain), kind(ParamType::String);
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NewBotChat {
    /// The chat.
    pub chat: V2Chat,
    /// Its members, in the order of ids.
    pub users: Vec<V2User>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.add`.
    pub enum BotChatAddError {
    }
}

impl Method for ImbotV2ChatAdd {
    const NAME: &'static str = "imbot.v2.Chat.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Creates a group chat as a bot.";
    type Params = AddParams;
    type Output = NewBotChat;
    type Error = BotChatAddError;

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let id = group::add(app, &params.fields.wish())?;
        let detail = match detail::get(app, DialogId::Chat(id)) {
            Ok(detail) => detail,
            Err(Refused::Interrupted(fault)) => return Err(fault.into()),
            Err(Refused::Because(NoAccess)) => {
                return Err(StoreError::Decode("a new chat that its maker may not see").into());
            }
        };
        let members = people::list_ids(app, id)?.unwrap_or_default();
        let users = show::users(app, members)?;
        let chat = V2Chat {
            is_new: true,
            ..V2Chat::new(&detail, app.user, cx.portal)
        };
        let users = users.iter().map(|user| V2User::new(user, cx.portal));
        Ok(NewBotChat {
            chat,
            users: users.collect(),
        }
        .into())
    }
}

impl AddFields {
    fn wish(&self) -> Wish<'_> {
        const NO_ENTITY: &Entity = &Entity {
            kind: String::new(),
            id: String::new(),
            data: [String::new(), String::new(), String::new()],
        };
        Wish {
            kind: ChatKind::Group,
            title: &self.title,
            description: &self.description,
            color: self.color,
            avatar: self
                .avatar
                .as_ref()
                .map(|image| (image.media_type, &*image.bytes)),
            owner: self.owner,
            entity: NO_ENTITY,
            users: &self.users,
            message: &self.message,
        }
    }
}

fn avatar(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Image>, NoError> {
    Ok(image::read(field).ok())
}
