//! `imbot.message.like`: a bot sets or removes its "Like", as `im.message.like` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::message::like::{ImMessageLike, LikeError as Inner},
    },
};

/// `imbot.message.like`.
pub struct ImbotMessageLike;

bot_v1_error_set! {
    /// Errors of `imbot.message.like`.
    pub enum BotLikeError: "Bot was installed by another REST application" {
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// The "Like" already was as wanted, or the bot may not see a message of this id.
        WithoutChanges = 400 "WITHOUT_CHANGES" "Action completed without changes",
    }
}

impl From<Inner> for BotLikeError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::MessageIdError => Self::MessageIdError,
            Inner::WithoutChanges => Self::WithoutChanges,
        }
    }
}

impl Method for ImbotMessageLike {
    const NAME: &'static str = "imbot.message.like";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sets or removes a bot's \"Like\" of a message.";
    type Params = ForBot<<ImMessageLike as Method>::Params, BotLikeError>;
    type Output = <ImMessageLike as Method>::Output;
    type Error = BotLikeError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call.call::<ImMessageLike>(cx)
    }
}
