//! `im.department.managers.get`: who heads departments.

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
pub struct ImDepartmentManagersGet;

impl Method for ImDepartmentManagersGet {
    const NAME: &'static str = "im.department.managers.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Answers who heads departments; departments that do not exist are left out.";
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
        Ok(params
            .answer(cx, |app, ids, _| staff::managers(app, ids))?
            .into())
    }
}
