//! What pressing a button or choosing a menu item does.

use readmark_model::DialogId;

use super::fields::{Built, Fields, Malformed};

/// Values of `ACTION`.
const ACTIONS: &[&str] = &["PUT", "SEND", "COPY", "CALL", "DIALOG"];

/// Copies the one action of a button or menu item: `LINK`; `COMMAND` with `COMMAND_PARAMS`; `ACTION` with `ACTION_VALUE`; `APP_ID`
/// with `APP_PARAMS`. If several are given, the first in this order is used; at least one is required.
///
/// `ACTION: DIALOG` opens a chat, so its value must be a dialog id.
pub(super) fn copy_action(fields: Fields<'_>, built: &mut Built) -> Result<(), Malformed> {
    if let Some(link) = fields.link("LINK")? {
        built.put("LINK", link);
    } else if let Some(command) = fields.text("COMMAND")? {
        built.put("COMMAND", command);
        built.put("COMMAND_PARAMS", fields.text("COMMAND_PARAMS")?);
    } else if fields.text("ACTION")?.is_some() {
        let action = fields.word("ACTION", ACTIONS).ok_or(Malformed)?;
        let value = fields.required_text("ACTION_VALUE")?;
        if action == "DIALOG" && DialogId::parse(&value).is_none() {
            return Err(Malformed);
        }
        built.put("ACTION", action);
        built.put("ACTION_VALUE", value);
    } else {
        built.put("APP_ID", fields.id("APP_ID")?.ok_or(Malformed)?);
        built.put("APP_PARAMS", fields.text("APP_PARAMS")?);
    }
    Ok(())
}
