//! `im.user.list.get`: several users as chats show them.

use readmark_app::users::look;
use readmark_model::{Scope, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Ignored, ParamType, ReadCx},
    },
    error_set,
    objects::user::ClassicUser,
    params,
    wire::{EmptyAsList, Field},
};

/// `im.user.list.get`.
pub struct ImUserListGet;

params! {
    /// Parameters of `im.user.list.get`.
    pub struct ListParams: ListError {
        /// Ids of users: a list, or a text that holds one as JSON or with commas.
        required ids: Vec<UserId> = "ID", by(ids), kind(ParamType::ArrayOf(&ParamType::Integer));
        /// Has no effect: `avatar_hr` is always answered.
        optional _avatar_hr: Ignored = "AVATAR_HR", ignored(ParamType::Boolean);
        /// `array` for a list, anything else for a map by id.
        optional as_array: bool = "RESULT_TYPE", by(as_array), kind(ParamType::String);
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum UsersOutput {
    /// With `RESULT_TYPE` `array`.
    List(Vec<ClassicUser>),
    /// By id.
    Map(EmptyAsList<i64, ClassicUser>),
}

error_set! {
    /// Errors of `im.user.list.get`.
    pub enum ListError {
        /// `ID` is missing, not a list, or holds anything but whole numbers.
        InvalidFormat = 400 "INVALID_FORMAT" "A wrong format for the ID field is passed",
    }
}

impl Method for ImUserListGet {
    const NAME: &'static str = "im.user.list.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns several users; unknown and invisible ones are left out.";
    type Params = ListParams;
    type Output = UsersOutput;
    type Error = ListError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        let users = look::list(&mut cx.app, &params.ids)?;
        let objects = users.iter().map(|user| ClassicUser::new(user, cx.portal));
        Ok(if params.as_array {
            UsersOutput::List(objects.collect())
        } else {
            UsersOutput::Map(objects.map(|user| (user.id, user)).collect())
        }
        .into())
    }
}

fn ids(field: Field<'_>, _: &ReadCx<'_>) -> Result<Vec<UserId>, ListError> {
    let list = field.as_id_list().filter(|_| field.is_list());
    let list = list.filter(|list| list.malformed == 0);
    let list = list.ok_or(ListError::InvalidFormat)?;
    Ok(list.ids.into_iter().map(UserId).collect())
}

fn as_array(field: Field<'_>, _: &ReadCx<'_>) -> Result<bool, NoError> {
    Ok(field.as_text().is_some_and(|kind| kind == "array"))
}
