//! The message in `fields` of `imbot.v2.Chat.Message.send` and of `imbot.v2.Command.answer`.

use readmark_app::message::send::Draft;
use readmark_model::{MessageKind, UserId, text::without_nul};

use crate::{
    content::{self, Change, ContentError},
    methods::bot_v2::fields,
    objects::message_params::ParamChanges,
    wire::Members,
};

/// What a bot writes.
pub struct BotMessage {
    kind: MessageKind,
    text: String,
    params: String,
}

impl BotMessage {
    /// Reads it; `None` where there is neither text nor attachment. Buttons that name no bot call commands of `bot`.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn read(fields: Members<'_>, bot: Option<UserId>) -> Result<Option<Self>, ContentError> {
        let text = fields.named("message").as_text().unwrap_or_default();
        let attach = content::attach(fields.named("attach").raw())?;
        let keyboard = content::keyboard(fields.named("keyboard").raw(), bot)?;
        if without_nul(&text).trim().is_empty() && !matches!(attach, Change::Set(_)) {
            return Ok(None);
        }
        let switch = |name| fields::switch(fields.named(name));
        let changes = ParamChanges {
            attach,
            keyboard,
            menu: Change::Keep,
            url_preview: switch("urlPreview"),
        };
        Ok(Some(Self {
            kind: MessageKind::sent(switch("system") == Some(true)),
            text: text.into_owned(),
            params: changes.create(),
        }))
    }

    /// The message, an answer to none and without a uuid.
    #[must_use]
    pub fn draft(&self) -> Draft<'_> {
        Draft {
            kind: self.kind,
            text: &self.text,
            params: &self.params,
            reply: None,
            uuid: None,
        }
    }
}
