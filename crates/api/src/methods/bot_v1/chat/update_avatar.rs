//! `imbot.chat.updateAvatar`: a bot changes the avatar of a chat, as `im.chat.updateAvatar` of users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    methods::{
        bot_v1::{
            auth,
            call::{self, BotCall},
        },
        im::chat::update_avatar::{AvatarError as Inner, ImChatUpdateAvatar},
    },
    wire::Params,
};

/// See the module.
pub struct ImbotChatUpdateAvatar;

bot_v1_error_set! {
    /// Errors of `imbot.chat.updateAvatar`.
    pub enum BotAvatarError: "Bot was installed by another REST application" {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// The bot is a member without the right to change the avatar.
        NoRight = 403 "ACCESS_DENIED" "Access denied",
        /// The bot is no member, or it is a private chat.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// The avatar follows the external object of the chat.
        Fixed = 403 "ACCESS_ERROR" "The avatar of this chat cannot be changed",
        /// `AVATAR` is missing or no picture in Base64.
        WrongType = 400 "AVATAR_ERROR" "Avatar incorrect type",
        /// The picture is wider or higher than 5000 pixels.
        WrongSize = 400 "AVATAR_ERROR" "Avatar incorrect size (max 5000x5000)",
        /// There is no such chat.
        WrongRequest = 400 "WRONG_REQUEST" "Chat doesn't exist",
    }
}

impl From<Inner> for BotAvatarError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::ChatIdEmpty | Inner::DialogIdEmpty => Self::ChatIdEmpty,
            Inner::NoRight => Self::NoRight,
            Inner::NotAvailable => Self::NotAvailable,
            Inner::Fixed => Self::Fixed,
            Inner::WrongType => Self::WrongType,
            Inner::WrongSize => Self::WrongSize,
            Inner::WrongRequest => Self::WrongRequest,
        }
    }
}

impl Method for ImbotChatUpdateAvatar {
    const NAME: &'static str = "imbot.chat.updateAvatar";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes the avatar of a chat as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat's number."),
        ParamSpec::required(
            "AVATAR",
            ParamType::String,
            "A picture in Base64, of at most 5000 by 5000 pixels.",
        ),
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
    ]];
    type Params = BotCall<<ImChatUpdateAvatar as Method>::Params, BotAvatarError>;
    type Output = bool;
    type Error = BotAvatarError;

    fn parse(
        params: &Params,
        cx: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, BotAvatarError> {
        Ok(call::read::<ImChatUpdateAvatar, _>(params, cx))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call::run::<ImChatUpdateAvatar, _>(cx, call)
    }
}
