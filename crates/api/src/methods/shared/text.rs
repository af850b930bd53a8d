//! Texts as they are stored.

use readmark_model::text::without_nul;

use crate::{
    contract::{method::NoError, params::ReadCx},
    wire::Field,
};

/// A text without NUL characters, which no store keeps; empty if missing.
pub fn plain(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, NoError> {
    let text = field.as_text().unwrap_or_default();
    Ok(without_nul(&text).into_owned())
}

/// The same, trimmed.
pub fn trimmed(field: Field<'_>, cx: &ReadCx<'_>) -> Result<String, NoError> {
    plain(field, cx).map(|text| text.trim().to_owned())
}

/// A text that may be empty; `None` if missing.
pub fn given(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, NoError> {
    Ok(field.as_text().map(|text| text.into_owned()))
}
