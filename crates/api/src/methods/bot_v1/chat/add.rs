//! `imbot.chat.add`: a bot makes a group chat, as `im.chat.add` of users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    content::image,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    methods::{
        bot_v1::{
            auth,
            call::{self, BotCall},
        },
        im::chat::add::ImChatAdd,
    },
    wire::Params,
};

/// See the module.
pub struct ImbotChatAdd;

bot_v1_error_set! {
    /// Errors of `imbot.chat.add`.
    pub enum BotChatAddError: "Bot was installed by another REST application" {
        /// `USERS` is given and no list.
        InvalidFormat = 400 "INVALID_FORMAT" "Parameter USERS has wrong type",
        /// `AVATAR` is given and no picture of at most 5000 by 5000 pixels in Base64.
        WrongRequest = 400 "WRONG_REQUEST" "Chat can't be created",
    }
}

impl Method for ImbotChatAdd {
    const NAME: &'static str = "imbot.chat.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes a group chat that a bot owns.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "TYPE",
            ParamType::String,
            "`OPEN` for a chat that everybody may join, else `CHAT`.",
        ),
        ParamSpec::optional(
            "TITLE",
            ParamType::String,
            "The title; made of the members' names when left out.",
        ),
        ParamSpec::optional("DESCRIPTION", ParamType::String, "What the chat is for."),
        ParamSpec::optional("COLOR", ParamType::String, "The name of a colour."),
        ParamSpec::optional("MESSAGE", ParamType::String, "The first message."),
        ParamSpec::optional("USERS", ParamType::Array, "The members."),
        ParamSpec::optional(
            "AVATAR",
            ParamType::String,
            "A picture in Base64, of at most 5000 by 5000 pixels.",
        ),
        ParamSpec::optional(
            "ENTITY_TYPE",
            ParamType::String,
            "The kind of an external object that the chat belongs to.",
        ),
        ParamSpec::optional("ENTITY_ID", ParamType::String, "The id of that object."),
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
    ]];
    type Params = BotCall<<ImChatAdd as Method>::Params, BotChatAddError>;
    type Output = i64;
    type Error = BotChatAddError;

    fn parse(
        params: &Params,
        cx: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, BotChatAddError> {
        let own = check(params).and_then(|()| Ok(ImChatAdd::parse(params, cx)?));
        Ok(call::read_with(params, own))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call::run::<ImChatAdd, _>(cx, call)
    }
}

/// What a bot is told of where users are not: its developer wants to know.
fn check(params: &Params) -> Result<(), BotChatAddError> {
    let users = params.get("USERS");
    if !users.is_absent() && !users.is_list() {
        return Err(BotChatAddError::InvalidFormat);
    }
    let avatar = params.get("AVATAR").as_text().unwrap_or_default();
    if !avatar.trim().is_empty() && image::decode(&avatar).is_err() {
        return Err(BotChatAddError::WrongRequest);
    }
    Ok(())
}
