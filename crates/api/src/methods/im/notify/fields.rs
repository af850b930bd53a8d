//! Shared parts of the three methods that notify, and which tags a call may use.

use readmark_app::notify::add::{self, Notice};
use readmark_model::{Credential, Document, SecretHash, UserId, notification::NotificationKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    content::{self, Change, ContentError},
    contract::{
        method::{MethodCx, NoError},
        params::{Given, Ignored, ParamType, ParamValue, ReadCx},
    },
    error_set,
    objects::{False, OrFalse},
    params,
    wire::Field,
};

/// Maximum length of a tag, in characters; longer ones are cut.
const MAX_TAG: usize = 255;
/// Maximum length of a text, in characters; longer ones are cut, as for messages.
const MAX_TEXT: usize = 20_000;
/// Length of an application's key, in hexadecimal digits.
const KEY_LENGTH: usize = 16;

error_set! {
    /// Errors of the methods that notify.
    pub enum NotifyError {
        /// `USER_ID` is missing or not a positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// `MESSAGE` is missing or blank.
        MessageEmpty = 400 "MESSAGE_EMPTY" "Message can't be empty",
        /// `ATTACH` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `ATTACH` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
    }
}

params! {
    /// The application that tags belong to.
    pub struct ClientParams: NoError {
        /// The application whose tags these are, by webhook; an access token has an application of its own.
        optional client: Option<String> = "CLIENT_ID", by(client), kind(ParamType::String);
    }
}

fn client(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, NoError> {
    let client = trimmed(field, MAX_TAG);
    Ok((!client.is_empty()).then_some(client))
}

impl ClientParams {
    /// The key of the application that owns the tags; `None` for a webhook without `CLIENT_ID`. It is a hash, as it is shown beside
    /// tags and a webhook's `CLIENT_ID` gives access to its tags. Access tokens have keys that no webhook can have.
    #[must_use]
    pub fn application(&self, cx: &MethodCx<'_>) -> Option<String> {
        let name = match (&cx.app.caller.credential, &self.client) {
            (Credential::Application(id), _) => format!("token {id}"),
            (_, Some(id)) => format!("webhook {id}"),
            (_, None) => return None,
        };
        let mut key = SecretHash::of(&name).to_string();
        key.truncate(KEY_LENGTH);
        Some(key)
    }
}

params! {
    /// Parameters of a method that notifies.
    pub struct NotifyParams: NotifyError {
        /// Who is notified.
        required user: UserId = "USER_ID" | "TO", or(UserIdEmpty);
        /// The text, up to 20,000 characters, a longer one is cut; surrounding white space is trimmed.
        required text: String = "MESSAGE", by(message), kind(ParamType::String);
        /// The text for other channels such as email. Has no effect: nothing is sent elsewhere.
        optional _message_out: Ignored = "MESSAGE_OUT", ignored(ParamType::String);
        /// A tag, up to 255 characters: the application's notification with the same one is replaced.
        optional tag: String = "TAG", by(tag_text), kind(ParamType::String);
        /// A further tag, up to 255 characters, that several notifications may have.
        optional sub_tag: String = "SUB_TAG", by(tag_text), kind(ParamType::String);
        /// Attachment; also as text that holds JSON.
        optional attach: Option<Document> = "ATTACH", by(attachment), kind(ParamType::Object);
        group client: ClientParams;
    }
}

fn message(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, NotifyError> {
    let text = trimmed(field, MAX_TEXT);
    if text.is_empty() {
        return Err(NotifyError::MessageEmpty);
    }
    Ok(text)
}

/// A tag, cut to its maximum length; empty if missing.
pub fn tag_text(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, NoError> {
    Ok(trimmed(field, MAX_TAG))
}

fn attachment(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Document>, NotifyError> {
    match content::attach(field.raw()) {
        Ok(Change::Set(attach)) => Ok(Some(attach)),
        Ok(Change::Keep | Change::Remove) => Ok(None),
        Err(ContentError::AttachOversize) => Err(NotifyError::AttachOversize),
        Err(_) => Err(NotifyError::AttachError),
    }
}

/// A switch set only by the exact text `Y`.
pub fn is_y(field: Field<'_>, _: &ReadCx<'_>) -> Result<bool, NoError> {
    Ok(field.as_text().is_some_and(|text| text == "Y"))
}

/// `ACTION`: `Y` or nothing marks as read, anything else as unread.
pub fn marks_read(field: Field<'_>, cx: &ReadCx<'_>) -> Result<bool, NoError> {
    Ok(field.is_absent() || is_y(field, cx)?)
}

impl NotifyParams {
    /// Notifies; `false` if there is no such user. Tags of a webhook without `CLIENT_ID` are the user's own.
    ///
    /// # Errors
    /// If the store fails.
    pub fn send(
        &self,
        cx: &mut MethodCx<'_>,
        kind: NotificationKind,
    ) -> Result<OrFalse<i64>, readmark_app::Interrupt> {
        let own = || format!("user{}", cx.app.user);
        let application = self.client.application(cx).unwrap_or_else(own);
        let notice = Notice {
            user: self.user,
            kind,
            application: &application,
            tag: &self.tag,
            sub_tag: &self.sub_tag,
            text: &self.text,
            attach: self.attach.as_ref(),
        };
        Ok(add::add(&mut cx.app, &notice)?.map(i64::from).into())
    }
}

/// A text for the handler of a notification, which is only checked: there is no handler to receive it.
#[derive(Clone, Copy, Debug)]
pub struct NotBlank;

impl ParamValue for NotBlank {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        match field.as_text() {
            Some(text) if !text.trim().is_empty() => Given::Valid(Self),
            _ => Given::Absent,
        }
    }
}

/// What the handler of a notification answered to a quick answer or a pressed button.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct HandlerReply {
    /// `false`, as there was no handler.
    pub result_message: False,
}

impl HandlerReply {
    /// No handler, and nothing changes: in the original, modules notify with handlers. Here only applications notify, by methods that
    /// offer neither buttons nor quick answers.
    pub const NONE: Self = Self {
        result_message: False,
    };
}

/// A trimmed text without NUL characters, which no store keeps, cut to `most` characters.
fn trimmed(field: Field<'_>, most: usize) -> String {
    let text = field.as_text().unwrap_or_default();
    let kept: String = text.chars().filter(|letter| *letter != '\0').collect();
    kept.trim().chars().take(most).collect()
}
