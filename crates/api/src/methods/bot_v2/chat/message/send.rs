//! `imbot.v2.Chat.Message.send`: a bot sends a message, forwards messages, or both at once.
//!
//! What the page leaves open:
//!
//! - `dialogId` as with `imbot.v2.Chat.Message.read`: anything but a chat that the bot is in is `ACCESS_DENIED`. So are a chat that
//!   it may not post in, and forwarding a message that it may not see, whether it exists or not.
//! - `templateId` becomes the message's `uuid`. It does not prevent a second message from being sent.
//! - Forwarded messages follow the bot's own one, in the given order, with attachments and origin. If there are only forwarded
//!   messages, `id` is the last of them. Everything is sent or nothing.
//! - `SENDING_FAILED`: `attach` or `keyboard` is not built as documented or too long; `replyId` is not a message of this chat;
//!   `forwardIds` is not a map of ids, or has more than 100; a uuid is longer than 255 characters.

use std::collections::BTreeMap;

use readmark_app::{
    Refused,
    bot::{
        access::Claim,
        chat,
        send::{self, Forward, Outgoing, OutgoingRefusal},
    },
    message::send::Draft,
};
use readmark_model::{DialogId, MessageId, MessageParams, Scope, UserId, text::without_nul};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    bot_error_set,
    content::ContentError,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, ParamType, ReadCx},
    },
    methods::bot_v2::{auth, message_fields::MessageFields},
    params,
    wire::{Field, IntField},
};

/// Maximum number of messages forwarded at once.
const MAX_FORWARDS: usize = 100;

/// Maximum length of a uuid, in characters.
const MAX_UUID_CHARS: usize = 255;

/// `imbot.v2.Chat.Message.send`.
pub struct ImbotV2ChatMessageSend;

params! {
    /// Parameters of `imbot.v2.Chat.Message.send`.
    pub struct SendParams: BotSendError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// What is to be sent.
        optional fields: Deferred<SendFields> = "fields", members;
    }
}

