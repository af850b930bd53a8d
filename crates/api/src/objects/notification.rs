//! A notification as its recipient sees it.

use readmark_model::{ChatId, notification::Notification, text::to_html};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::{date, message_params};
use crate::portal::context::PortalContext;

/// The module of every notification: only applications notify here.
pub const MODULE: &str = "rest";
/// The event of every notification.
pub const EVENT: &str = "rest_notify";

/// Prefix of a tag as shown, before its application.
const TAG_PREFIX: &str = "MP|";

/// Splits a tag as shown into application and tag; `None` for a bare tag.
#[must_use]
pub fn split_tag(shown: &str) -> Option<(&str, &str)> {
    shown.strip_prefix(TAG_PREFIX)?.split_once('|')
}

/// Whether a filter by type, `MODULE` or `MODULE|EVENT`, matches the notifications of this portal.
#[must_use]
pub fn is_of_type(filter: &str) -> bool {
    filter == MODULE || filter == setting_name()
}

/// The setting code of a module's event.
#[must_use]
pub fn setting_name() -> String {
    format!("{MODULE}|{EVENT}")
}

/// One notification.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NotificationObject {
    /// Its id.
    pub id: i64,
    /// The chat id shown for the recipient's notifications.
    pub chat_id: i64,
    /// From whom; 0 for the system.
    pub author_id: i64,
    /// When.
    pub date: String,
    /// 2 on behalf of a user, 4 of the system.
    pub notify_type: i64,
    /// The module.
    pub notify_module: &'static str,
    /// The module's event.
    pub notify_event: &'static str,
    /// The tag with its application, or empty.
    pub notify_tag: String,
    /// The further tag with its application, or empty.
    pub notify_sub_tag: String,
    /// Empty: notifications of applications have no title.
    pub notify_title: &'static str,
    /// Module and event.
    pub setting_name: String,
    /// The text.
    pub text: String,
    /// `Y` or `N`.
    pub notify_read: &'static str,
    /// The attachment.
    pub params: Option<Value>,
}

impl NotificationObject {
    /// With `html` the text is HTML, see [`to_html`].
    #[must_use]
    pub fn new(
        stored: &Notification,
        chat: Option<ChatId>,
        html: bool,
        portal: &PortalContext,
    ) -> Self {
        let tag = |tag: &str| match tag {
            "" => String::new(),
            tag => format!("{TAG_PREFIX}{}|{tag}", stored.application),
        };
        let attach = stored.attach.as_ref();
        Self {
            id: stored.id.get(),
            chat_id: chat.map_or(0, ChatId::get),
            author_id: stored.author.get(),
            date: date(stored.created_at, portal),
            notify_type: stored.kind.code(),
            notify_module: MODULE,
            notify_event: EVENT,
            notify_tag: tag(&stored.tag),
            notify_sub_tag: tag(&stored.sub_tag),
            notify_title: "",
            setting_name: setting_name(),
            text: if html {
                to_html(&stored.text)
            } else {
                stored.text.clone()
            },
            notify_read: if stored.is_read { "Y" } else { "N" },
            params: attach.map(|attach| json!({ "ATTACH": message_params::value(attach) })),
        }
    }
}
