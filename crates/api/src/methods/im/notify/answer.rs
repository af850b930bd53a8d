//! `im.notify.answer`: hands a quick answer to the handler of a notification.

use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::im::notify::fields::HandlerReply,
    wire::Params,
};

/// See the module.
pub struct ImNotifyAnswer;

error_set! {
    /// Errors of `im.notify.answer`.
    pub enum AnswerError {
        /// `NOTIFY_ID` is missing or no positive whole number.
        IdError = 400 "ID_ERROR" "Notification ID can't be empty",
        /// `ANSWER_TEXT` is missing or blank.
        AnswerTextError = 400 "ANSWER_TEXT_ERROR" "ANSWER_TEXT can't be empty",
    }
}

impl Method for ImNotifyAnswer {
    const NAME: &'static str = "im.notify.answer";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Hands a quick answer to the handler of a notification: no notification of an application takes one.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("NOTIFY_ID", ParamType::Integer, "The notification."),
        ParamSpec::required("ANSWER_TEXT", ParamType::String, "The answer."),
    ]];
    type Params = ();
    type Output = HandlerReply;
    type Error = AnswerError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<(), AnswerError> {
        parse::positive(params, "NOTIFY_ID").ok_or(AnswerError::IdError)?;
        let value = params.get("ANSWER_TEXT").as_text().unwrap_or_default();
        if value.trim().is_empty() {
            return Err(AnswerError::AnswerTextError);
        }
        Ok(())
    }

    fn call(_: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(HandlerReply::NONE.into())
    }
}
