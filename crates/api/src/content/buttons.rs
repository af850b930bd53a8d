//! Buttons and menu items as read, before the sending bot is known.

use readmark_model::UserId;
use serde_json::Value;

use super::{Change, ContentError, Items, Refusal, check_size, items, keyboard, menu};

/// Key of the bot whose command an item calls.
const BOT_ID: &str = "BOT_ID";

/// Buttons below a message, or items of its menu, as given in a call.
///
/// An item's command belongs to the bot that the item or its list names, by default to the bot that sends the message. That bot is
/// unknown while parameters are read, so it is filled in when the message is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Buttons {
    items: Items,
    oversize: ContentError,
}

impl Buttons {
    /// Reads `KEYBOARD`: a list of buttons, which is also the canonical form, or `{BOT_ID, BUTTONS}`.
    ///
    /// # Errors
    /// [`ContentError::Keyboard`], [`ContentError::KeyboardOversize`].
    pub fn keyboard(given: Option<&Value>) -> Result<Self, ContentError> {
        let oversize = ContentError::KeyboardOversize;
        items(given, keyboard::buttons)
            .map(|items| Self { items, oversize })
            .map_err(|refusal| match refusal {
                Refusal::Malformed => ContentError::Keyboard,
                Refusal::Oversize => oversize,
            })
    }

    /// Reads `MENU`: a list of items, which is also the canonical form, or `{BOT_ID, ITEMS}`.
    ///
    /// # Errors
    /// [`ContentError::Menu`], [`ContentError::MenuOversize`].
    pub fn menu(given: Option<&Value>) -> Result<Self, ContentError> {
        let oversize = ContentError::MenuOversize;
        items(given, menu::items)
            .map(|items| Self { items, oversize })
            .map_err(|refusal| match refusal {
                Refusal::Malformed => ContentError::Menu,
                Refusal::Oversize => oversize,
            })
    }

    /// The buttons of a message sent by a user, who has no commands.
    #[must_use]
    pub fn sent_by_user(&self) -> Change {
        self.items.clone().into_change()
    }

    /// The buttons of a message sent by this bot.
    ///
    /// # Errors
    /// If the list is too long with the bot filled in.
    pub fn sent_by(&self, bot: UserId) -> Result<Change, ContentError> {
        let mut items = self.items.clone();
        if let Items::Set(items) = &mut items {
            for item in items.iter_mut() {
                assign(item, bot);
            }
            check_size(items).map_err(|_| self.oversize)?;
        }
        Ok(items.into_change())
    }
}

/// Assigns an item to a bot, unless it has one or needs none.
fn assign(item: &mut Value, bot: UserId) {
    if let Value::Object(fields) = item
        && fields.get("TYPE").is_none_or(|kind| kind != "NEWLINE")
        && !fields.contains_key(BOT_ID)
    {
        fields.shift_insert(0, BOT_ID.to_owned(), bot.get().into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::content::MAX_CHARS;

    const BOT: UserId = UserId(3);

    fn items(change: Change) -> Vec<Value> {
        let Change::Set(document) = change else {
            panic!("nothing is set: {change:?}");
        };
        serde_json::from_str(document.as_str()).unwrap()
    }

    fn bots(change: Change) -> Vec<Value> {
        let items = items(change).into_iter();
        items.map(|item| item[BOT_ID].clone()).collect()
    }

    #[test]
    fn the_nearest_bot_is_the_one_that_is_called() {
        let own = json!({"TEXT": "a", "COMMAND": "x", "BOT_ID": 5});
        let plain = json!({"TEXT": "b", "COMMAND": "x"});
        let list = json!([own, plain]);
        let full = json!({"BOT_ID": "4", "BUTTONS": list, "ITEMS": list});
        for read in [Buttons::keyboard, Buttons::menu] {
            let (full, list) = (read(Some(&full)).unwrap(), read(Some(&list)).unwrap());
            assert_eq!(bots(full.sent_by(BOT).unwrap()), [5, 4]);
            assert_eq!(bots(list.sent_by(BOT).unwrap()), [5, 3]);
            assert_eq!(bots(list.sent_by_user()), [json!(5), Value::Null]);
        }
    }

    #[test]
    fn the_bot_comes_first_and_new_lines_have_none() {
        let given = json!([{"TYPE": "NEWLINE"}, {"TEXT": "b", "COMMAND": "x"}]);
        let sent = Buttons::keyboard(Some(&given)).unwrap().sent_by(BOT);
        let items = items(sent.unwrap());
        assert_eq!(items[0], json!({"TYPE": "NEWLINE"}));
        let first = items[1].as_object().and_then(|item| item.keys().next());
        assert_eq!(first.map(String::as_str), Some(BOT_ID));
    }

    #[test]
    fn the_bot_counts_for_the_size() {
        let short = Buttons::menu(Some(&json!([{"TEXT": "x", "LINK": "/"}]))).unwrap();
        let stored = Value::Array(items(short.sent_by_user())).to_string();
        let around = stored.chars().count() - 1;
        let longest = json!([{"TEXT": "x".repeat(MAX_CHARS - around), "LINK": "/"}]);
        let menu = Buttons::menu(Some(&longest)).unwrap();
        assert_eq!(items(menu.sent_by_user()).len(), 1);
        assert_eq!(menu.sent_by(BOT), Err(ContentError::MenuOversize));
    }
}
