//! `im.message.like`: sets or removes the caller's "Like".

use readmark_app::message::react::{self, ReactRefusal, Wanted};
use readmark_model::{MessageId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamType, ReadCx},
    },
    error_set, params,
    wire::Field,
};

/// `im.message.like`.
pub struct ImMessageLike;

params! {
    /// Parameters of `im.message.like`.
    pub struct LikeParams: LikeError {
        /// The message.
        required message: MessageId = "MESSAGE_ID" | "ID", or(MessageIdError);
        /// `plus` sets, `minus` removes, `auto`, the default, does whichever changes something.
        optional wanted: Wanted = "ACTION", by(wanted), kind(ParamType::String);
    }
}

error_set! {
    /// Errors of `im.message.like`.
    pub enum LikeError {
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// The "Like" already was as wanted. Also where there is no such message, it is deleted, or the caller is not a member
        /// of its chat or cannot see it: which of these is not told.
        WithoutChanges = 400 "WITHOUT_CHANGES" "Action completed without changes",
    }
}

impl Method for ImMessageLike {
    const NAME: &'static str = "im.message.like";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sets or removes the caller's \"Like\" of a message.";
    type Params = LikeParams;
    type Output = bool;
    type Error = LikeError;

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

fn wanted(field: Field<'_>, _: &ReadCx<'_>) -> Result<Wanted, NoError> {
    let action = field.as_text().unwrap_or_default();
    Ok(if action.eq_ignore_ascii_case("plus") {
        Wanted::Set
    } else if action.eq_ignore_ascii_case("minus") {
        Wanted::Removed
    } else {
        Wanted::Toggled
    })
}
