//! `imbot.v2.Chat.Message.update`: a bot changes a message of its own (rule R9).
//!
//! What the page leaves open:
//!
//! - What is not in `fields` stays; an empty `message` deletes the message, as everywhere. A new text or attachment marks the message
//!   as edited.
//! - Attachments and keyboards that are not built as documented get the codes of `im.message.update`, as the page has none.

use readmark_app::{
    Refused,
    bot::access::Claim,
    message::{
        delete::{self, CannotEdit, Editor},
        update::{self, Edit},
    },
};
use readmark_model::{MessageId, Scope};

use crate::{
    bot_error_set,
    content::{self, Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::bot_v2::{auth, fields},
    objects::{Done, message_params::ParamChanges},
    wire::{Members, Params},
};

/// See the module.
pub struct ImbotV2ChatMessageUpdate;

/// Parameters.
pub struct UpdateParams {
    claim: Claim,
    message: Option<MessageId>,
    /// What is wrong with it is answered after the message.
    content: Result<Content, BotUpdateError>,
}

/// What is to be changed.
struct Content {
    text: Option<String>,
    params: ParamChanges,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Message.update`.
    pub enum BotUpdateError {
        /// There is no such message, it is deleted, a notice, a system message or not the bot's own, it cannot be seen, or the
        /// portal's edit period is over; or `messageId` is missing or malformed.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
        /// `attach` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
        /// `attach` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `keyboard` is not built as documented.
        KeyboardError = 400 "KEYBOARD_ERROR" "Incorrect keyboard params",
        /// `keyboard` is longer than 60,000 characters.
        KeyboardOversize = 400 "KEYBOARD_OVERSIZE" "You have exceeded the maximum allowable size of keyboard",
    }
}

impl From<CannotEdit> for BotUpdateError {
    fn from(CannotEdit: CannotEdit) -> Self {
        Self::AccessDenied
    }
}

impl From<ContentError> for BotUpdateError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Attach => Self::AttachError,
            ContentError::AttachOversize => Self::AttachOversize,
            // The method has no menu.
            ContentError::Keyboard | ContentError::Menu => Self::KeyboardError,
            ContentError::KeyboardOversize | ContentError::MenuOversize => Self::KeyboardOversize,
        }
    }
}

impl Method for ImbotV2ChatMessageUpdate {
    const NAME: &'static str = "imbot.v2.Chat.Message.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a message of a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::MESSAGE_ID,
        ParamSpec::required(
            "fields",
            ParamType::Object,
            "`message`, `attach`, `keyboard`, `urlPreview`; `N` removes an attachment or keyboard.",
        ),
    ]];
    type Params = UpdateParams;
    type Output = Done;
    type Error = BotUpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, BotUpdateError> {
        let claim = auth::claim(params);
        let fields = params.get("fields").as_map().unwrap_or_default();
        Ok(UpdateParams {
            claim,
            message: parse::message(params, "messageId"),
            content: Content::read(fields, &claim),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        const DENIED: Refused<BotUpdateError> = Refused::Because(BotUpdateError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let id = params.message.ok_or(DENIED)?;
        let content = match &params.content {
            Ok(content) => content,
            Err(error) => {
                delete::find_editable(app, id, Editor::Author)
                    .map_err(|refused| refused.map(BotUpdateError::from))?;
                return Err(Refused::Because(*error));
            }
        };
        let edit = Edit {
            text: content.text.as_deref(),
            revise: &|stored, text_changes| {
                let edited = text_changes || content.params.attach != Change::Keep;
                content.params.revise(stored, edited)
            },
        };
        update::update(app, id, &edit).map_err(|refused| refused.map(BotUpdateError::from))?;
        Ok(Done::YES.into())
    }
}

impl Content {
    fn read(fields: Members<'_>, claim: &Claim) -> Result<Self, BotUpdateError> {
        Ok(Self {
            text: fields
                .named("message")
                .as_text()
                .map(|text| text.into_owned()),
            params: ParamChanges {
                attach: content::attach(fields.named("attach").raw())?,
                keyboard: content::keyboard(fields.named("keyboard").raw(), claim.bot)?,
                menu: Change::Keep,
                url_preview: fields::switch(fields.named("urlPreview")),
            },
        })
    }
}
