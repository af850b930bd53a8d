//! `im.chat.get`: finds the chat of an external object.

use readmark_app::chat::find;
use readmark_model::Scope;
use readmark_store::repo::chat::Entity;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
    wire::Params,
};

/// See the module.
pub struct ImChatGet;

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChatIdObject {
    /// The chat's number.
    #[serde(rename = "ID")]
    pub id: i64,
}

impl Method for ImChatGet {
    const NAME: &'static str = "im.chat.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Finds the oldest chat of an external object; null when there is none that the caller may look into.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "ENTITY_TYPE",
            ParamType::String,
            "Type of the object, as `CRM` or `SONET_GROUP`.",
        ),
        ParamSpec::required("ENTITY_ID", ParamType::String, "Its id, as `DEAL|7`."),
    ]];
    /// Type and id are empty where they are missing or malformed.
    type Params = Entity;
    type Output = Option<ChatIdObject>;
    type Error = NoError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<Entity, NoError> {
        let text = |name| {
            params
                .get(name)
                .as_text()
                .map(|text| text.replace('\0', "").trim().to_owned())
                .unwrap_or_default()
        };
        Ok(Entity {
            kind: text("ENTITY_TYPE"),
            id: text("ENTITY_ID"),
            ..Entity::default()
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &Entity) -> Answer<Self> {
        if params.kind.is_empty() || params.id.is_empty() {
            return Ok(None.into());
        }
        let found = find::by_entity(&mut cx.app, params)?;
        Ok(found.map(|id| ChatIdObject { id: id.get() }).into())
    }
}
