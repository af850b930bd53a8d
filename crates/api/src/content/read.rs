//! `ATTACH`, `KEYBOARD` and `MENU` as [`params!`](crate::params) reads them: `by(read::attach), kind(ParamType::Object)`.

use super::{Change, ContentError};
use crate::{contract::params::ReadCx, wire::Field};

/// Reads `ATTACH`, see [`attach`](super::attach).
///
/// # Errors
/// [`ContentError::Attach`], [`ContentError::AttachOversize`].
pub fn attach(field: Field<'_>, _: &ReadCx<'_>) -> Result<Change, ContentError> {
    super::attach(field.raw())
}

/// Reads `KEYBOARD`, see [`keyboard`](super::keyboard): buttons that name no bot call commands of the call's bot.
///
/// # Errors
/// [`ContentError::Keyboard`], [`ContentError::KeyboardOversize`].
pub fn keyboard(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Change, ContentError> {
    super::keyboard(field.raw(), cx.bot)
}

/// Reads `MENU`, see [`menu`](super::menu): items that name no bot call commands of the call's bot.
///
/// # Errors
/// [`ContentError::Menu`], [`ContentError::MenuOversize`].
pub fn menu(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Change, ContentError> {
    super::menu(field.raw(), cx.bot)
}
