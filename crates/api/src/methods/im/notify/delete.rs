//! `im.notify.delete`: deletes one of the caller's notifications, or those with a tag of the application.

use readmark_app::{Refused, notify::delete};
use readmark_model::{NotificationId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::ParamType,
    },
    error_set,
    methods::im::notify::fields::{self, ClientParams},
    params,
};

/// `im.notify.delete`.
pub struct ImNotifyDelete;

params! {
    /// Parameters of `im.notify.delete`. `ID` goes first, then `TAG`.
    pub struct DeleteParams: DeleteError {
        /// A notification of the caller.
        optional id: Option<NotificationId> = "ID", or(ParamsError);
        /// The tag of the application's notification, for any recipient.
        optional tag: String = "TAG", by(fields::tag_text), kind(ParamType::String);
        /// The further tag of the application's notifications, for all recipients.
        optional sub_tag: String = "SUB_TAG", by(fields::tag_text), kind(ParamType::String);
        group client: ClientParams;
    }
    check names_any;
}

error_set! {
    /// Errors of `im.notify.delete`.
    pub enum DeleteError {
        /// None of `ID`, `TAG` and `SUB_TAG` is given, or `ID` is not a positive whole number.
        ParamsError = 400 "PARAMS_ERROR" "Incorrect params",
        /// A tag is given by webhook without `CLIENT_ID`.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied! Client ID not specified",
    }
}

impl Method for ImNotifyDelete {
    const NAME: &'static str = "im.notify.delete";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Deletes a notification of the caller, or those with a tag of the application.";
    type Params = DeleteParams;
    type Output = bool;
    type Error = DeleteError;

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        if let Some(id) = params.id {
            return Ok(delete::by_id(&mut cx.app, id)?.into());
        }
        let application = params.client.application(cx);
        let application = application.ok_or(Refused::Because(DeleteError::AccessDenied))?;
        let deleted = if params.tag.is_empty() {
            delete::by_sub_tag(&mut cx.app, &application, &params.sub_tag)?
        } else {
            delete::by_tag(&mut cx.app, &application, &params.tag)?
        };
        Ok(deleted.into())
    }
}

fn names_any(params: DeleteParams) -> Result<DeleteParams, DeleteError> {
    if params.id.is_none() && params.tag.is_empty() && params.sub_tag.is_empty() {
        return Err(DeleteError::ParamsError);
    }
    Ok(params)
}
