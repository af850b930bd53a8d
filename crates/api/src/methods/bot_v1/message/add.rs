//! `imbot.message.add`: a bot sends a message (rule R4).
//!
//! With `FROM_USER_ID` and `TO_USER_ID` a system message goes to the private chat of these two. One of them must be the bot or the
//! caller: nobody else's conversation is written into.

use readmark_app::{
    Refused, access,
    bot::send::{self, Parcel, ParcelRefusal},
    message::send::Draft,
};
use readmark_model::{ChatId, DialogId, MessageKind, Scope, UserId, text::without_nul};

use crate::{
    bot_v1_error_set,
    content::{self, Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::bot_v1::{
        auth,
        call::{self, BotCall},
    },
    objects::message_params::ParamChanges,
    wire::Params,
};

/// See the module.
pub struct ImbotMessageAdd;

/// Where a message goes.
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

impl From<ParcelRefusal> for BotAddError {
    fn from(refusal: ParcelRefusal) -> Self {
        match refusal {
            ParcelRefusal::NoAccess | ParcelRefusal::Reply => Self::WrongRequest,
        }
    }
}

impl Method for ImbotMessageAdd {
    const NAME: &'static str = "imbot.message.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sends a message to a dialog as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
        ParamSpec::optional(
            "DIALOG_ID",
            ParamType::String,
            "The dialog: `chatN`, `sgN`, or the id of a user.",
        ),
        ParamSpec::optional(
            "FROM_USER_ID",
            ParamType::Integer,
            "With `TO_USER_ID`: a system message goes to the private chat of the two.",
        ),
        ParamSpec::optional("TO_USER_ID", ParamType::Integer, "See `FROM_USER_ID`."),
        ParamSpec::required(
            "MESSAGE",
            ParamType::String,
            "The text, up to 20,000 characters, a longer one is cut; not needed beside `ATTACH`.",
        ),
        ParamSpec::optional(
            "ATTACH",
            ParamType::Object,
            "Attachment; also as text that holds JSON.",
        ),
        ParamSpec::optional(
            "KEYBOARD",
            ParamType::Object,
            "Buttons below the message; also as text that holds JSON.",
        ),
        ParamSpec::optional(
            "MENU",
            ParamType::Object,
            "Items of the context menu; also as text that holds JSON.",
        ),
        ParamSpec::optional(
            "SYSTEM",
            ParamType::Boolean,
            "`Y` sends a system message, which shows no author.",
        ),
        ParamSpec::optional(
            "URL_PREVIEW",
            ParamType::Boolean,
            "`N` shows links as they are.",
        ),
        ParamSpec::optional(
            "SKIP_CONNECTOR",
            ParamType::Boolean,
            "For open channels, which there are none of here.",
        ),
    ]];
    /// The parameters as given: a button without `BOT_ID` means the bot, which is not known before its claim is judged.
    type Params = BotCall<Params, BotAddError>;
    type Output = i64;
    type Error = BotAddError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, BotAddError> {
        Ok(call::read_with(params, Ok(params.clone())))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let params = call::enter(cx, call)?;
        let refuse = |error| Err(Refused::Because(error));
        let Some(target) = target(params) else {
            return refuse(BotAddError::DialogIdEmpty);
        };
        let text = params.get("MESSAGE").as_text().unwrap_or_default();
        let text = without_nul(text.trim()).trim().to_owned();
        let changes = changes(params, cx.app.user).map_err(Refused::Because)?;
        if text.is_empty() && !matches!(changes.attach, Change::Set(_)) {
            return refuse(BotAddError::MessageEmpty);
        }
        let system = matches!(target, Target::Between(..)) || parse::flag(params, "SYSTEM", false);
        let Some(chat) = find_chat(cx, &target)? else {
            return refuse(BotAddError::WrongRequest);
        };
        let draft = Draft {
            kind: MessageKind::sent(system),
            text: &text,
            params: &changes.create(),
            reply: None,
            uuid: None,
        };
        let parcel = Parcel {
            draft: Some(draft),
            forwards: &[],
            copied_params: &|_, _| String::new(),
        };
        let sent = send::send(&mut cx.app, chat, &parcel)
            .map_err(|refused| refused.map(BotAddError::from))?;
        Ok(sent.own.unwrap_or_default().get().into())
    }
}

fn target(params: &Params) -> Option<Target> {
    let user = |name| parse::user(params, name);
    match (user("FROM_USER_ID"), user("TO_USER_ID")) {
        (Some(from), Some(to)) => Some(Target::Between(from, to)),
        _ => parse::dialog(params, "DIALOG_ID").map(|dialog| Target::Dialog(dialog.id)),
    }
}

fn changes(params: &Params, bot: UserId) -> Result<ParamChanges, BotAddError> {
    Ok(ParamChanges {
        attach: content::attach(params.get("ATTACH").raw())?,
        keyboard: content::keyboard(params.get("KEYBOARD").raw(), Some(bot))?,
        menu: content::menu(params.get("MENU").raw(), Some(bot))?,
        url_preview: Some(parse::flag(params, "URL_PREVIEW", true)),
    })
}

/// The chat of a target. For a pair of users whoever sends acts from here on.
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
