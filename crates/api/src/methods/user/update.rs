//! `user.update`: changes a person, dismisses or takes back.

use readmark_app::{
    Refused,
    users::change::{self, Refusal},
};
use readmark_model::{Scope, UserId};

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
pub struct UserUpdate;

/// Parameters. What is wrong with them is told to administrators only, so it is kept until the caller is known.
pub struct UpdateParams(Result<(UserId, Edit), UpdateError>);

error_set! {
    /// Errors of `user.update`.
    pub enum UpdateError {
        /// The caller is no administrator, `ID` is no positive whole number, or the last administrator would be dismissed.
        AccessDenied = 400 "ERROR_CORE" "access_denied",
        /// There is no such person; bots are none.
        Unknown = 400 "ERROR_CORE" "User not found",
        /// `EMAIL` is no address.
        WrongEmail = 400 "ERROR_CORE" "wrong_email",
        /// The email belongs to another person.
        EmailTaken = 400 "ERROR_CORE" "A user with this email already exists",
        /// `PERSONAL_PHOTO` or `WORK_LOGO` is no picture, or wider or higher than 5000 pixels.
        WrongPicture = 400 "ERROR_CORE" "wrong_picture",
        /// Another field cannot be stored: no date, no `Y` or `N`, an unknown department or time zone, or too long.
        WrongValue = 400 "ERROR_CORE" "wrong_value",
    }
}

impl From<EditError> for UpdateError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Email => Self::WrongEmail,
            EditError::Picture => Self::WrongPicture,
            EditError::Value => Self::WrongValue,
        }
    }
}

impl From<Refusal> for UpdateError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAdmin | Refusal::LastAdmin => Self::AccessDenied,
            Refusal::EmailTaken => Self::EmailTaken,
            Refusal::Unknown => Self::Unknown,
            Refusal::Department => Self::WrongValue,
        }
    }
}

fn validate(params: &Params) -> Result<(UserId, Edit), UpdateError> {
    let id = parse::user(params, "ID").ok_or(UpdateError::AccessDenied)?;
    Ok((id, Edit::parse(params)?))
}

impl Method for UserUpdate {
    const NAME: &'static str = "user.update";
    const SCOPES: &'static [Scope] = &[Scope::User];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a person, dismisses or takes back; for administrators.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&edit::params::<{ edit::EDITABLE + 1 }>(&[
        ParamSpec::required("ID", ParamType::Integer, "Id of the person."),
    ])];
    type Params = UpdateParams;
    type Output = bool;
    type Error = UpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, UpdateError> {
        Ok(UpdateParams(validate(params)))
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(UpdateError::AccessDenied));
        }
        let (id, edit) = params
            .0
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        change::update(&mut cx.app, *id, edit.departments(), |app, person| {
            edit.apply(app, person)
        })
        .map_err(|refused| refused.map(UpdateError::from))?;
        Ok(true.into())
    }
}
