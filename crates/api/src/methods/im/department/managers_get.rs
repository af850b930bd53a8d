//! `im.department.managers.get`: the heads of departments.

use readmark_app::departments::staff;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        im::department::staff_params::{self, StaffError},
        shared::departments::{DepartmentsParams, Users},
    },
    wire::EmptyAsList,
};

/// `im.department.managers.get`.
pub struct ImDepartmentManagersGet;

impl Method for ImDepartmentManagersGet {
    const NAME: &'static str = "im.department.managers.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns the heads of departments; unknown departments are left out.";
    type Params = DepartmentsParams;
    type Output = EmptyAsList<i64, Users>;
    type Error = StaffError;

    fn call(cx: &mut MethodCx<'_>, params: &DepartmentsParams) -> Answer<Self> {
        Ok(staff_params::answer(cx, params, |app, ids, _| staff::managers(app, ids))?.into())
    }
}
