//! `im.notify.confirm`: hands a pressed button to the handler of a notification.

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
pub struct ImNotifyConfirm;

error_set! {
    /// Errors of `im.notify.confirm`.
    pub enum ConfirmError {
        /// `NOTIFY_ID` is missing or no positive whole number.
        IdError = 400 "ID_ERROR" "Notification ID can't be empty",
        /// `NOTIFY_VALUE` is missing or blank.
        NotifyValueError = 400 "NOTIFY_VALUE_ERROR" "Notification Value can't be empty",
    }
}

impl Method for ImNotifyConfirm {
    const NAME: &'static str = "im.notify.confirm";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Hands a pressed button to the handler of a notification: no notification of an application has buttons.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("NOTIFY_ID", ParamType::Integer, "The notification."),
        ParamSpec::required(
            "NOTIFY_VALUE",
            ParamType::String,
            "The value of the button.",
        ),
    ]];
    type Params = ();
    type Output = HandlerReply;
    type Error = ConfirmError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<(), ConfirmError> {
        parse::positive(params, "NOTIFY_ID").ok_or(ConfirmError::IdError)?;
        let value = params.get("NOTIFY_VALUE").as_text().unwrap_or_default();
        if value.trim().is_empty() {
            return Err(ConfirmError::NotifyValueError);
        }
        Ok(())
    }

    fn call(_: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(HandlerReply::NONE.into())
    }
}
