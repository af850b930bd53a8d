//! `imbot.message.add`: a bot sends a message (rule R4).
//!
//! With `FROM_USER_ID` and `TO_USER_ID` a system message goes to the private chat of these two. One of them must be the bot or the
//! caller, so that nobody writes into the conversation of others.

use readmark_app::{
    Refused, access,
    bot::send::{self, Outgoing, OutgoingRefusal},
    message::send::Draft,
};
use readmark_model::{ChatId, DialogId, MessageKind, Scope, UserId};

use crate::{
    bot_v1_error_set,
    content::{Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Ignored, ParamType},
    },
    methods::{
        bot_v1::call::ForBot,
        shared::{content::ContentParams, text},
    },
    params,
};

/// `imbot.message.add`.
pub struct ImbotMessageAdd;

params! {
    /// Parameters of `imbot.message.add`.
    pub struct AddParams: NoError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        optional dialog: Option<DialogId> = "DIALOG_ID", lenient;
        /// With `TO_USER_ID`: a system message goes to the private chat of the two.
        optional from: Option<UserId> = "FROM_USER_ID", lenient;
        /// See `FROM_USER_ID`.
        optional to: Option<UserId> = "TO_USER_ID", lenient;
        /// The text, up to 20,000 characters, a longer one is cut; not needed beside `ATTACH`.
        required text: String = "MESSAGE", by(text::trimmed), kind(ParamType::String);
        group content: ContentParams;
        /// `Y` sends a system message, which shows no author.
        optional system: bool = "SYSTEM", default(false);
        /// `N` shows links as they are.
        optional url_preview: bool = "URL_PREVIEW", default(true);
        /// For open channels, which do not exist here: ignored.
        optional _skip_connector: Ignored = "SKIP_CONNECTOR", ignored(ParamType::Boolean);
    }
}

/// Destination of a message.
enum Target {
    Dialog(DialogId),
    Between(UserId, UserId),
}

bot_v1_error_set! {
    /// Errors of `imbot.message.add`.
    pub enum BotAddError: "Bot was installed by another REST application" {
        /// `DIALOG_ID` is missing or malformed, and there is no pair of `FROM_USER_ID` and `TO_USER_ID`.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `MESSAGE` is empty or blank, and there is no `ATTACH`.
        MessageEmpty = 400 "MESSAGE_EMPTY" "Message can't be empty",
        /// `ATTACH` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
        /// `ATTACH` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `KEYBOARD` is not built as documented.
        KeyboardError = 400 "KEYBOARD_ERROR" "Incorrect keyboard params",
        /// `KEYBOARD` is longer than 60,000 characters.
        KeyboardOversize = 400 "KEYBOARD_OVERSIZE" "You have exceeded the maximum allowable size of keyboard",
        /// `MENU` is not built as documented.
        MenuError = 400 "MENU_ERROR" "Incorrect menu params",
        /// `MENU` is longer than 60,000 characters.
        MenuOversize = 400 "MENU_OVERSIZE" "You have exceeded the maximum allowable size of menu",
        /// There is no such chat or user, the bot may not post there, or the two users are others.
        WrongRequest = 400 "WRONG_REQUEST" "Message isn't added",
    }
}

impl From<ContentError> for BotAddError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Attach => Self::AttachError,
            ContentError::AttachOversize => Self::AttachOversize,
            ContentError::Keyboard => Self::KeyboardError,
            ContentError::KeyboardOversize => Self::KeyboardOversize,
            ContentError::Menu => Self::MenuError,
            ContentError::MenuOversize => Self::MenuOversize,
        }
    }
}

impl From<OutgoingRefusal> for BotAddError {
    fn from(refusal: OutgoingRefusal) -> Self {
        match refusal {
            OutgoingRefusal::NoAccess | OutgoingRefusal::Reply => Self::WrongRequest,
        }
    }
}

impl Method for ImbotMessageAdd {
    const NAME: &'static str = "imbot.message.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sends a message to a dialog as a bot.";
    type Params = ForBot<AddParams, BotAddError>;
    type Output = i64;
    type Error = BotAddError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let params = call.enter(cx)?;
        let refuse = |error| Err(Refused::Because(error));
        let Some(target) = params.target() else {
            return refuse(BotAddError::DialogIdEmpty);
        };
        let changes = params
            .content
            .changes(Some(cx.app.user), Some(params.url_preview))
            .map_err(|error| Refused::Because(error.into()))?;
        if params.text.is_empty() && !matches!(changes.attach, Change::Set(_)) {
            return refuse(BotAddError::MessageEmpty);
        }
        let system = matches!(target, Target::Between(..)) || params.system;
        let Some(chat) = find_chat(cx, &target)? else {
            return refuse(BotAddError::WrongRequest);
        };
        let draft = Draft {
            kind: MessageKind::sent(system),
            text: &params.text,
            params: &changes.into(),
            reply: None,
            uuid: None,
        };
        let outgoing = Outgoing {
            draft: Some(draft),
            forwards: &[],
        };
        let sent = send::send(&mut cx.app, chat, &outgoing)
            .map_err(|refused| refused.map(BotAddError::from))?;
        Ok(sent.own.unwrap_or_default().get().into())
    }
}

impl AddParams {
    fn target(&self) -> Option<Target> {
        match (self.from, self.to) {
            (Some(from), Some(to)) => Some(Target::Between(from, to)),
            _ => self.dialog.map(Target::Dialog),
        }
    }
}

/// The chat of a target. For a pair of users the sender becomes the acting user.
fn find_chat(
    cx: &mut MethodCx<'_>,
    target: &Target,
) -> Result<Option<ChatId>, Refused<BotAddError>> {
    match *target {
        Target::Dialog(dialog) => Ok(access::resolve(&mut cx.app, dialog)?),
        Target::Between(from, to) => {
            let ours = [cx.app.user, cx.app.caller.user];
            if !ours.contains(&from) && !ours.contains(&to) {
                return Ok(None);
            }
            let (sender, other) = if ours.contains(&from) {
                (from, to)
            } else {
                (to, from)
            };
            cx.app.act_as(sender);
            Ok(access::resolve(&mut cx.app, DialogId::User(other))?)
        }
    }
}
