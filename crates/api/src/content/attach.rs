//! Attachments: cards of blocks, as the page "ATTACH Block Collection" describes them.

use serde_json::Value;

use super::fields::{Built, COLOR_TOKENS, DEFAULT_COLOR_TOKEN, Fields, Malformed, list, same_name};
use super::html::harmless;

/// Default width of a delimiter, in pixels.
const DELIMITER_SIZE: i64 = 200;

/// The kinds of blocks, by the name of their only key. `RICH_LINK` is a link that clients show as a preview.
const BLOCKS: [&str; 8] = [
    "MESSAGE",
    "LINK",
    "RICH_LINK",
    "USER",
    "GRID",
    "IMAGE",
    "FILE",
    "DELIMITER",
];

/// The attachments in canonical form: a list of `{ID, COLOR_TOKEN, COLOR, DESCRIPTION, BLOCKS}`, where blocks other than texts and
/// delimiters are lists of entries. Attachments without blocks are left out.
pub(super) fn attachments(value: &Value) -> Result<Vec<Value>, Malformed> {
    let given = match list(value) {
        Some(items) if items.iter().copied().all(is_full_form) => items,
        _ => vec![value],
    };
    let mut attachments = Vec::new();
    for value in given {
        let attachment = attachment(value, attachments.len() + 1)?;
        attachments.extend(attachment);
    }
    Ok(attachments)
}

fn is_full_form(value: &Value) -> bool {
    Fields::of(value).is_ok_and(|fields| fields.get("BLOCKS").is_some())
}

fn attachment(value: &Value, number: usize) -> Result<Option<Value>, Malformed> {
    let blocks_of = |list: Vec<&Value>| list.into_iter().map(block).collect::<Result<Vec<_>, _>>();
    let mut built = Built::default();
    let blocks = if is_full_form(value) {
        let fields = Fields::of(value)?;
        let id = fields.size("ID", 1);
        built.put("ID", id.or_else(|| i64::try_from(number).ok()));
        let token = fields.word("COLOR_TOKEN", COLOR_TOKENS);
        built.put("COLOR_TOKEN", token.unwrap_or(DEFAULT_COLOR_TOKEN));
        built.put("COLOR", fields.color("COLOR"));
        built.put("DESCRIPTION", fields.text("DESCRIPTION")?);
        blocks_of(fields.get("BLOCKS").and_then(list).ok_or(Malformed)?)?
    } else {
        built.put("ID", i64::try_from(number).ok());
        built.put("COLOR_TOKEN", DEFAULT_COLOR_TOKEN);
        blocks_of(list(value).ok_or(Malformed)?)?
    };
    if blocks.is_empty() {
        return Ok(None);
    }
    built.put("BLOCKS", blocks);
    Ok(Some(built.into()))
}

/// A block: a map in which exactly one key names a kind of block.
fn block(value: &Value) -> Result<Value, Malformed> {
    let map = value.as_object().ok_or(Malformed)?;
    let kind_of = |key: &str| BLOCKS.into_iter().find(|kind| same_name(kind, key));
    let mut kinds = map
        .iter()
        .filter_map(|(key, content)| kind_of(key).map(|kind| (kind, content)));
    let (Some((kind, content)), None) = (kinds.next(), kinds.next()) else {
        return Err(Malformed);
    };
    let mut built = Built::default();
    match kind {
        "MESSAGE" => built.put("MESSAGE", Fields::of(value)?.required_text("MESSAGE")?),
        "DELIMITER" => built.put("DELIMITER", delimiter(Fields::of(content)?)),
        "USER" => built.put(kind, entries(content, user)?),
        "GRID" => built.put(kind, entries(content, cell)?),
        "IMAGE" => built.put(kind, entries(content, image)?),
        "FILE" => built.put(kind, entries(content, file)?),
        _ => built.put(kind, entries(content, link)?),
    }
    Ok(built.into())
}

