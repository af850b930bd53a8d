//! Applications that bots add to the chat window.

use readmark_model::{
    Timestamp, UserId,
    chat_app::{Action, AppText, ChatApp},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    sql::sql,
};

columns! {
    /// What an [`Action`] is stored as: `js_method` is empty for a page.
    pub(crate) struct ActionRow from "chat_apps" {
        js_method: String = "js_method",
        js_param: String = "js_param",
        iframe: String = "iframe",
        iframe_width: i64 = "iframe_width",
        iframe_height: i64 = "iframe_height",
        hash: String = "hash",
    }
}

impl From<ActionRow> for Action {
    fn from(row: ActionRow) -> Self {
        if row.js_method.is_empty() {
            Self::Iframe {
                url: row.iframe,
                width: row.iframe_width,
                height: row.iframe_height,
                hash: row.hash,
            }
        } else {
            Self::Js {
                method: row.js_method,
                param: row.js_param,
            }
        }
    }
}

columns! {
    ChatApp from "chat_apps" {
        id: i64 = "id",
        bot: UserId = "bot_id",
        code: String = "code",
        action: ActionRow = ActionRow::COLUMNS => |action| Ok(Action::from(action)),
        icon: String = "icon",
        context: String = "context",
        hidden: bool = "hidden",
        extranet_support: bool = "extranet_support",
        livechat_support: bool = "livechat_support",
        iframe_popup: bool = "iframe_popup",
    }
}

columns! {
    AppText from "chat_app_texts" {
        language: String = "language",
        title: String = "title",
        description: String = "description",
        copyright: String = "copyright",
    }
}

/// The columns from `js_method` to `hash`.
fn action_columns(action: &Action) -> (&str, &str, &str, i64, i64, &str) {
    match action {
        Action::Js { method, param } => (method, param, "", 0, 0, ""),
        Action::Iframe {
            url,
            width,
            height,
            hash,
        } => ("", "", url, *width, *height, hash),
    }
}

/// An application by its id.
pub fn find(tx: &mut dyn Tx, id: i64) -> Result<Option<ChatApp>, StoreError> {
    tx.find(
        sql!(ChatApp::SELECT, " WHERE id = ?1"),
        params![id],
        ChatApp::from_row,
    )
}

/// An application of a bot by its code.
pub fn find_of_bot(
    tx: &mut dyn Tx,
    bot: UserId,
    code: &str,
) -> Result<Option<ChatApp>, StoreError> {
    tx.find(
        sql!(ChatApp::SELECT, " WHERE bot_id = ?1 AND code = ?2"),
        params![bot, code],
        ChatApp::from_row,
    )
}

/// The applications of a bot, in the order of their ids.
pub fn list(tx: &mut dyn Tx, bot: UserId) -> Result<Vec<ChatApp>, StoreError> {
    tx.list(
        sql!(ChatApp::SELECT, " WHERE bot_id = ?1 ORDER BY id"),
        params![bot],
        ChatApp::from_row,
    )
}

/// Adds an application and answers its id.
///
/// # Errors
/// [`StoreError::Conflict`] when the bot has one of this code.
pub fn insert(tx: &mut dyn Tx, new: &ChatApp, now: Timestamp) -> Result<i64, StoreError> {
    let (method, param, iframe, width, height, hash) = action_columns(&new.action);
    tx.get(
        "INSERT INTO chat_apps (bot_id, code, js_method, js_param, iframe, iframe_width, iframe_height, hash, icon, context, \
         hidden, extranet_support, livechat_support, iframe_popup, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) RETURNING id",
        params![
            new.bot,
            &new.code,
            method,
            param,
            iframe,
            width,
            height,
            hash,
            &new.icon,
            &new.context,
            new.hidden,
            new.extranet_support,
            new.livechat_support,
            new.iframe_popup,
            now
        ],
        |row| row.int(0),
    )
}

/// Writes everything of an application that can change.
pub fn update(tx: &mut dyn Tx, app: &ChatApp) -> Result<(), StoreError> {
    let (method, param, iframe, width, height, hash) = action_columns(&app.action);
    tx.execute(
        "UPDATE chat_apps SET js_method = ?2, js_param = ?3, iframe = ?4, iframe_width = ?5, iframe_height = ?6, hash = ?7, \
         icon = ?8, context = ?9, hidden = ?10, extranet_support = ?11, livechat_support = ?12, iframe_popup = ?13 \
         WHERE id = ?1",
        params![
            app.id,
            method,
            param,
            iframe,
            width,
            height,
            hash,
            &app.icon,
            &app.context,
            app.hidden,
            app.extranet_support,
            app.livechat_support,
            app.iframe_popup
        ],
    )
    .map(drop)
}

/// The texts of an application, in the order of languages.
pub fn list_texts(tx: &mut dyn Tx, app: i64) -> Result<Vec<AppText>, StoreError> {
    tx.list(
        sql!(AppText::SELECT, " WHERE app_id = ?1 ORDER BY language"),
        params![app],
        AppText::from_row,
    )
}

/// Replaces the texts of an application in all languages.
pub fn replace_texts(tx: &mut dyn Tx, app: i64, texts: &[AppText]) -> Result<(), StoreError> {
    delete_texts(tx, app)?;
    for text in texts {
        tx.execute(
            "INSERT INTO chat_app_texts (app_id, language, title, description, copyright) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                app,
                &text.language,
                &text.title,
                &text.description,
                &text.copyright
            ],
        )?;
    }
    Ok(())
}

/// Deletes an application and its texts.
pub fn delete(tx: &mut dyn Tx, id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM chat_apps WHERE id = ?1", params![id])?;
    delete_texts(tx, id)
}

fn delete_texts(tx: &mut dyn Tx, app: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM chat_app_texts WHERE app_id = ?1", params![app])
        .map(drop)
}
