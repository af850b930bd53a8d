//! `im.department.employees.get`: who works in departments.

use readmark_app::departments::staff;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec},
    methods::{
        im::department::staff_params::{self, StaffError, StaffParams},
        shared::departments::Users,
    },
    wire::{EmptyAsList, Params},
};

/// See the module.
pub struct ImDepartmentEmployeesGet;

impl Method for ImDepartmentEmployeesGet {
    const NAME: &'static str = "im.department.employees.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Answers who works in departments; departments that do not exist are left out.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[staff_params::PARAMS];
    type Params = StaffParams;
    type Output = EmptyAsList<i64, Users>;
    type Error = StaffError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<StaffParams, StaffError> {
        Ok(StaffParams::read(params))
    }

    fn call(cx: &mut MethodCx<'_>, params: &StaffParams) -> Answer<Self> {
        Ok(params.answer(cx, staff::employees)?.into())
    }
}
