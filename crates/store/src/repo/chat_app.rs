//! Applications that bots add to the chat window.

use readmark_model::{Timestamp, UserId};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    sql::sql,
};

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of `imbot.app.register`"
)]
pub struct ChatApp {
    /// Its id, which [`insert`] ignores.
    pub id: i64,
    /// The bot that added it.
    pub bot: UserId,
    /// Its code, unique for the bot.
    pub code: String,
    /// What it does, see [`Action`].
    pub action: Action,
    /// Path of its icon, or empty.
    pub icon: String,
    /// In which chats it is shown.
    pub context: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Whether users from outside see it.
    pub extranet_support: bool,
    /// Whether it works in chats with visitors of a website.
    pub livechat_support: bool,
    /// Whether its page stays open when the user switches to another chat.
    pub iframe_popup: bool,
}

/// What an application does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It gives the client a command.
    Js {
        /// `PUT`, `SEND`, `CALL` or `SUPPORT`.
        method: String,
        /// The argument of the command.
        param: String,
    },
    /// It shows a page in a frame.
    Iframe {
        /// The address.
        url: String,
        /// The width, in pixels.
        width: i64,
        /// The height, in pixels.
        height: i64,
        /// The secret by which the page recognises its callers.
        hash: String,
    },
}

/// The texts of an application in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppText {
    /// The language: `en`…
    pub language: String,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// Its copyright notice.
    pub copyright: String,
}

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

impl Action {
    /// The columns from `js_method` to `hash`.
    fn columns(&self) -> (&str, &str, &str, i64, i64, &str) {
        match self {
            Self::Js { method, param } => (method, param, "", 0, 0, ""),
            Self::Iframe {
                url,
                width,
                height,
                hash,
            } => ("", "", url, *width, *height, hash),
        }
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
    let (method, param, iframe, width, height, hash) = new.action.columns();
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
    let (method, param, iframe, width, height, hash) = app.action.columns();
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
