//! `im.department.get`: several departments as chats show them.

use readmark_app::{
    Refused,
    departments::staff::{self, NotStaff},
};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::shared::departments::{DepartmentObject, DepartmentsParams},
};

/// `im.department.get`.
pub struct ImDepartmentGet;

error_set! {
    /// Errors of `im.department.get`.
    pub enum GetError {
        /// `ID` is missing, empty, no list, or holds anything but whole numbers.
        InvalidFormat = 400 "INVALID_FORMAT" "A wrong format for the ID field is passed",
        /// The caller is an extranet user or a bot.
        AccessDenied = 403 "ACCESS_ERROR" "Only intranet users have access to this method.",
    }
}

impl Method for ImDepartmentGet {
    const NAME: &'static str = "im.department.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns several departments; unknown ones are left out.";
    type Params = DepartmentsParams;
    type Output = Vec<DepartmentObject>;
    type Error = GetError;

    fn call(cx: &mut MethodCx<'_>, params: &DepartmentsParams) -> Answer<Self> {
        let ids = params.ids.as_deref().unwrap_or_default();
        let (found, heads) = staff::departments(&mut cx.app, ids)
            .map_err(|refused| refused.map(|NotStaff| GetError::AccessDenied))?;
        if params.ids.is_none() {
            return Err(Refused::Because(GetError::InvalidFormat));
        }
        let objects = found
            .iter()
            .map(|one| DepartmentObject::new(one, &heads, params.user_data, cx.portal));
        Ok(objects.collect::<Vec<_>>().into())
    }
}
