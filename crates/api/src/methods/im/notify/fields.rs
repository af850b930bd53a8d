//! What the three methods that notify have in common, and whose tags a call may use.

use readmark_app::notify::add::{self, Notice};
use readmark_model::{Credential, UserId};
use readmark_store::repo::notification::NotificationKind;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    call::dispatch::hash_secret,
    content::{self, ATTACH, ContentError},
    contract::{
        method::{MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    objects::{False, OrFalse},
    wire::Params,
};

/// Characters of the longest tag; a longer one is cut.
const MAX_TAG: usize = 255;
/// Characters of the longest text; a longer one is cut, as of messages.
const MAX_TEXT: usize = 20_000;

error_set! {
    /// Errors of the methods that notify.
    pub enum NotifyError {
        /// `USER_ID` is missing or no positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// `MESSAGE` is missing or blank.
        MessageEmpty = 400 "MESSAGE_EMPTY" "Message can't be empty",
        /// `ATTACH` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `ATTACH` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
    }
}

/// `CLIENT_ID`.
pub const CLIENT_ID: ParamSpec = ParamSpec::optional(
    "CLIENT_ID",
    ParamType::String,
    "The application whose tags these are, by webhook; an access token has an application of its own.",
);

/// `USER_ID`.
pub const USER_ID: ParamSpec =
    ParamSpec::required("USER_ID", ParamType::Integer, "Who is notified.");

/// `MESSAGE`.
pub const MESSAGE: ParamSpec = ParamSpec::required(
    "MESSAGE",
    ParamType::String,
    "The text, up to 20,000 characters, a longer one is cut; white space around it is taken away.",
);

/// `MESSAGE_OUT`.
pub const MESSAGE_OUT: ParamSpec = ParamSpec::optional(
    "MESSAGE_OUT",
    ParamType::String,
    "The text for other channels such as email. Has no effect: nothing is sent elsewhere.",
);

/// `TAG`.
pub const TAG: ParamSpec = ParamSpec::optional(
    "TAG",
    ParamType::String,
    "A tag, up to 255 characters: the application's notification with the same one is replaced.",
);

/// `SUB_TAG`.
pub const SUB_TAG: ParamSpec = ParamSpec::optional(
    "SUB_TAG",
    ParamType::String,
    "A further tag, up to 255 characters, that several notifications may have.",
);

/// `ATTACH`.
pub const ATTACHMENT: ParamSpec = ParamSpec::optional(
    "ATTACH",
    ParamType::Object,
    "Attachment; also as text that holds JSON.",
);

/// The two tags of a call.
pub struct Tags {
    /// `TAG`, or empty.
    pub tag: String,
    /// `SUB_TAG`, or empty.
    pub sub_tag: String,
    client: Option<String>,
}

impl Tags {
    /// Reads them.
    #[must_use]
    pub fn read(params: &Params) -> Self {
        let client = text(params, "CLIENT_ID", MAX_TAG);
        Self {
            tag: text(params, "TAG", MAX_TAG),
            sub_tag: text(params, "SUB_TAG", MAX_TAG),
            client: (!client.is_empty()).then_some(client),
        }
    }

    /// The key of the application that the tags belong to; `None` for a webhook without `CLIENT_ID`. It is shown beside
    /// tags, so that it is made of a hash: whoever knows a webhook's `CLIENT_ID` may use its tags. Access tokens have keys
    /// that no webhook can have.
    #[must_use]
    pub fn application(&self, cx: &MethodCx<'_>) -> Option<String> {
        let name = match (&cx.app.caller.credential, &self.client) {
            (Credential::Application(id), _) => format!("token {id}"),
            (Credential::Webhook(_), Some(id)) => format!("webhook {id}"),
            (Credential::Webhook(_), None) => return None,
        };
        let hash = hash_secret(&name);
        Some(
            hash.iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }
}

/// Parameters of a method that notifies.
pub struct NotifyParams {
    user: UserId,
    kind: NotificationKind,
    text: String,
    tags: Tags,
    attach: Option<String>,
}

impl NotifyParams {
    /// Reads them.
    ///
    /// # Errors
    /// [`NotifyError`].
    pub fn read(params: &Params, kind: NotificationKind) -> Result<Self, NotifyError> {
        let user = parse::user(params, "USER_ID").ok_or(NotifyError::UserIdEmpty)?;
        let text = text(params, "MESSAGE", MAX_TEXT);
        if text.is_empty() {
            return Err(NotifyError::MessageEmpty);
        }
        let mut content = Map::new();
        content::attach(params.get("ATTACH").raw())
            .map_err(|error| match error {
                ContentError::AttachOversize => NotifyError::AttachOversize,
                _ => NotifyError::AttachError,
            })?
            .apply(&mut content, ATTACH);
        Ok(Self {
            user,
            kind,
            text,
            tags: Tags::read(params),
            attach: (!content.is_empty()).then(|| Value::Object(content).to_string()),
        })
    }

    /// Notifies; `false` when there is no such user to be notified. Tags of a webhook without `CLIENT_ID` are the user's own.
    ///
    /// # Errors
    /// When the store fails.
    pub fn send(&self, cx: &mut MethodCx<'_>) -> Result<OrFalse<i64>, readmark_app::Fault> {
        let own = || format!("user{}", cx.app.user);
        let application = self.tags.application(cx).unwrap_or_else(own);
        let notice = Notice {
            user: self.user,
            kind: self.kind,
            application: &application,
            tag: &self.tags.tag,
            sub_tag: &self.tags.sub_tag,
            text: &self.text,
            params: self.attach.as_deref(),
        };
        Ok(add::add(&mut cx.app, &notice)?.map(i64::from).into())
    }
}

/// What the handler of a notification answered to a quick answer or a pressed button.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct HandlerReply {
    /// `false`, as there was no handler.
    pub result_message: False,
}

impl HandlerReply {
    /// No handler, and nothing changes: modules of the original notify with handlers. Whatever notifies here is an application, by a
    /// method that offers neither buttons nor quick answers.
    pub const NONE: Self = Self {
        result_message: False,
    };
}

/// A text without white space around it, without NUL characters, which no store keeps, and cut at `most` characters.
fn text(params: &Params, name: &str, most: usize) -> String {
    let text = params.get(name).as_text().unwrap_or_default();
    let kept: String = text.chars().filter(|letter| *letter != '\0').collect();
    kept.trim().chars().take(most).collect()
}
