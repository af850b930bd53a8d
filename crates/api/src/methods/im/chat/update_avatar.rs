//! `im.chat.updateAvatar`: changes the avatar of a chat.

use readmark_app::{
    chat::appearance::{self, AppearanceRefusal},
    file::Picture,
};
use readmark_model::Scope;

use crate::{
    content::image::{self, Image, ImageError},
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::im::chat_param::{GroupChat, from_wrong_chat},
    params,
    wire::Field,
};

/// `im.chat.updateAvatar`.
pub struct ImChatUpdateAvatar;

params! {
    /// Parameters of `im.chat.updateAvatar`.
    pub struct AvatarParams: AvatarError {
        group chat: GroupChat;
        /// A picture in Base64, of at most 5000 by 5000 pixels.
        required image: Image = "AVATAR", by(avatar), kind(ParamType::String);
    }
}

error_set! {
    /// Errors of `im.chat.updateAvatar`.
    pub enum AvatarError {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is not `chatN`.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// The caller is a member without the right to change the avatar.
        NoRight = 403 "ACCESS_DENIED" "Access denied",
        /// The caller is not a member, or it is a private chat.
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

from_wrong_chat!(AvatarError);

impl From<ImageError> for AvatarError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Type => Self::WrongType,
            ImageError::Size => Self::WrongSize,
        }
    }
}

impl From<AppearanceRefusal> for AvatarError {
    fn from(refusal: AppearanceRefusal) -> Self {
        match refusal {
            AppearanceRefusal::NoChat => Self::WrongRequest,
            AppearanceRefusal::NotAvailable | AppearanceRefusal::Unchanged => Self::NotAvailable,
            AppearanceRefusal::NoRight => Self::NoRight,
            AppearanceRefusal::Fixed => Self::Fixed,
        }
    }
}

impl Method for ImChatUpdateAvatar {
    const NAME: &'static str = "im.chat.updateAvatar";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes the avatar of a chat.";
    type Params = AvatarParams;
    type Output = bool;
    type Error = AvatarError;

    fn call(cx: &mut MethodCx<'_>, params: &AvatarParams) -> Answer<Self> {
        let picture = Picture::Set {
            media_type: params.image.media_type,
            content: &params.image.bytes,
        };
        appearance::set_avatar(&mut cx.app, params.chat.0, picture)
            .map_err(|refused| refused.map(AvatarError::from))?;
        Ok(true.into())
    }
}

fn avatar(field: Field<'_>, _: &ReadCx<'_>) -> Result<Image, ImageError> {
    image::read(field)
}
