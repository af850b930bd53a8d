//! `imbot.chat.updateAvatar`: a bot changes the avatar of a chat, as `im.chat.updateAvatar` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::chat::update_avatar::{AvatarError as Inner, ImChatUpdateAvatar},
    },
};

/// `imbot.chat.updateAvatar`.
pub struct ImbotChatUpdateAvatar;

bot_v1_error_set! {
    /// Errors of `imbot.chat.updateAvatar`.
    pub enum BotAvatarError: "Bot was installed by another REST application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// The bot is a member without the right to change the avatar.
        NoRight = 403 "ACCESS_DENIED" "Access denied",
        /// The bot is not a member, or it is a private chat.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// The avatar follows the external object of the chat.
        Fixed = 403 "ACCESS_ERROR" "The avatar of this chat cannot be changed",
        /// `AVATAR` is missing or not a picture in Base64.
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
    type Params = ForBot<<ImChatUpdateAvatar as Method>::Params, BotAvatarError>;
    type Output = bool;
    type Error = BotAvatarError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call.call::<ImChatUpdateAvatar>(cx)
    }
}
