//! What a message carries besides its text, in methods with upper-case parameters.

use readmark_model::{ParamChanges, UserId};

use crate::{
    content::{Buttons, Change, ContentError},
    contract::{
        method::NoError,
        params::{ParamType, ReadCx},
    },
    methods::shared::read_content,
    params,
    wire::Field,
};

params! {
    /// Attachment, buttons and menu of a message. Errors in them are reported when they are requested, as methods differ in what
    /// they look at before.
    #[derive(Clone, Debug)]
    pub struct ContentParams: NoError {
        /// Attachment; also as text that holds JSON; `N` or an empty one removes it.
        optional attach: Result<Change, ContentError> = "ATTACH", by(attach), kind(ParamType::Object);
        /// Buttons below the message; also as text that holds JSON; `N` or empty ones remove them.
        optional keyboard: Result<Buttons, ContentError> = "KEYBOARD", by(keyboard), kind(ParamType::Object);
        /// Items of the context menu; also as text that holds JSON; `N` or empty ones remove them.
        optional menu: Result<Buttons, ContentError> = "MENU", by(menu), kind(ParamType::Object);
    }
}

impl ContentParams {
    /// The change to the attachment.
    ///
    /// # Errors
    /// [`ContentError::Attach`], [`ContentError::AttachOversize`].
    pub const fn attach(&self) -> Result<&Change, ContentError> {
        match &self.attach {
            Ok(change) => Ok(change),
            Err(error) => Err(*error),
        }
    }

    /// The changes to the message's parameters. Buttons and items without a bot call commands of `bot`, if a bot sends the message.
    ///
    /// # Errors
    /// The first error in: attachment, keyboard, menu.
    pub fn changes(
        &self,
        bot: Option<UserId>,
        url_preview: Option<bool>,
    ) -> Result<ParamChanges, ContentError> {
        let buttons = |read: &Result<Buttons, ContentError>| match (read, bot) {
            (Ok(buttons), Some(bot)) => buttons.sent_by(bot),
            (Ok(buttons), None) => Ok(buttons.sent_by_user()),
            (Err(error), _) => Err(*error),
        };
        Ok(ParamChanges {
            attach: self.attach()?.clone(),
            keyboard: buttons(&self.keyboard)?,
            menu: buttons(&self.menu)?,
            url_preview,
        })
    }
}

fn attach(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Result<Change, ContentError>, NoError> {
    Ok(read_content::attach(field, cx))
}

fn keyboard(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Result<Buttons, ContentError>, NoError> {
    Ok(read_content::keyboard(field, cx))
}

fn menu(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Result<Buttons, ContentError>, NoError> {
    Ok(read_content::menu(field, cx))
}
