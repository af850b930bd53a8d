//! `imbot.chat.add`: a bot creates a group chat, as `im.chat.add` for users.

use readmark_model::{Scope, UserId};

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Given, ParamSpec, ParamValue, Parameters, ReadCx, Source, Wrong},
    },
    methods::{
        bot_v1::call::ForBot,
        im::chat::add::{AddParams, ImChatAdd},
    },
};

/// `imbot.chat.add`.
pub struct ImbotChatAdd;

/// Parameters of `imbot.chat.add`: those of users, read strictly, as a bot's developer wants to know what is wrong.
pub struct BotAddParams {
    chat: AddParams,
}

bot_v1_error_set! {
    /// Errors of `imbot.chat.add`.
    pub enum BotChatAddError: "Bot was installed by another REST application" {
        /// `USERS` is given and is not a list, or holds no positive whole number.
        InvalidFormat = 400 "INVALID_FORMAT" "Parameter USERS has wrong type",
        /// `AVATAR` is given and not a picture of at most 5000 by 5000 pixels in Base64.
        WrongRequest = 400 "WRONG_REQUEST" "Chat can't be created",
    }
}

impl Method for ImbotChatAdd {
    const NAME: &'static str = "imbot.chat.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Creates a group chat that a bot owns.";
    type Params = ForBot<BotAddParams, BotChatAddError>;
    type Output = i64;
    type Error = BotChatAddError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let params = call.enter(cx)?;
        ImChatAdd::call(cx, &params.chat).map_err(|refused| refused.map(BotChatAddError::from))
    }
}

impl Parameters for BotAddParams {
    type Error = BotChatAddError;

    const SPEC: &'static [ParamSpec] = AddParams::SPEC;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<BotChatAddError>> {
        let users = source.get("USERS");
        let is_wrong = matches!(<Vec<UserId>>::read(users, cx), Given::Malformed);
        if !users.is_absent() && (is_wrong || !users.is_list()) {
            return Err(Wrong::Own(BotChatAddError::InvalidFormat));
        }
        let chat = AddParams::read(source, cx).map_err(Wrong::of_any)?;
        if matches!(chat.avatar, Given::Malformed) {
            return Err(Wrong::Own(BotChatAddError::WrongRequest));
        }
        Ok(Self { chat })
    }
}
