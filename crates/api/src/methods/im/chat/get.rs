//! `im.chat.get`: finds the chat of an external object.

use readmark_app::chat::find;
use readmark_model::{Scope, chat::Entity};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::ParamType,
    },
    methods::shared::text,
    params,
};

/// `im.chat.get`.
pub struct ImChatGet;

params! {
    /// Parameters of `im.chat.get`. What is missing or malformed is empty, and names no object.
    pub struct GetParams: NoError {
        /// Type of the object, as `CRM` or `SONET_GROUP`.
        required kind: String = "ENTITY_TYPE", by(text::trimmed), kind(ParamType::String);
        /// Its id, as `DEAL|7`.
        required id: String = "ENTITY_ID", by(text::trimmed), kind(ParamType::String);
    }
}

impl GetParams {
    /// The object; `None` if not given.
    #[must_use]
    pub fn entity(&self) -> Option<Entity> {
        let named = !self.kind.is_empty() && !self.id.is_empty();
        named.then(|| Entity {
            kind: self.kind.clone(),
            id: self.id.clone(),
            ..Entity::default()
        })
    }
}

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
    type Params = GetParams;
    type Output = Option<ChatIdObject>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let Some(entity) = params.entity() else {
            return Ok(None.into());
        };
        let found = find::by_entity(&mut cx.app, &entity)?;
        Ok(found.map(|id| ChatIdObject { id: id.get() }).into())
    }
}
