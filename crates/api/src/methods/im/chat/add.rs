//! `im.chat.add`: makes a group chat.

use readmark_app::chat::group::{self, Wish};
use readmark_model::{ChatKind, Scope, UserId, color::Color};
use readmark_store::repo::chat::Entity;

use crate::{
    content::image::{self, Image},
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
        parse,
    },
    wire::Params,
};

/// See the module.
pub struct ImChatAdd;

/// Parameters. The method has no errors: what is malformed counts as not given.
pub struct AddParams {
    kind: ChatKind,
    title: String,
    description: String,
    color: Option<Color>,
    image: Option<Image>,
    entity: Entity,
    users: Vec<UserId>,
    message: String,
}

impl Method for ImChatAdd {
    const NAME: &'static str = "im.chat.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes a group chat that the caller owns.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional("USERS", ParamType::Array, "Members beside the caller."),
        ParamSpec::optional(
            "TYPE",
            ParamType::String,
            "`OPEN` or `CHAT`, a closed one; `CHAT` when left out.",
        ),
        ParamSpec::optional("TITLE", ParamType::String, "Title; made up when left out."),
        ParamSpec::optional("DESCRIPTION", ParamType::String, "Description."),
        ParamSpec::optional(
            "COLOR",
            ParamType::String,
            "One of the sixteen colours, as `MINT`.",
        ),
        ParamSpec::optional("MESSAGE", ParamType::String, "The first message."),
        ParamSpec::optional(
            "AVATAR",
            ParamType::String,
            "A picture in Base64, of at most 5000 by 5000 pixels.",
        ),
        ParamSpec::optional(
            "ENTITY_TYPE",
            ParamType::String,
            "Type of the external object, as `CRM`.",
        ),
        ParamSpec::optional(
            "ENTITY_ID",
            ParamType::String,
            "Id of the external object, as `DEAL|7`.",
        ),
        ParamSpec::optional("ENTITY_DATA_1", ParamType::String, "External data 1."),
        ParamSpec::optional("ENTITY_DATA_2", ParamType::String, "External data 2."),
        ParamSpec::optional("ENTITY_DATA_3", ParamType::String, "External data 3."),
        ParamSpec::optional(
            "COPILOT_MAIN_ROLE",
            ParamType::String,
            "Accepted and passed over: there is no assistant.",
        ),
    ]];
    type Params = AddParams;
    type Output = i64;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AddParams, NoError> {
        let text = |name| {
            params
                .get(name)
                .as_text()
                .map(|text| text.replace('\0', ""))
                .unwrap_or_default()
        };
        let open = text("TYPE").eq_ignore_ascii_case("OPEN");
        Ok(AddParams {
            kind: if open {
                ChatKind::Open
            } else {
                ChatKind::Group
            },
            title: text("TITLE"),
            description: text("DESCRIPTION"),
            color: Color::from_name(&text("COLOR")),
            image: image::decode(&text("AVATAR")).ok(),
            entity: Entity {
                kind: text("ENTITY_TYPE").trim().to_owned(),
                id: text("ENTITY_ID").trim().to_owned(),
                data: [
                    text("ENTITY_DATA_1"),
                    text("ENTITY_DATA_2"),
                    text("ENTITY_DATA_3"),
                ],
            },
            users: parse::users(params, "USERS"),
            message: text("MESSAGE"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        let avatar = params
            .image
            .as_ref()
            .map(|image| (image.media_type, image.bytes.as_slice()));
        let id = group::add(
            &mut cx.app,
            &Wish {
                kind: params.kind,
                title: &params.title,
                description: &params.description,
                color: params.color,
                avatar,
                owner: None,
                entity: &params.entity,
                users: &params.users,
                message: &params.message,
            },
        )?;
        Ok(id.get().into())
    }
}
