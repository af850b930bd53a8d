//! `imbot.chat.get`: finds the chat of an external object for the caller, as `im.chat.get`.

use readmark_app::{Refused, chat::find};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::chat::get::{ChatIdObject, GetParams},
    params,
};

/// `imbot.chat.get`.
pub struct ImbotChatGet;

params! {
    /// Parameters of `imbot.chat.get`.
    pub struct BotGetParams: BotChatGetError {
        group object: GetParams;
    }
}

error_set! {
    /// Errors of `imbot.chat.get`.
    pub enum BotChatGetError {
        /// The object has a chat, and the caller may not look into it.
        AccessError = 403 "ACCESS_ERROR" "You don't have access to this chat",
    }
}

impl Method for ImbotChatGet {
    const NAME: &'static str = "imbot.chat.get";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Finds the oldest chat of an external object that the caller may look into; null when there is none.";
    type Params = BotGetParams;
    type Output = Option<ChatIdObject>;
    type Error = BotChatGetError;

    fn call(cx: &mut MethodCx<'_>, params: &BotGetParams) -> Answer<Self> {
        let Some(entity) = params.object.entity() else {
            return Ok(None.into());
        };
        match find::by_entity(&mut cx.app, &entity)? {
            Some(id) => Ok(Some(ChatIdObject { id: id.get() }).into()),
            None if find::exists(&mut cx.app, &entity)? => {
                Err(Refused::Because(BotChatGetError::AccessError))
            }
            None => Ok(None.into()),
        }
    }
}
