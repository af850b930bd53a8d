//! Applications that a bot adds to the panels of chats (`imbot.app.register`).

use crate::ids::UserId;

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of `imbot.app.register`"
)]
pub struct ChatApp {
    /// Its id, ignored when it is inserted.
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
    /// Whether extranet users see it.
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
