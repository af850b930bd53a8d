//! `im.chat.add`: creates a group chat.

use readmark_app::chat::group::{self, Wish};
use readmark_model::chat::Entity;
use readmark_model::{ChatKind, Scope, UserId, color::Color};

use crate::{
    content::image::{self, Image},
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Given, Ignored, ParamType, ReadCx},
    },
    methods::shared::text,
    params,
    wire::Field,
};

/// `im.chat.add`.
pub struct ImChatAdd;

params! {
    /// Parameters of `im.chat.add`. The method has no errors of its own: a colour or picture that is none counts as not given.
    pub struct AddParams: NoError {
        /// Members beside the caller.
        optional users: Vec<UserId> = "USERS", default(Vec::new());
        /// `OPEN` or `CHAT`, a closed one; `CHAT` when left out.
        optional kind: ChatKind = "TYPE", by(kind), kind(ParamType::String);
        /// Title; made up when left out.
        optional title: String = "TITLE", by(text::plain), kind(ParamType::String);
        /// Description.
        optional description: String = "DESCRIPTION", by(text::plain), kind(ParamType::String);
        /// One of the sixteen colours, as `MINT`.
        optional color: Option<Color> = "COLOR", lenient;
        /// The first message.
        optional message: String = "MESSAGE", by(text::plain), kind(ParamType::String);
        /// A picture in Base64, of at most 5000 by 5000 pixels.
        optional avatar: Given<Image> = "AVATAR", by(avatar), kind(ParamType::String);
        /// Type of the external object, as `CRM`.
        optional entity_type: String = "ENTITY_TYPE", by(text::trimmed), kind(ParamType::String);
        /// Id of the external object, as `DEAL|7`.
        optional entity_id: String = "ENTITY_ID", by(text::trimmed), kind(ParamType::String);
        /// External data 1.
        optional entity_data_1: String = "ENTITY_DATA_1", by(text::plain), kind(ParamType::String);
        /// External data 2.
        optional entity_data_2: String = "ENTITY_DATA_2", by(text::plain), kind(ParamType::String);
        /// External data 3.
        optional entity_data_3: String = "ENTITY_DATA_3", by(text::plain), kind(ParamType::String);
        /// Has no effect: there is no assistant.
        optional _assistant_role: Ignored = "COPILOT_MAIN_ROLE", ignored(ParamType::String);
    }
}

impl Method for ImChatAdd {
    const NAME: &'static str = "im.chat.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Creates a group chat that the caller owns.";
    type Params = AddParams;
    type Output = i64;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        let avatar = match &params.avatar {
            Given::Valid(image) => Some((image.media_type, &*image.bytes)),
            Given::Absent | Given::Malformed => None,
        };
        let entity = Entity {
            kind: params.entity_type.clone(),
            id: params.entity_id.clone(),
            data: [
                params.entity_data_1.clone(),
                params.entity_data_2.clone(),
                params.entity_data_3.clone(),
            ],
        };
        let id = group::add(
            &mut cx.app,
            &Wish {
                kind: params.kind,
                title: &params.title,
                description: &params.description,
                color: params.color,
                avatar,
                owner: None,
                entity: &entity,
                users: &params.users,
                message: &params.message,
            },
        )?;
        Ok(id.get().into())
    }
}

fn kind(field: Field<'_>, cx: &ReadCx<'_>) -> Result<ChatKind, NoError> {
    let open = text::plain(field, cx)?.eq_ignore_ascii_case("OPEN");
    Ok(if open {
        ChatKind::Open
    } else {
        ChatKind::Group
    })
}

/// A blank text, or a list, is no picture at all.
fn avatar(field: Field<'_>, _: &ReadCx<'_>) -> Result<Given<Image>, NoError> {
    let blank = || field.as_text().is_none_or(|text| text.trim().is_empty());
    Ok(match image::read(field) {
        Ok(image) => Given::Valid(image),
        Err(_) if field.file().is_none() && blank() => Given::Absent,
        Err(_) => Given::Malformed,
    })
}
