//! `im.user.get`: one user as chats show it.

use readmark_app::users::look::{self, NotShown};
use readmark_model::{Scope, UserId};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    error_set,
    objects::user::ClassicUser,
    wire::{IntField, Params},
};

/// See the module.
pub struct ImUserGet;

error_set! {
    /// Errors of `im.user.get`.
    pub enum GetError {
        /// `ID` is no positive whole number.
        IdEmpty = 400 "ID_EMPTY" "User ID can't be empty",
        /// There is no such user.
        UserNotExists = 400 "USER_NOT_EXISTS" "User does not exist",
        /// The caller comes from outside and shares no chat with the user.
        AccessDenied = 400 "ACCESS_DENIED" "You can request only users who are part of your extranet group",
    }
}

impl Method for ImUserGet {
    const NAME: &'static str = "im.user.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Answers a user, the caller's own one when none is named.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "ID",
            ParamType::Integer,
            "Id of the user; the caller when left out.",
        ),
        ParamSpec::optional(
            "AVATAR_HR",
            ParamType::Boolean,
            "Has no effect: `avatar_hr` is always answered.",
        ),
    ]];
    type Params = Option<UserId>;
    type Output = ClassicUser;
    type Error = GetError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Option<UserId>, GetError> {
        match params.get("ID").as_int() {
            IntField::Absent => Ok(None),
            IntField::Valid(id) if id > 0 => Ok(Some(UserId(id))),
            IntField::Valid(_) | IntField::Malformed => Err(GetError::IdEmpty),
        }
    }

    fn call(cx: &mut MethodCx<'_>, id: &Option<UserId>) -> Answer<Self> {
        let id = id.unwrap_or(cx.app.user);
        let user = look::get(&mut cx.app, id).map_err(|refused| {
            refused.map(|reason| match reason {
                NotShown::Unknown => GetError::UserNotExists,
                NotShown::NotShared => GetError::AccessDenied,
            })
        })?;
        Ok(ClassicUser::new(&user, cx.portal).into())
    }
}
