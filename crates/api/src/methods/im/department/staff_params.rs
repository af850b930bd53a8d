//! Shared parts of `im.department.employees.get` and `im.department.managers.get`: users of departments.

use readmark_app::{
    Cx, Refused,
    departments::staff::{NotStaff, Staff},
};

use crate::{
    contract::method::MethodCx,
    error_set,
    methods::shared::departments::{DepartmentsParams, Users},
    wire::EmptyAsList,
};

error_set! {
    /// Errors of the methods that answer users of departments.
    pub enum StaffError {
        /// `ID` is missing, empty, no list, or holds anything but whole numbers.
        IdEmpty = 400 "ID_EMPTY" "Department ID can't be empty",
        /// The caller is an extranet user or a bot.
        AccessDenied = 403 "ACCESS_ERROR" "Only intranet users have access to this method.",
    }
}

/// The users that `find` returns for the departments: it gets the ids, and whether the users themselves are wanted.
///
/// # Errors
/// [`StaffError`]; permission is checked before the ids.
pub fn answer(
    cx: &mut MethodCx<'_>,
    params: &DepartmentsParams,
    find: impl FnOnce(&mut Cx<'_>, &[i64], bool) -> Result<Staff, Refused<NotStaff>>,
) -> Result<EmptyAsList<i64, Users>, Refused<StaffError>> {
    let ids = params.ids.as_deref().unwrap_or_default();
    let found = find(&mut cx.app, ids, params.user_data)
        .map_err(|refused| refused.map(|NotStaff| StaffError::AccessDenied))?;
    if params.ids.is_none() {
        return Err(Refused::Because(StaffError::IdEmpty));
    }
    let by_department = found.departments.iter().map(|(department, ids)| {
        let users = Users::new(ids, &found.people, params.user_data, cx.portal);
        (*department, users)
    });
    Ok(by_department.collect())
}
