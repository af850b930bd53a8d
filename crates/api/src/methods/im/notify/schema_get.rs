//! `im.notify.schema.get`: the kinds of notifications by module.

use std::collections::BTreeMap;

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    objects::notification::{MODULE, setting_name},
};

/// `im.notify.schema.get`.
pub struct ImNotifySchemaGet;

/// A kind of notifications.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub struct KindObject {
    /// Module and event.
    pub id: String,
    /// Its name.
    pub name: &'static str,
}

/// A module that notifies.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct ModuleObject {
    /// Its name.
    pub name: &'static str,
    /// Its id.
    pub module_id: &'static str,
    /// What it notifies of.
    pub list: Vec<KindObject>,
}

impl Method for ImNotifySchemaGet {
    const NAME: &'static str = "im.notify.schema.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns the kinds of notifications by module: only applications notify here.";
    type Params = ();
    type Output = BTreeMap<&'static str, ModuleObject>;
    type Error = NoError;

    fn call(_: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let applications = ModuleObject {
            name: "Applications",
            module_id: MODULE,
            list: vec![KindObject {
                id: setting_name(),
                name: "Notifications of applications",
            }],
        };
        Ok(BTreeMap::from([(MODULE, applications)]).into())
    }
}
