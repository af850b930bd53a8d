//! Buttons below a message, as the page "Working with Keyboards" describes them.

use serde_json::Value;

use super::action::copy_action;
use super::fields::{Built, COLOR_TOKENS, CONTEXTS, DEFAULT_COLOR_TOKEN, Fields, Malformed, list};

/// The buttons in canonical form: each has its `TYPE` and its documented defaults filled in.
///
/// The bot whose command a button calls is the button's own `BOT_ID`, else the keyboard's.
pub(super) fn buttons(value: &Value) -> Result<Vec<Value>, Malformed> {
    let (buttons, bot) = unwrapped(value, "BUTTONS")?;
    buttons
        .into_iter()
        .map(|value| button(Fields::of(value)?, bot))
        .collect()
}

/// The list in its full or short form, and the bot of its items, if it names one.
pub(super) fn unwrapped<'a>(
    value: &'a Value,
    name: &str,
) -> Result<(Vec<&'a Value>, Option<i64>), Malformed> {
    if let Some(items) = list(value) {
        return Ok((items, None));
    }
    let fields = Fields::of(value)?;
    let items = fields.get(name).and_then(list).ok_or(Malformed)?;
    Ok((items, fields.id("BOT_ID")?))
}

fn button(fields: Fields<'_>, bot: Option<i64>) -> Result<Value, Malformed> {
    let mut built = Built::default();
    if fields.text("TYPE")?.is_some() {
        let kind = fields.word("TYPE", &["BUTTON", "NEWLINE"]);
        if kind.ok_or(Malformed)? == "NEWLINE" {
            built.put("TYPE", "NEWLINE");
            return Ok(built.into());
        }
    }
    built.put("BOT_ID", fields.id("BOT_ID")?.or(bot));
    built.put("TYPE", "BUTTON");
    built.put("TEXT", fields.required_text("TEXT")?);
    copy_action(fields, &mut built)?;
    built.put_flag("BLOCK", fields.flag("BLOCK").unwrap_or(false));
    built.put_flag("DISABLED", fields.flag("DISABLED").unwrap_or(false));
    built.put("CONTEXT", fields.word("CONTEXT", CONTEXTS).unwrap_or("ALL"));
    let display = fields.word("DISPLAY", &["BLOCK", "LINE"]);
    built.put("DISPLAY", display.unwrap_or("BLOCK"));
    built.put("WIDTH", fields.size("WIDTH", 1));
    let token = fields.word("BG_COLOR_TOKEN", COLOR_TOKENS);
    built.put("BG_COLOR_TOKEN", token.unwrap_or(DEFAULT_COLOR_TOKEN));
    for name in ["BG_COLOR", "TEXT_COLOR", "OFF_BG_COLOR", "OFF_TEXT_COLOR"] {
        built.put(name, fields.color(name));
    }
    Ok(built.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(button: Value) -> Result<Value, Malformed> {
        buttons(&json!([button])).map(|mut list| list.remove(0))
    }

    #[test]
    fn a_full_button_keeps_every_documented_field() {
        let given = json!({
            "TEXT": "Approve", "COMMAND": "approve", "COMMAND_PARAMS": "17", "BLOCK": "Y", "DISABLED": "N",
            "CONTEXT": "DESKTOP", "DISPLAY": "LINE", "WIDTH": "150", "BG_COLOR": "#29619b",
            "BG_COLOR_TOKEN": "primary", "TEXT_COLOR": "#fff", "OFF_BG_COLOR": "#eee", "OFF_TEXT_COLOR": "#000",
            "ONCLICK": "alert(1)",
        });
        let stored = json!({
            "TYPE": "BUTTON", "TEXT": "Approve", "COMMAND": "approve", "COMMAND_PARAMS": "17", "BLOCK": "Y",
            "DISABLED": "N", "CONTEXT": "DESKTOP", "DISPLAY": "LINE", "WIDTH": 150, "BG_COLOR": "#29619b",
            "BG_COLOR_TOKEN": "primary", "TEXT_COLOR": "#fff", "OFF_BG_COLOR": "#eee", "OFF_TEXT_COLOR": "#000",
        });
        assert_eq!(one(given), Ok(stored));
    }

    #[test]
    fn defaults_are_filled_in_and_wrong_looks_fall_back_to_them() {
        let plain = one(json!({"TEXT": "Go", "LINK": "/"}));
        let odd = one(json!({
            "text": "Go", "link": "/", "block": "maybe", "display": "ROUND", "width": -1, "bgColor": "red",
            "bgColorToken": "gold", "context": "WATCH",
        }));
        assert_eq!(plain, odd);
        assert_eq!(
            plain,
            Ok(json!({
                "TYPE": "BUTTON", "TEXT": "Go", "LINK": "/", "BLOCK": "N", "DISABLED": "N", "CONTEXT": "ALL",
                "DISPLAY": "BLOCK", "BG_COLOR_TOKEN": "base",
            }))
        );
    }

    #[test]
    fn a_new_line_needs_nothing_else() {
        assert_eq!(
            one(json!({"TYPE": "newline", "TEXT": "x"})),
            Ok(json!({"TYPE": "NEWLINE"}))
        );
    }

    #[test]
    fn a_button_without_text_or_action_is_wrong() {
        for button in [
            json!({}),
            json!({"TEXT": "Go"}),
            json!({"TEXT": "", "LINK": "/"}),
            json!({"LINK": "/"}),
            json!({"TEXT": ["Go"], "LINK": "/"}),
            json!({"TEXT": "Go", "LINK": "javascript:x"}),
            json!({"TEXT": "Go", "ACTION": "PUT"}),
            json!({"TEXT": "Go", "ACTION": "DANCE", "ACTION_VALUE": "x"}),
            json!({"TEXT": "Go", "ACTION": "DIALOG", "ACTION_VALUE": "nowhere"}),
            json!({"TEXT": "Go", "APP_ID": "x"}),
            json!({"TEXT": "Go", "LINK": "/", "TYPE": "SLIDER"}),
            json!("Go"),
            json!([]),
        ] {
            assert_eq!(one(button.clone()), Err(Malformed), "{button}");
        }
    }

    #[test]
    fn each_action_is_kept_with_what_belongs_to_it() {
        for (action, kept) in [
            (
                json!({"ACTION": "put", "ACTION_VALUE": "hi"}),
                json!({"ACTION": "PUT", "ACTION_VALUE": "hi"}),
            ),
            (
                json!({"ACTION": "DIALOG", "ACTION_VALUE": 7}),
                json!({"ACTION": "DIALOG", "ACTION_VALUE": "7"}),
            ),
            (
                json!({"ACTION": "DIALOG", "ACTION_VALUE": "chat5"}),
                json!({"ACTION": "DIALOG", "ACTION_VALUE": "chat5"}),
            ),
            (
                json!({"APP_ID": "12", "APP_PARAMS": "a"}),
                json!({"APP_ID": 12, "APP_PARAMS": "a"}),
            ),
            (
                json!({"COMMAND": "echo", "LINK": ""}),
                json!({"COMMAND": "echo"}),
            ),
            (
                json!({"COMMAND": "echo", "LINK": "/a"}),
                json!({"LINK": "/a"}),
            ),
        ] {
            let mut button = action.as_object().unwrap().clone();
            button.insert("TEXT".into(), "Go".into());
            let stored = one(Value::Object(button)).unwrap();
            let mut stored = stored.as_object().unwrap().clone();
            for name in [
                "TYPE",
                "TEXT",
                "BLOCK",
                "DISABLED",
                "CONTEXT",
                "DISPLAY",
                "BG_COLOR_TOKEN",
            ] {
                assert!(stored.shift_remove(name).is_some());
            }
            assert_eq!(Value::Object(stored), kept);
        }
    }
}
