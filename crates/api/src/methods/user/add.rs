//! `user.add`: adds a person.

use readmark_app::{
    Refused,
    users::change::{self, NewPerson, Refusal},
};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, ParamType, ReadCx},
    },
    error_set,
    methods::shared::people::edit::{self, EditError, NewEdit},
    params,
    wire::Field,
};

/// `user.add`.
pub struct UserAdd;

params! {
    /// Parameters of `user.add`. Errors in them are reported to administrators only.
    pub struct AddParams: AddError {
        group new: NewEdit;
        /// The person is an extranet user; everybody else needs `UF_DEPARTMENT`.
        optional extranet: bool = "EXTRANET", default(false);
        /// Workgroups, whose chats the person joins; required for extranet users.
        optional workgroups: Vec<i64> = "SONET_GROUP_ID", by(workgroups), kind(ParamType::ArrayOf(&ParamType::Integer));
    }
    check belongs_somewhere;
}

error_set! {
    /// Errors of `user.add`.
    pub enum AddError {
        /// `EMAIL` is missing or no address.
        WrongEmail = 400 "ERROR_ARGUMENT" "wrong_email",
        /// The email belongs to another person, maybe a dismissed one.
        EmailTaken = 400 "ERROR_ARGUMENT" "A user with this email already exists",
        /// The caller is not an administrator.
        AccessDenied = 400 "ERROR_CORE" "access_denied",
        /// `EXTRANET` is `Y` and `SONET_GROUP_ID` is missing.
        GroupMissing = 400 "ERROR_GROUPID" "Group code not specified",
        /// `SONET_GROUP_ID` holds anything but positive whole numbers.
        GroupWrong = 400 "ERROR_NO_GROUP" "Group is specified incorrectly",
        /// Neither `UF_DEPARTMENT` names a department, nor does `EXTRANET` make the person an extranet user.
        NoExtranetField = 400 "ERROR_ARGUMENT" "no_extranet_field",
        /// `PERSONAL_PHOTO` or `WORK_LOGO` is not a picture, or is wider or higher than 5000 pixels.
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

fn workgroups(field: Field<'_>, _: &ReadCx<'_>) -> Result<Vec<i64>, AddError> {
    edit::workgroups(field).map_err(|_| AddError::GroupWrong)
}

fn belongs_somewhere(params: AddParams) -> Result<AddParams, AddError> {
    let departments = params.new.edit.departments().unwrap_or_default();
    if params.extranet && params.workgroups.is_empty() {
        Err(AddError::GroupMissing)
    } else if !params.extranet && departments.is_empty() {
        Err(AddError::NoExtranetField)
    } else {
        Ok(params)
    }
}

impl Method for UserAdd {
    const NAME: &'static str = "user.add";
    const SCOPES: &'static [Scope] = &[Scope::User];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds a person; for administrators.";
    type Params = Deferred<AddParams>;
    type Output = i64;
    type Error = AddError;

    fn call(cx: &mut MethodCx<'_>, params: &Deferred<AddParams>) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(AddError::AccessDenied));
        }
        let params = params.get::<AddError>()?;
        let edit = &params.new.edit;
        let new = NewPerson {
            email: &params.new.email,
            extranet: params.extranet,
            departments: edit.departments().unwrap_or_default(),
            workgroups: &params.workgroups,
        };
        let id = change::add(&mut cx.app, &new, |app, person| edit.apply(app, person)).map_err(
            |refused| {
                refused.map(|refusal| match refusal {
                    Refusal::EmailInvalid => AddError::WrongEmail,
                    Refusal::EmailTaken => AddError::EmailTaken,
                    Refusal::Department => AddError::WrongValue,
                    Refusal::NotAdmin | Refusal::Unknown | Refusal::LastAdmin => {
                        AddError::AccessDenied
                    }
                })
            },
        )?;
        Ok(id.get().into())
    }
}
