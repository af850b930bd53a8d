//! Parameters that many methods share.

use readmark_model::{ChatId, DialogId, MessageId, UserId};

use crate::wire::{Field, IntField, ListSyntax, Params};

/// A dialog id as given and as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogParam {
    /// As given: answers echo it.
    pub text: String,
    /// What it names.
    pub id: DialogId,
}

/// A dialog id; the number 7 is the text "7". `None` when it is missing, empty or malformed.
#[must_use]
pub fn dialog(params: &Params, name: &str) -> Option<DialogParam> {
    let field = params.get(name);
    if field.is_absent() || field.raw().is_some_and(serde_json::Value::is_boolean) {
        return None;
    }
    let text = field.as_text()?.into_owned();
    DialogId::parse(&text).map(|id| DialogParam { text, id })
}

/// A positive whole number; `None` when it is missing or anything else.
#[must_use]
pub fn positive(params: &Params, name: &str) -> Option<i64> {
    match params.get(name).as_int() {
        IntField::Valid(number) if number > 0 => Some(number),
        IntField::Valid(_) | IntField::Absent | IntField::Malformed => None,
    }
}

/// A chat's number, as [`positive`].
#[must_use]
pub fn chat(params: &Params, name: &str) -> Option<ChatId> {
    positive(params, name).map(ChatId)
}

/// A user's number, as [`positive`].
#[must_use]
pub fn user(params: &Params, name: &str) -> Option<UserId> {
    positive(params, name).map(UserId)
}

/// A message's number, as [`positive`].
#[must_use]
pub fn message(params: &Params, name: &str) -> Option<MessageId> {
    positive(params, name).map(MessageId)
}

/// `Y` or `N` and every other spelling of a boolean; `default` when it is missing or unreadable.
#[must_use]
pub fn flag(params: &Params, name: &str, default: bool) -> bool {
    let field = params.get(name);
    if field.is_absent() {
        default
    } else {
        field.as_bool().unwrap_or(default)
    }
}

/// How many entries are wanted: `default` when that is missing or nothing that can be wanted, never more than `most`.
#[must_use]
pub fn limit(params: &Params, name: &str, default: i64, most: i64) -> i64 {
    positive(params, name).unwrap_or(default).min(most)
}

/// Users by number, in a list, a map, or alone; what is no positive whole number is passed over.
#[must_use]
pub fn users(params: &Params, name: &str) -> Vec<UserId> {
    users_in(params.get(name))
}

/// The same of a field.
#[must_use]
pub fn users_in(field: Field<'_>) -> Vec<UserId> {
    let list = field.as_id_list(ListSyntax::PLAIN);
    list.map(|list| {
        list.ids
            .into_iter()
            .filter(|id| *id > 0)
            .map(UserId)
            .collect()
    })
    .unwrap_or_default()
}
