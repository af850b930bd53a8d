//! `im.user.get`: one user as chats show it.

use readmark_app::users::look::{self, NotShown};
use readmark_model::{Scope, UserId};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Ignored, ParamType},
    },
    error_set,
    objects::user::ClassicUser,
    params,
};

/// `im.user.get`.
pub struct ImUserGet;

params! {
    /// Parameters of `im.user.get`.
    pub struct GetParams: GetError {
        /// Id of the user; the caller when left out.
        optional id: Option<UserId> = "ID", or(IdEmpty);
        /// Has no effect: `avatar_hr` is always answered.
        optional _avatar_hr: Ignored = "AVATAR_HR", ignored(ParamType::Boolean);
    }
}

error_set! {
    /// Errors of `im.user.get`.
    pub enum GetError {
        /// `ID` is not a positive whole number.
        IdEmpty = 400 "ID_EMPTY" "User ID can't be empty",
        /// There is no such user.
        UserNotExists = 400 "USER_NOT_EXISTS" "User does not exist",
        /// The caller is an extranet user and shares no chat with the user.
        AccessDenied = 400 "ACCESS_DENIED" "You can request only users who are part of your extranet group",
    }
}

impl Method for ImUserGet {
    const NAME: &'static str = "im.user.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns a user, by default the caller's own.";
    type Params = GetParams;
    type Output = ClassicUser;
    type Error = GetError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let id = params.id.unwrap_or(cx.app.user);
        let user = look::get(&mut cx.app, id).map_err(|refused| {
            refused.map(|reason| match reason {
                NotShown::Unknown => GetError::UserNotExists,
                NotShown::NotShared => GetError::AccessDenied,
            })
        })?;
        Ok(ClassicUser::new(&user, cx.portal).into())
    }
}
