//! A notification as its recipient sees it.

use readmark_store::repo::notification::Notification;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::date;
use crate::portal::PortalContext;

/// The module of every notification: applications are all that notifies here.
pub const MODULE: &str = "rest";
/// The event of every notification.
pub const EVENT: &str = "rest_notify";

/// The code of the setting of a module's event.
#[must_use]
pub fn setting_name() -> String {
    format!("{MODULE}|{EVENT}")
}

/// One notification.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NotificationObject {
    /// Its id.
    pub id: i64,
    /// 0: no chat stands behind notifications here.
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
    /// With `html` the text is HTML: special characters are escaped and lines broken by tags; BB codes stay.
    #[must_use]
    pub fn new(stored: &Notification, html: bool, portal: &PortalContext) -> Self {
        let tag = |tag: &str| match tag {
            "" => String::new(),
            tag => format!("MP|{}|{tag}", stored.application),
        };
        let params = stored.params.as_deref();
        Self {
            id: stored.id.get(),
            chat_id: 0,
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
            params: params.and_then(|text| serde_json::from_str(text).ok()),
        }
    }
}

fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\n' => html.push_str("<br />"),
            letter => html.push(letter),
        }
    }
    html
}
