//! `im.notify.delete`: deletes an own notification, or those with a tag of the application.

use readmark_app::{Refused, notify::delete};
use readmark_model::{NotificationId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::im::notify::fields::{self as fields, Tags},
    wire::Params,
};

/// See the module.
pub struct ImNotifyDelete;

/// Which are deleted: `ID` goes first, then `TAG`.
pub enum DeleteParams {
    /// The caller's own.
    Id(NotificationId),
    /// Those of the application.
    Tags(Tags),
}

error_set! {
    /// Errors of `im.notify.delete`.
    pub enum DeleteError {
        /// None of `ID`, `TAG` and `SUB_TAG` is given, or `ID` is no positive whole number.
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional("ID", ParamType::Integer, "A notification of the caller."),
        ParamSpec::optional(
            "TAG",
            ParamType::String,
            "The tag of the application's notification, whoever got it.",
        ),
        ParamSpec::optional(
            "SUB_TAG",
            ParamType::String,
            "The further tag of the application's notifications, whoever got them.",
        ),
        fields::CLIENT_ID,
    ]];
    type Params = DeleteParams;
    type Output = bool;
    type Error = DeleteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<DeleteParams, DeleteError> {
        if !params.get("ID").is_absent() {
            let id = parse::positive(params, "ID").ok_or(DeleteError::ParamsError)?;
            return Ok(DeleteParams::Id(NotificationId(id)));
        }
        let tags = Tags::read(params);
        if tags.tag.is_empty() && tags.sub_tag.is_empty() {
            return Err(DeleteError::ParamsError);
        }
        Ok(DeleteParams::Tags(tags))
    }

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        let deleted = match params {
            DeleteParams::Id(id) => delete::by_id(&mut cx.app, *id)?,
            DeleteParams::Tags(tags) => {
                let application = tags
                    .application(cx)
                    .ok_or(Refused::Because(DeleteError::AccessDenied))?;
                if tags.tag.is_empty() {
                    delete::by_sub_tag(&mut cx.app, &application, &tags.sub_tag)?
                } else {
                    delete::by_tag(&mut cx.app, &application, &tags.tag)?
                }
            }
        };
        Ok(deleted.into())
    }
}
