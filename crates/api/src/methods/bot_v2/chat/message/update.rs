//! `imbot.v2.Chat.Message.update`: a bot changes its own message (rule R9).
//!
//! What the page leaves open:
//!
//! - What is not in `fields` stays; an empty `message` deletes the message, as everywhere. A new text or attachment marks the message
//!   as edited.
//! - Invalid attachments and keyboards get the codes of `im.message.update`, as the page has none.

use readmark_app::{
    Refused,
    bot::access::Claim,
    message::{
        delete::{self, CannotEdit, Editor},
        update::{self, Edit},
    },
};
use readmark_model::{MessageId, ParamChanges, Scope, UserId};

use crate::{
    bot_error_set,
    content::{Buttons, Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, ParamType},
    },
    methods::{
        bot_v2::auth,
        shared::{read_content, text},
    },
    objects::Done,
    params,
};

/// `imbot.v2.Chat.Message.update`.
pub struct ImbotV2ChatMessageUpdate;

params! {
    /// Parameters of `imbot.v2.Chat.Message.update`.
    pub struct UpdateParams: BotUpdateError {
        group claim: Claim;
        /// The message.
        required message: Option<MessageId> = "messageId", lenient;
        /// The changes; what is left out stays.
        required fields: Deferred<UpdateFields> = "fields", members;
    }
}

params! {
    /// `fields`. Its errors are reported after the message.
    pub struct UpdateFields: BotUpdateError {
        /// The new text, up to 20,000 characters, a longer one is cut; an empty one deletes the message.
        optional text: Option<String> = "message", by(text::given), kind(ParamType::String);
        /// Attachment; also as text that holds JSON; `N` removes it.
        optional attach: Change = "attach", by(read_content::attach), kind(ParamType::Array);
        /// Buttons below the message; also as text that holds JSON; `N` removes them.
        optional keyboard: Buttons = "keyboard", by(read_content::keyboard), kind(ParamType::Array);
        /// Whether links show previews.
        optional url_preview: Option<bool> = "urlPreview", typed;
    }
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
    type Params = UpdateParams;
    type Output = Done;
    type Error = BotUpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        const DENIED: Refused<BotUpdateError> = Refused::Because(BotUpdateError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let id = params.message.ok_or(DENIED)?;
        let fields = params.fields.0.as_ref().map_err(|error| *error);
        let (text, changes) = match fields.and_then(|fields| fields.changes(app.user)) {
            Ok(changes) => changes,
            Err(error) => {
                delete::find_editable(app, id, Editor::Author)
                    .map_err(|refused| refused.map(BotUpdateError::from))?;
                return Err(Refused::Because(error));
            }
        };
        let edit = Edit {
            text,
            params: &changes,
            mark_edited: changes.attach != Change::Keep,
        };
        update::update(app, id, &edit).map_err(|refused| refused.map(BotUpdateError::from))?;
        Ok(Done::YES.into())
    }
}

impl UpdateFields {
    /// The new text, and the changes to the message's parameters. Buttons without a bot call commands of `bot`.
    fn changes(&self, bot: UserId) -> Result<(Option<&str>, ParamChanges), BotUpdateError> {
        let changes = ParamChanges {
            attach: self.attach.clone(),
            keyboard: self.keyboard.sent_by(bot)?,
            menu: Change::Keep,
            url_preview: self.url_preview,
        };
        Ok((self.text.as_deref(), changes))
    }
}
