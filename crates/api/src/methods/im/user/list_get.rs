//! `im.user.list.get`: several users as chats show them.

use readmark_app::users::look;
use readmark_model::{Scope, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    error_set,
    objects::user::ClassicUser,
    wire::{EmptyAsList, Field, JsonOrText, ListSyntax, Params},
};

/// See the module.
pub struct ImUserListGet;

/// Parameters.
pub struct ListParams {
    ids: Vec<UserId>,
    as_array: bool,
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
        /// `ID` is missing, no list, or holds something else than whole numbers.
        InvalidFormat = 400 "INVALID_FORMAT" "A wrong format for the ID field is passed",
    }
}

impl Method for ImUserListGet {
    const NAME: &'static str = "im.user.list.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Answers several users; those that do not exist or may not be seen are left out.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "ID",
            ParamType::Array,
            "Ids of users: a list, or a text that holds one as JSON.",
        ),
        ParamSpec::optional(
            "AVATAR_HR",
            ParamType::Boolean,
            "Has no effect: `avatar_hr` is always answered.",
        ),
        ParamSpec::optional(
            "RESULT_TYPE",
            ParamType::String,
            "`array` for a list, anything else for a map by id.",
        ),
    ]];
    type Params = ListParams;
    type Output = UsersOutput;
    type Error = ListError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ListParams, ListError> {
        let JsonOrText::Json(list) = params.get("ID").as_json_or_text() else {
            return Err(ListError::InvalidFormat);
        };
        let list = Field::from(&*list)
            .as_id_list(ListSyntax::PLAIN)
            .ok_or(ListError::InvalidFormat)?;
        if list.malformed > 0 {
            return Err(ListError::InvalidFormat);
        }
        Ok(ListParams {
            ids: list.ids.into_iter().map(UserId).collect(),
            as_array: params
                .get("RESULT_TYPE")
                .as_text()
                .is_some_and(|kind| kind == "array"),
        })
    }

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
