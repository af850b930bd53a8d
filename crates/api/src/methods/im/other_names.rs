//! Chats, dialogs and notifications under the other names by which clients send them. They are values of another form than the
//! documented ones, or take precedence, so that an alias of a declaration does not do. Where both are given, the documented name wins,
//! but `ID` of a notification, which the official libraries send.

use readmark_app::{Interrupt, access};
use readmark_model::{ChatId, DialogId, NotificationId, UserId};

use crate::contract::{
    method::MethodCx,
    params::{Given, ParamSpec, ParamType, ParamValue, Parameters, ReadCx, Source, Wrong},
};

/// Nothing valid is given under the name that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNamed;

/// Converts [`NotNamed`] into an error of a method.
macro_rules! from_not_named {
    ($error:ident, $variant:ident) => {
        impl From<$crate::methods::im::other_names::NotNamed> for $error {
            fn from(_: $crate::methods::im::other_names::NotNamed) -> Self {
                Self::$variant
            }
        }
    };
}
pub(crate) use from_not_named;

/// A chat by `CHAT_ID`, its number, or by `DIALOG_ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedChat(DialogId);

impl NumberedChat {
    /// The number of the chat; `None` for a workgroup without one, or a user whom the caller may not see.
    ///
    /// # Errors
    /// If the store fails, or a private chat must be made and the transaction only reads.
    pub fn find(self, cx: &mut MethodCx<'_>) -> Result<Option<ChatId>, Interrupt> {
        access::resolve(&mut cx.app, self.0)
    }
}

impl Parameters for NumberedChat {
    type Error = NotNamed;

    const SPEC: &'static [ParamSpec] =
        &[
            ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat's number.")
                .with_aliases(&["DIALOG_ID"]),
        ];

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<NotNamed>> {
        let found = match ChatId::read(source.get("CHAT_ID"), cx) {
            Given::Absent => DialogId::read(source.get("DIALOG_ID"), cx),
            given => given.map(DialogId::Chat),
        };
        found.valid().map(Self).ok_or(Wrong::Own(NotNamed))
    }
}

/// A dialog by `DIALOG_ID`, or by `CHAT_ID`, the number of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialogOrChat(pub DialogId);

impl Parameters for DialogOrChat {
    type Error = NotNamed;

    const SPEC: &'static [ParamSpec] = &[ParamSpec::required(
        "DIALOG_ID",
        ParamType::String,
        "The dialog: `chatN`, `sgN`, or the id of a user.",
    )
    .with_aliases(&["CHAT_ID"])];

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<NotNamed>> {
        let found = match DialogId::read(source.get("DIALOG_ID"), cx) {
            Given::Absent => ChatId::read(source.get("CHAT_ID"), cx).map(DialogId::Chat),
            given => given,
        };
        found.valid().map(Self).ok_or(Wrong::Own(NotNamed))
    }
}

/// Whom a message is for: `DIALOG_ID`, or `CHAT_ID`, the number of a chat, or `USER_ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient(pub DialogId);

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRecipient {
    /// Nobody is named.
    Missing,
    /// A malformed id with the prefix of a chat: an unknown chat.
    Chat,
}

impl Parameters for Recipient {
    type Error = NoRecipient;

    const SPEC: &'static [ParamSpec] = &[ParamSpec::required(
        "DIALOG_ID",
        ParamType::String,
        "The dialog: `chatN`, `sgN`, or the id of a user.",
    )
    .with_aliases(&["CHAT_ID", "USER_ID"])];

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<NoRecipient>> {
        let dialog = source.get("DIALOG_ID");
        let found = match DialogId::read(dialog, cx) {
            Given::Absent => match ChatId::read(source.get("CHAT_ID"), cx) {
                Given::Absent => UserId::read(source.get("USER_ID"), cx).map(DialogId::User),
                chat => chat.map(DialogId::Chat),
            },
            given => given,
        };
        let text = dialog.as_text().unwrap_or_default();
        let is_chat = text.starts_with("chat") || text.starts_with("sg");
        found.valid().map(Self).ok_or(Wrong::Own(if is_chat {
            NoRecipient::Chat
        } else {
            NoRecipient::Missing
        }))
    }
}

/// A notification by `NOTIFY_ID`, or by `ID`, which wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedNotification(pub NotificationId);

impl Parameters for NamedNotification {
    type Error = NotNamed;

    const SPEC: &'static [ParamSpec] =
        &[
            ParamSpec::required("NOTIFY_ID", ParamType::Integer, "The notification.")
                .with_aliases(&["ID"]),
        ];

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<NotNamed>> {
        let found = match NotificationId::read(source.get("ID"), cx) {
            Given::Absent => NotificationId::read(source.get("NOTIFY_ID"), cx),
            given => given,
        };
        found.valid().map(Self).ok_or(Wrong::Own(NotNamed))
    }
}