params! {
    /// `fields`. Its errors are reported after the dialog.
    pub struct SendFields: BotSendError {
        group message: MessageFields;
        /// The message of the same chat that this one answers.
        optional reply: Option<MessageId> = "replyId", by(reply), kind(ParamType::Integer);
        /// The message's uuid, up to 255 characters.
        optional uuid: Option<String> = "templateId", by(uuid), kind(ParamType::String);
        /// Messages to be forwarded: a map of uuids of one's own to their ids, up to 100.
        optional forwards: Vec<(String, MessageId)> = "forwardIds", by(forwards), kind(ParamType::Object);
    }
    check has_content;
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotSent {
    /// The message.
    pub id: i64,
    /// The forwarded messages, by the uuids they were given.
    #[schemars(with = "BTreeMap<String, i64>")]
    pub uuid_map: Map<String, Value>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Message.send`.
    pub enum BotSendError {
        /// The bot is not in the chat or may not post there, `dialogId` is missing or names no chat, or a message to be
        /// forwarded is none that the bot may see.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
        /// There is neither text nor attachment nor a message to be forwarded.
        EmptyMessage = 400 "EMPTY_MESSAGE" "Message is empty",
        /// Attachment, keyboard, reply or forwarded messages are not given as documented.
        SendingFailed = 400 "SENDING_FAILED" "Sending failed",
    }
}

impl From<ContentError> for BotSendError {
    fn from(_: ContentError) -> Self {
        Self::SendingFailed
    }
}

impl From<OutgoingRefusal> for BotSendError {
    fn from(refusal: OutgoingRefusal) -> Self {
        match refusal {
            OutgoingRefusal::NoAccess => Self::AccessDenied,
            OutgoingRefusal::Reply => Self::SendingFailed,
        }
    }
}

impl Method for ImbotV2ChatMessageSend {
    const NAME: &'static str = "imbot.v2.Chat.Message.send";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Sends a message to a dialog as a bot, and forwards messages to it.";
    type Params = SendParams;
    type Output = BotSent;
    type Error = BotSendError;

    fn call(cx: &mut MethodCx<'_>, params: &SendParams) -> Answer<Self> {
        const DENIED: Refused<BotSendError> = Refused::Because(BotSendError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let dialog = params.dialog.ok_or(DENIED)?;
        let id = chat::find(&mut cx.app, dialog)?.ok_or(DENIED)?;
        let fields = params.fields.get::<BotSendError>()?;
        let own = fields
            .own_params(cx.app.user)
            .map_err(|error| Refused::Because(error.into()))?;
        let forwards: Vec<_> = fields
            .forwards
            .iter()
            .map(|(uuid, message)| Forward {
                uuid,
                message: *message,
            })
            .collect();
        let outgoing = Outgoing {
            draft: own.as_ref().map(|params| fields.draft(params)),
            forwards: &forwards,
        };
        let sent = send::send(&mut cx.app, id, &outgoing)
            .map_err(|refused| refused.map(BotSendError::from))?;
        let uuids = fields.forwards.iter().map(|(uuid, _)| uuid.clone());
        let copies = sent.copies.iter().map(|id| id.get());
        Ok(BotSent {
            id: sent
                .own
                .or(sent.copies.last().copied())
                .unwrap_or_default()
                .get(),
            uuid_map: uuids.zip(copies.map(Value::from)).collect(),
        }
        .into())
    }
}

impl SendFields {
    /// The parameters of the bot's own message; `None` if there is neither text nor attachment.
    fn own_params(&self, bot: UserId) -> Result<Option<MessageParams>, ContentError> {
        if self.message.is_empty() {
            return Ok(None);
        }
        self.message.message_params(bot).map(Some)
    }

    fn draft<'a>(&'a self, params: &'a MessageParams) -> Draft<'a> {
        Draft {
            reply: self.reply,
            uuid: self.uuid.as_deref(),
            ..self.message.draft(params)
        }
    }
}

fn has_content(fields: SendFields) -> Result<SendFields, BotSendError> {
    if fields.message.is_empty() && fields.forwards.is_empty() {
        return Err(BotSendError::EmptyMessage);
    }
    Ok(fields)
}

fn reply(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<MessageId>, BotSendError> {
    match field.as_int() {
        IntField::Absent | IntField::Valid(0) => Ok(None),
        IntField::Valid(id) => Ok(Some(MessageId(id))),
        IntField::Malformed => Err(BotSendError::SendingFailed),
    }
}

/// `forwardIds`: a map of uuids to ids. A form's list counts as one, with the indexes as uuids.
fn forwards(field: Field<'_>, _: &ReadCx<'_>) -> Result<Vec<(String, MessageId)>, BotSendError> {
    const FAILED: BotSendError = BotSendError::SendingFailed;
    if field.is_absent() {
        return Ok(Vec::new());
    }
    let entries: Vec<(String, Field<'_>)> = match (field.as_map(), field.raw()) {
        (Some(map), _) => map
            .iter()
            .map(|(uuid, id)| (without_nul(uuid).into_owned(), id))
            .collect(),
        (None, Some(Value::Array(ids))) => ids
            .iter()
            .enumerate()
            .map(|(place, id)| (place.to_string(), Field::from(id)))
            .collect(),
        (None, _) => return Err(FAILED),
    };
    if entries.len() > MAX_FORWARDS {
        return Err(FAILED);
    }
    entries
        .into_iter()
        .map(|(uuid, id)| match id.as_int() {
            IntField::Valid(id) if id > 0 && uuid.chars().count() <= MAX_UUID_CHARS => {
                Ok((uuid, MessageId(id)))
            }
            _ => Err(FAILED),
        })
        .collect()
}

fn uuid(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, BotSendError> {
    let Some(text) = field.as_text() else {
        return if field.is_absent() {
            Ok(None)
        } else {
            Err(BotSendError::SendingFailed)
        };
    };
    let text = without_nul(&text);
    let text = text.trim();
    if text.chars().count() > MAX_UUID_CHARS {
        return Err(BotSendError::SendingFailed);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
