//! `im.notify.read.all`: marks all notifications of the caller as read.

use readmark_app::notify::read;
use readmark_model::{NotificationId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `im.notify.read.all`.
pub struct ImNotifyReadAll;

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllReadObject {
    /// `true`.
    pub result: bool,
    /// Notifications that are unread now.
    pub new_counter: i64,
}

impl Method for ImNotifyReadAll {
    const NAME: &'static str = "im.notify.read.all";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Marks all notifications of the caller as read.";
    type Params = ();
    type Output = AllReadObject;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let new_counter = read::mark_from(&mut cx.app, NotificationId(0), true)?;
        Ok(AllReadObject {
            result: true,
            new_counter,
        }
        .into())
    }
}
