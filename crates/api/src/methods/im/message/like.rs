//! `im.message.like`: sets or removes one's "Like".

use readmark_app::message::react::{self, ReactRefusal, Wanted};
use readmark_model::{MessageId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImMessageLike;

/// Parameters.
pub struct LikeParams {
    message: MessageId,
    wanted: Wanted,
}

error_set! {
    /// Errors of `im.message.like`.
    pub enum LikeError {
        /// `MESSAGE_ID` is missing or no positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// The "Like" already was as wanted. Also where there is no such message, it is deleted, or the caller is no member
        /// of its chat or cannot see it: which of these is not told.
        WithoutChanges = 400 "WITHOUT_CHANGES" "Action completed without changes",
    }
}

impl Method for ImMessageLike {
    const NAME: &'static str = "im.message.like";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sets or removes the caller's \"Like\" of a message.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("MESSAGE_ID", ParamType::Integer, "The message."),
        ParamSpec::optional(
            "ACTION",
            ParamType::String,
            "`plus` sets, `minus` removes, `auto`, the default, does whichever changes something.",
        ),
    ]];
    type Params = LikeParams;
    type Output = bool;
    type Error = LikeError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<LikeParams, LikeError> {
        let message = parse::message(params, "MESSAGE_ID").ok_or(LikeError::MessageIdError)?;
        let action = params.get("ACTION").as_text().unwrap_or_default();
        let wanted = if action.eq_ignore_ascii_case("plus") {
            Wanted::Set
        } else if action.eq_ignore_ascii_case("minus") {
            Wanted::Removed
        } else {
            Wanted::Toggled
        };
        Ok(LikeParams { message, wanted })
    }

    fn call(cx: &mut MethodCx<'_>, params: &LikeParams) -> Answer<Self> {
        react::change(&mut cx.app, params.message, react::LIKE, params.wanted).map_err(
            |refused| {
                refused.map(|reason| match reason {
                    ReactRefusal::NotFound | ReactRefusal::Unchanged => LikeError::WithoutChanges,
                })
            },
        )?;
        Ok(true.into())
    }
}
