//! `user.update`: changes, dismisses or reinstates a person.

use readmark_app::{
    Refused,
    users::change::{self, Refusal},
};
use readmark_model::{Scope, UserId};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::Deferred,
    },
    error_set,
    methods::shared::people::edit::{Edit, EditError},
    params,
};

/// `user.update`.
pub struct UserUpdate;

params! {
    /// Parameters of `user.update`. Errors in them are reported to administrators only.
    pub struct UpdateParams: UpdateError {
        /// Id of the person.
        required id: UserId = "ID", or(AccessDenied);
        group edit: Edit;
    }
}

error_set! {
    /// Errors of `user.update`.
    pub enum UpdateError {
        /// The caller is not an administrator, `ID` is not a positive whole number, or the last administrator would be dismissed.
        AccessDenied = 400 "ERROR_CORE" "access_denied",
        /// There is no such person; bots are none.
        Unknown = 400 "ERROR_CORE" "User not found",
        /// `EMAIL` is no address.
        WrongEmail = 400 "ERROR_CORE" "wrong_email",
        /// The email belongs to another person.
        EmailTaken = 400 "ERROR_CORE" "A user with this email already exists",
        /// `PERSONAL_PHOTO` or `WORK_LOGO` is not a picture, or is wider or higher than 5000 pixels.
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
            Refusal::EmailInvalid => Self::WrongEmail,
            Refusal::EmailTaken => Self::EmailTaken,
            Refusal::Unknown => Self::Unknown,
            Refusal::Department => Self::WrongValue,
        }
    }
}

impl Method for UserUpdate {
    const NAME: &'static str = "user.update";
    const SCOPES: &'static [Scope] = &[Scope::User];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes, dismisses or reinstates a person; for administrators.";
    type Params = Deferred<UpdateParams>;
    type Output = bool;
    type Error = UpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &Deferred<UpdateParams>) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(UpdateError::AccessDenied));
        }
        let UpdateParams { id, edit } = params.get::<UpdateError>()?;
        change::update(&mut cx.app, *id, edit.departments(), |app, person| {
            edit.apply(app, person)
        })
        .map_err(|refused| refused.map(UpdateError::from))?;
        Ok(true.into())
    }
}
