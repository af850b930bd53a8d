//! `user.add`: adds a person.

use readmark_app::{
    Refused,
    users::change::{self, NewPerson, Refusal},
};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::shared::people::edit::{self, Edit, EditError},
    wire::Params,
};

/// See the module.
pub struct UserAdd;

/// Parameters. What is wrong with them is told to administrators only, so it is kept until the caller is known.
pub struct AddParams(Result<Valid, AddError>);

struct Valid {
    edit: Edit,
    email: String,
    extranet: bool,
    workgroups: Vec<i64>,
}

error_set! {
    /// Errors of `user.add`.
    pub enum AddError {
        /// `EMAIL` is missing or no address.
        WrongEmail = 400 "ERROR_ARGUMENT" "wrong_email",
        /// The email belongs to another person, maybe a dismissed one.
        EmailTaken = 400 "ERROR_ARGUMENT" "A user with this email already exists",
        /// The caller is no administrator.
        AccessDenied = 400 "ERROR_CORE" "access_denied",
        /// `EXTRANET` is `Y` and `SONET_GROUP_ID` is missing.
        GroupMissing = 400 "ERROR_GROUPID" "Group code not specified",
        /// `SONET_GROUP_ID` holds something else than positive whole numbers.
        GroupWrong = 400 "ERROR_NO_GROUP" "Group is specified incorrectly",
        /// Neither `UF_DEPARTMENT` says where in the company the person belongs, nor `EXTRANET` that it is outside.
        NoExtranetField = 400 "ERROR_ARGUMENT" "no_extranet_field",
        /// `PERSONAL_PHOTO` or `WORK_LOGO` is no picture, or wider or higher than 5000 pixels.
        WrongPicture = 400 "ERROR_CORE" "wrong_picture",
        /// Another field cannot be stored: no date, no `Y` or `N`, an unknown department or time zone, or too long.
        WrongValue = 400 "ERROR_CORE" "wrong_value",
    }
}

impl From<EditError> for AddError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Email => Self::WrongEmail,
            EditError::Picture => Self::WrongPicture,
            EditError::Value => Self::WrongValue,
        }
    }
}

fn validate(params: &Params) -> Result<Valid, AddError> {
    let edit = Edit::parse(params)?;
    let email = edit.email().ok_or(AddError::WrongEmail)?.to_owned();
    let extranet = parse::flag(params, "EXTRANET", false);
    let workgroups =
        edit::workgroups(params.get("SONET_GROUP_ID")).map_err(|_| AddError::GroupWrong)?;
    if extranet && workgroups.is_empty() {
        return Err(AddError::GroupMissing);
    }
    if !extranet && edit.departments().is_none_or(<[i64]>::is_empty) {
        return Err(AddError::NoExtranetField);
    }
    Ok(Valid {
        edit,
        email,
        extranet,
        workgroups,
    })
}

impl Method for UserAdd {
    const NAME: &'static str = "user.add";
    const SCOPES: &'static [Scope] = &[Scope::User];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds a person; for administrators.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&edit::params::<{ edit::EDITABLE + 2 }>(&[
        ParamSpec::required("EMAIL", ParamType::String, "Email, which nobody else has."),
        ParamSpec::optional(
            "EXTRANET",
            ParamType::Boolean,
            "The person comes from outside; everybody else needs `UF_DEPARTMENT`.",
        ),
        ParamSpec::optional(
            "SONET_GROUP_ID",
            ParamType::Array,
            "Workgroups, whose chats the person joins; required for people from outside.",
        ),
    ])];
    type Params = AddParams;
    type Output = i64;
    type Error = AddError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AddParams, AddError> {
        Ok(AddParams(validate(params)))
    }

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(AddError::AccessDenied));
        }
        let valid = params
            .0
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        let new = NewPerson {
            email: &valid.email,
            extranet: valid.extranet,
            departments: valid.edit.departments().unwrap_or_default(),
            workgroups: &valid.workgroups,
        };
        let id = change::add(&mut cx.app, &new, |app, person| {
            valid.edit.apply(app, person)
        })
        .map_err(|refused| {
            refused.map(|refusal| match refusal {
                Refusal::EmailTaken => AddError::EmailTaken,
                Refusal::Department => AddError::WrongValue,
                Refusal::NotAdmin | Refusal::Unknown | Refusal::LastAdmin => AddError::AccessDenied,
            })
        })?;
        Ok(id.get().into())
    }
}
