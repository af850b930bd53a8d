//! `im.notify.confirm`: passes a pressed button to the handler of a notification.

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

/// `im.notify.confirm`.
pub struct ImNotifyConfirm;

params! {
    /// Parameters of `im.notify.confirm`.
    pub struct ConfirmParams: ConfirmError {
        group _notification: NamedNotification;
        /// The value of the button.
        required _value: NotBlank = "NOTIFY_VALUE", or(NotifyValueError);
    }
}

error_set! {
    /// Errors of `im.notify.confirm`.
    pub enum ConfirmError {
        /// `NOTIFY_ID` is missing or not a positive whole number.
        IdError = 400 "ID_ERROR" "Notification ID can't be empty",
        /// `NOTIFY_VALUE` is missing or blank.
        NotifyValueError = 400 "NOTIFY_VALUE_ERROR" "Notification Value can't be empty",
    }
}

from_not_named!(ConfirmError, IdError);

impl Method for ImNotifyConfirm {
    const NAME: &'static str = "im.notify.confirm";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Passes a pressed button to the handler of a notification: no notification of an application has buttons.";
    type Params = ConfirmParams;
    type Output = HandlerReply;
    type Error = ConfirmError;

    fn call(_: &mut MethodCx<'_>, _: &ConfirmParams) -> Answer<Self> {
        Ok(HandlerReply::NONE.into())
    }
}
