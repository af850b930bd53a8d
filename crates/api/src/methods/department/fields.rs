//! `department.fields`: the names of the fields of departments.

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `department.fields`.
pub struct DepartmentFields;

/// Each field with its name for humans.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct Fields {
    id: &'static str,
    name: &'static str,
    sort: &'static str,
    parent: &'static str,
    uf_head: &'static str,
}

impl Method for DepartmentFields {
    const NAME: &'static str = "department.fields";
    const SCOPES: &'static [Scope] = &[Scope::Department];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the fields of departments with their labels.";
    type Params = ();
    type Output = Fields;
    type Error = NoError;

    fn call(_: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let fields = Fields {
            id: "ID",
            name: "Department Name",
            sort: "Sort Order",
            parent: "Parent Department",
            uf_head: "Manager",
        };
        Ok(fields.into())
    }
}
