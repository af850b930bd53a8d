//! `imbot.v2.Chat.add`: a bot makes a group chat.
//!
//! What the page leaves open: what is malformed counts as not given, an avatar too. Users who are unknown or dismissed are passed
//! over, and such an owner leaves the bot the owner. Made for another owner, the bot is a manager of the chat, so that it can
//! work in it; the first message is the bot's either way.

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
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::bot_v2::auth,
    objects::{user::V2User, v2_chat::V2Chat},
    wire::{IntField, Members, Params},
};

/// See the module.
pub struct ImbotV2ChatAdd;

/// Parameters.
pub struct AddParams {
    claim: Claim,
    fields: Fields,
}

/// The chat that is wanted.
struct Fields {
    title: String,
    description: String,
    color: Option<Color>,
    avatar: Option<Image>,
    users: Vec<UserId>,
    owner: Option<UserId>,
    message: String,
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
    const SUMMARY: &'static str = "Makes a group chat as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        ParamSpec::optional(
            "fields",
            ParamType::Object,
            "`title`, `description`, `color`, `avatar`, `userIds`, `ownerId`, `message`.",
        ),
    ]];
    type Params = AddParams;
    type Output = NewBotChat;
    type Error = BotChatAddError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AddParams, BotChatAddError> {
        Ok(AddParams {
            claim: auth::claim(params),
            fields: Fields::read(params.get("fields").as_map().unwrap_or_default()),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let id = group::add(app, &params.fields.wish())?;
        let detail = match detail::get(app, DialogId::Chat(id)) {
            Ok(detail) => detail,
            Err(Refused::Fault(fault)) => return Err(fault.into()),
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

impl Fields {
    fn read(fields: Members<'_>) -> Self {
        let text = |name| {
            fields
                .named(name)
                .as_text()
                .map(|text| text.replace('\0', ""))
                .unwrap_or_default()
        };
        Self {
            title: text("title"),
            description: text("description"),
            color: Color::from_name(&text("color")),
            avatar: image::decode(&text("avatar")).ok(),
            users: parse::users_in(fields.named("userIds")),
            owner: match fields.named("ownerId").as_int() {
                IntField::Valid(id) if id > 0 => Some(UserId(id)),
                IntField::Valid(_) | IntField::Absent | IntField::Malformed => None,
            },
            message: text("message"),
        }
    }

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
                .map(|image| (image.media_type, image.bytes.as_slice())),
            owner: self.owner,
            entity: NO_ENTITY,
            users: &self.users,
            message: &self.message,
        }
    }
}