/// The entries of a block: one, or a non-empty list.
fn entries(
    content: &Value,
    entry: impl Fn(Fields<'_>, &mut Built) -> Result<(), Malformed>,
) -> Result<Vec<Value>, Malformed> {
    let given = list(content).unwrap_or_else(|| vec![content]);
    if given.is_empty() {
        return Err(Malformed);
    }
    given
        .into_iter()
        .map(|value| {
            let mut built = Built::default();
            entry(Fields::of(value)?, &mut built)?;
            Ok(built.into())
        })
        .collect()
}

fn delimiter(fields: Fields<'_>) -> Value {
    let mut built = Built::default();
    built.put("SIZE", fields.size("SIZE", 1).unwrap_or(DELIMITER_SIZE));
    built.put("COLOR", fields.color("COLOR"));
    built.into()
}

fn user(fields: Fields<'_>, built: &mut Built) -> Result<(), Malformed> {
    built.put("NAME", fields.required_text("NAME")?);
    built.put("AVATAR", fields.link("AVATAR")?);
    let avatar_type = fields.word("AVATAR_TYPE", &["USER", "CHAT", "BOT"]);
    built.put("AVATAR_TYPE", avatar_type);
    built.put("LINK", fields.link("LINK")?);
    copy_ids(fields, built, &["USER_ID", "CHAT_ID", "BOT_ID"])?;
    built.put("NETWORK_ID", fields.text("NETWORK_ID")?);
    Ok(())
}

fn link(fields: Fields<'_>, built: &mut Built) -> Result<(), Malformed> {
    built.put("NAME", fields.text("NAME")?);
    built.put("LINK", fields.required_link("LINK")?);
    built.put("DESC", fields.text("DESC")?);
    let html = fields.text("HTML")?.map(|html| harmless(&html));
    built.put("HTML", html.filter(|html| !html.trim().is_empty()));
    built.put("PREVIEW", fields.link("PREVIEW")?);
    copy_sizes(fields, built);
    copy_ids(fields, built, &["USER_ID", "CHAT_ID"])?;
    built.put("NETWORK_ID", fields.text("NETWORK_ID")?);
    Ok(())
}

/// A pair of name and value, either of which may be missing.
fn cell(fields: Fields<'_>, built: &mut Built) -> Result<(), Malformed> {
    let display = fields.word("DISPLAY", &["BLOCK", "LINE", "ROW", "TABLE"]);
    let (name, value) = (fields.text("NAME")?, fields.text("VALUE")?);
    if name.is_none() && value.is_none() {
        return Err(Malformed);
    }
    built.put("DISPLAY", display.ok_or(Malformed)?);
    built.put("NAME", name);
    built.put("VALUE", value);
    copy_sizes(fields, built);
    built.put("COLOR_TOKEN", fields.word("COLOR_TOKEN", COLOR_TOKENS));
    built.put("COLOR", fields.color("COLOR"));
    built.put("LINK", fields.link("LINK")?);
    copy_ids(fields, built, &["USER_ID", "CHAT_ID"])
}

fn image(fields: Fields<'_>, built: &mut Built) -> Result<(), Malformed> {
    built.put("NAME", fields.text("NAME")?);
    built.put("LINK", fields.required_link("LINK")?);
    built.put("PREVIEW", fields.link("PREVIEW")?);
    copy_sizes(fields, built);
    Ok(())
}

fn file(fields: Fields<'_>, built: &mut Built) -> Result<(), Malformed> {
    built.put("NAME", fields.text("NAME")?);
    built.put("LINK", fields.required_link("LINK")?);
    built.put("SIZE", fields.size("SIZE", 0));
    Ok(())
}

fn copy_sizes(fields: Fields<'_>, built: &mut Built) {
    built.put("WIDTH", fields.size("WIDTH", 1));
    built.put("HEIGHT", fields.size("HEIGHT", 1));
}

fn copy_ids(fields: Fields<'_>, built: &mut Built, names: &[&str]) -> Result<(), Malformed> {
    for name in names {
        built.put(name, fields.id(name)?);
    }
    Ok(())
}

#[cfg(test)]
#[path = "attach_tests.rs"]
mod tests;
