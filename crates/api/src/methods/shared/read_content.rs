//! Readers of `ATTACH`, `KEYBOARD` and `MENU` for [`params!`](crate::params): `by(read_content::attach), kind(ParamType::Object)`.

use crate::{
    content::{self, Buttons, Change, ContentError},
    contract::params::ReadCx,
    wire::Field,
};

/// Reads `ATTACH`, see [`content::attach`].
///
/// # Errors
/// [`ContentError::Attach`], [`ContentError::AttachOversize`].
pub fn attach(field: Field<'_>, _: &ReadCx<'_>) -> Result<Change, ContentError> {
    content::attach(field.raw())
}

/// Reads `KEYBOARD`, see [`Buttons::keyboard`].
///
/// # Errors
/// [`ContentError::Keyboard`], [`ContentError::KeyboardOversize`].
pub fn keyboard(field: Field<'_>, _: &ReadCx<'_>) -> Result<Buttons, ContentError> {
    Buttons::keyboard(field.raw())
}

/// Reads `MENU`, see [`Buttons::menu`].
///
/// # Errors
/// [`ContentError::Menu`], [`ContentError::MenuOversize`].
pub fn menu(field: Field<'_>, _: &ReadCx<'_>) -> Result<Buttons, ContentError> {
    Buttons::menu(field.raw())
}
