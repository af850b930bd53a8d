//! `im.notify.answer`: passes a quick answer to the handler of a notification.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::{
        notify::fields::{HandlerReply, NotBlank},
        other_names::{NamedNotification, from_not_named},
    },
    params,
};

/// `im.notify.answer`.
pub struct ImNotifyAnswer;

params! {
    /// Parameters of `im.notify.answer`.
    pub struct AnswerParams: AnswerError {
        group _notification: NamedNotification;
        /// The answer.
        required _text: NotBlank = "ANSWER_TEXT", or(AnswerTextError);
    }
}

error_set! {
    /// Errors of `im.notify.answer`.
    pub enum AnswerError {
        /// `NOTIFY_ID` is missing or not a positive whole number.
        IdError = 400 "ID_ERROR" "Notification ID can't be empty",
        /// `ANSWER_TEXT` is missing or blank.
        AnswerTextError = 400 "ANSWER_TEXT_ERROR" "ANSWER_TEXT can't be empty",
    }
}

from_not_named!(AnswerError, IdError);

impl Method for ImNotifyAnswer {
    const NAME: &'static str = "im.notify.answer";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Passes a quick answer to the handler of a notification: no notification of an application takes one.";
    type Params = AnswerParams;
    type Output = HandlerReply;
    type Error = AnswerError;

    fn call(_: &mut MethodCx<'_>, _: &AnswerParams) -> Answer<Self> {
        Ok(HandlerReply::NONE.into())
    }
}
