//! `imbot.chat.sendTyping`: notifies the members of a chat that a bot is typing, as `im.dialog.writing` for users. For a dialog that
//! the bot is not in nothing happens, without an error: the method only confirms that the call was accepted.

use readmark_app::{
    Refused,
    message::typing::{self, NoAccess},
};
use readmark_model::{InputAction, Scope};

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::dialog::writing::{ImDialogWriting, WritingError as Inner},
    },
};

/// `imbot.chat.sendTyping`.
pub struct ImbotChatSendTyping;

bot_v1_error_set! {
    /// Errors of `imbot.chat.sendTyping`.
    pub enum BotTypingError: "Bot was installed by another REST application" {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
    }
}

impl From<Inner> for BotTypingError {
    fn from(_: Inner) -> Self {
        Self::DialogIdEmpty
    }
}

impl Method for ImbotChatSendTyping {
    const NAME: &'static str = "imbot.chat.sendTyping";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Notifies the members of a chat that a bot is typing.";
    type Params = ForBot<<ImDialogWriting as Method>::Params, BotTypingError>;
    type Output = bool;
    type Error = BotTypingError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let dialog = call.enter(cx)?.dialog;
        match typing::start(&mut cx.app, dialog, InputAction::default()) {
            Ok(()) | Err(Refused::Because(NoAccess)) => Ok(true.into()),
            Err(Refused::Interrupted(fault)) => Err(Refused::Interrupted(fault)),
        }
    }
}
