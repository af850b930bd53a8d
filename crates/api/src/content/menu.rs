//! Items of a message's context menu, as the page "Working with Context Menu" describes them.

use serde_json::Value;

use super::action::copy_action;
use super::fields::{Built, CONTEXTS, Fields, Malformed};
use super::keyboard::unwrapped;

/// The items in canonical form, with their documented defaults filled in. Bots are found as for buttons.
pub(super) fn items(value: &Value) -> Result<Vec<Value>, Malformed> {
    let (items, bot) = unwrapped(value, "ITEMS")?;
    items
        .into_iter()
        .map(|value| item(Fields::of(value)?, bot))
        .collect()
}

fn item(fields: Fields<'_>, bot: Option<i64>) -> Result<Value, Malformed> {
    let mut built = Built::default();
    built.put("BOT_ID", fields.id("BOT_ID")?.or(bot));
    built.put("TEXT", fields.required_text("TEXT")?);
    copy_action(fields, &mut built)?;
    built.put_flag("DISABLED", fields.flag("DISABLED").unwrap_or(false));
    built.put("CONTEXT", fields.word("CONTEXT", CONTEXTS).unwrap_or("ALL"));
    Ok(built.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_keep_text_action_and_state() {
        let given = json!({"ITEMS": [
            {"TEXT": "Report", "LINK": "https://example.org/report", "DISABLED": true, "BG_COLOR": "#fff"},
            {"TEXT": "Copy", "ACTION": "COPY", "ACTION_VALUE": "text", "CONTEXT": "mobile"},
        ]});
        assert_eq!(
            items(&given),
            Ok(vec![
                json!({"TEXT": "Report", "LINK": "https://example.org/report", "DISABLED": "Y", "CONTEXT": "ALL"}),
                json!({"TEXT": "Copy", "ACTION": "COPY", "ACTION_VALUE": "text", "DISABLED": "N", "CONTEXT": "MOBILE"}),
            ])
        );
    }

    #[test]
    fn an_item_needs_text_and_an_action() {
        for item in [
            json!({"TEXT": "Report"}),
            json!({"LINK": "/report"}),
            json!({"TYPE": "NEWLINE"}),
            json!({"TEXT": "Report", "LINK": "//example.org"}),
            json!("Report"),
        ] {
            assert_eq!(items(&json!([item])), Err(Malformed), "{item}");
        }
    }
}
