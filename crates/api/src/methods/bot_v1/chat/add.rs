//! `imbot.chat.add`: a bot creates a group chat, as `im.chat.add` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::Given,
    },
    methods::{
        bot_v1::call::ForBot,
        im::chat::add::{AddParams, ImChatAdd},
    },
    params,
};

/// `imbot.chat.add`.
pub struct ImbotChatAdd;

params! {
    /// Parameters of `imbot.chat.add`: those of users, read strictly.
    pub struct BotAddParams: BotChatAddError {
        group chat: AddParams;
    }
    check strict;
}

bot_v1_error_set! {
    /// Errors of `imbot.chat.add`.
    pub enum BotChatAddError: "Bot was installed by another REST application" {
        /// `USERS` is given and not a list.
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

/// Rejects what is lenient for users: a bot's developer wants to know.
fn strict(params: BotAddParams) -> Result<BotAddParams, BotChatAddError> {
    if !params.chat.users.is_list {
        return Err(BotChatAddError::InvalidFormat);
    }
    if matches!(params.chat.avatar, Given::Malformed) {
        return Err(BotChatAddError::WrongRequest);
    }
    Ok(params)
}
