//! The message in `fields` of `imbot.v2.Chat.Message.send` and `imbot.v2.Command.answer`.

use readmark_app::message::send::Draft;
use readmark_model::{MessageKind, MessageParams, ParamChanges, UserId, text::without_nul};

use crate::{
    content::{Buttons, Change, ContentError},
    contract::params::ParamType,
    methods::shared::read_content,
    params,
};

params! {
    /// What a bot writes.
    pub struct MessageFields: ContentError {
        /// The text, up to 20,000 characters, a longer one is cut.
        optional text: String = "message", default(String::new());
        /// Attachment; also as text that holds JSON.
        optional attach: Change = "attach", by(read_content::attach), kind(ParamType::Array);
        /// Buttons below the message; also as text that holds JSON.
        optional keyboard: Buttons = "keyboard", by(read_content::keyboard), kind(ParamType::Array);
        /// Whether it is a system message, which shows no author; `false` when left out.
        optional system: bool = "system", default(false);
        /// Whether links show previews; they do when left out.
        optional url_preview: Option<bool> = "urlPreview", typed;
    }
}

impl MessageFields {
    /// Whether there is neither text nor attachment.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        without_nul(&self.text).trim().is_empty() && !matches!(self.attach, Change::Set(_))
    }

    /// The parameters of the message. Buttons without a bot call commands of `bot`.
    ///
    /// # Errors
    /// [`ContentError::KeyboardOversize`].
    pub fn message_params(&self, bot: UserId) -> Result<MessageParams, ContentError> {
        let changes = ParamChanges {
            attach: self.attach.clone(),
            keyboard: self.keyboard.sent_by(bot)?,
            menu: Change::Keep,
            url_preview: self.url_preview,
        };
        Ok(changes.into())
    }

    /// The message with these parameters, without a reply and uuid.
    #[must_use]
    pub fn draft<'a>(&'a self, params: &'a MessageParams) -> Draft<'a> {
        Draft {
            kind: MessageKind::sent(self.system),
            text: &self.text,
            params,
            reply: None,
            uuid: None,
        }
    }
}
