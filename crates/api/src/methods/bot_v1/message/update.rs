//! `imbot.message.update`: a bot changes its own message, as `im.message.update` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Ignored, ParamType},
    },
    methods::{
        bot_v1::call::ForBot,
        im::message::update::{self, UpdateError as Inner, UpdateParams},
    },
    params,
};

/// `imbot.message.update`.
pub struct ImbotMessageUpdate;

params! {
    /// Parameters of `imbot.message.update`.
    pub struct BotUpdateParams: Inner {
        group update: UpdateParams;
        /// For open channels, which do not exist here: ignored.
        optional _skip_connector: Ignored = "SKIP_CONNECTOR", ignored(ParamType::Boolean);
    }
}

bot_v1_error_set! {
    /// Errors of `imbot.message.update`.
    pub enum BotUpdateError: "Bot was installed by another REST application" {
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// There is no such message, it is deleted, a notice or another's, cannot be seen, or the portal's edit period is over.
        CantEditMessage = 403 "CANT_EDIT_MESSAGE" "Time has expired for modification or you don't have access",
        /// `ATTACH` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
        /// `ATTACH` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `KEYBOARD` is not built as documented.
        KeyboardError = 400 "KEYBOARD_ERROR" "Incorrect keyboard params",
        /// `KEYBOARD` is longer than 60,000 characters.
        KeyboardOversize = 400 "KEYBOARD_OVERSIZE" "You have exceeded the maximum allowable size of keyboard",
        /// `MENU` is not built as documented.
        MenuError = 400 "MENU_ERROR" "Incorrect menu params",
        /// `MENU` is longer than 60,000 characters.
        MenuOversize = 400 "MENU_OVERSIZE" "You have exceeded the maximum allowable size of menu",
    }
}

impl From<Inner> for BotUpdateError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::MessageIdError => Self::MessageIdError,
            Inner::CantEditMessage => Self::CantEditMessage,
            Inner::AttachError => Self::AttachError,
            Inner::AttachOversize => Self::AttachOversize,
            Inner::KeyboardError => Self::KeyboardError,
            Inner::KeyboardOversize => Self::KeyboardOversize,
            Inner::MenuError => Self::MenuError,
            Inner::MenuOversize => Self::MenuOversize,
        }
    }
}

impl Method for ImbotMessageUpdate {
    const NAME: &'static str = "imbot.message.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes the text and the parameters of a bot's message.";
    type Params = ForBot<BotUpdateParams, BotUpdateError>;
    type Output = bool;
    type Error = BotUpdateError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let params = call.enter(cx)?;
        let bot = cx.app.user;
        update::change(cx, &params.update, Some(bot))
            .map_err(|refused| refused.map(BotUpdateError::from))?;
        Ok(true.into())
    }
}
