//! `imbot.message.update`: a bot changes a message of its own, as `im.message.update` of users.

use readmark_app::Refused;
use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        params::{Parameters, ReadCx, Source},
    },
    methods::{
        bot_v1::{
            auth,
            call::{self, BotCall},
        },
        im::message::update::{ImMessageUpdate, UpdateError as Inner, UpdateParams},
    },
    wire::Params,
};

/// See the module.
pub struct ImbotMessageUpdate;

bot_v1_error_set! {
    /// Errors of `imbot.message.update`.
    pub enum BotUpdateError: "Bot was installed by another REST application" {
        /// `MESSAGE_ID` is missing or no positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// There is no such message, it is deleted, a notice or another's, cannot be seen, or the portal's edit period is over.
        CantEditMessage = 403 "CANT_EDIT_MESSAGE" "Time has expired for modification or you don't have access",
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
    }
}

impl From<Inner> for BotUpdateError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::MessageIdError => Self::MessageIdError,
            Inner::CantEditMessage => Self::CantEditMessage,
            Inner::AttachError => Self::AttachError,
            Inner::AttachOversize => Self::AttachOversize,
            Inner::KeyboardError => Self::KeyboardError,
            Inner::KeyboardOversize => Self::KeyboardOversize,
            Inner::MenuError => Self::MenuError,
            Inner::MenuOversize => Self::MenuOversize,
        }
    }
}

impl Method for ImbotMessageUpdate {
    const NAME: &'static str = "imbot.message.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes the text and the parameters of a bot's message.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("MESSAGE_ID", ParamType::Integer, "The message."),
        ParamSpec::optional(
            "MESSAGE",
            ParamType::String,
            "The new text; an empty one deletes the message, none keeps the text.",
        ),
        ParamSpec::optional(
            "ATTACH",
            ParamType::Object,
            "Attachment; also as text that holds JSON; `N` takes it away.",
        ),
        ParamSpec::optional(
            "KEYBOARD",
            ParamType::Object,
            "Buttons below the message; `N` takes them away.",
        ),
        ParamSpec::optional(
            "MENU",
            ParamType::Object,
            "Items of the context menu; `N` takes them away.",
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
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
    ]];
    /// The parameters as given: a button without `BOT_ID` means the bot, which is not known before its claim is judged.
    type Params = BotCall<Params, BotUpdateError>;
    type Output = <ImMessageUpdate as Method>::Output;
    type Error = BotUpdateError;

    fn parse(params: &Params, _: &ReadCx<'_>) -> Result<Self::Params, BotUpdateError> {
        Ok(call::read_with(params, Ok(params.clone())))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let given = call::enter(cx, call)?;
        let read = ReadCx {
            time_zone: &cx.portal.time_zone,
            bot: Some(cx.app.user),
        };
        let params = UpdateParams::read(Source::Call(given), &read)
            .map_err(|error| Refused::Because(error.into()))?;
        ImMessageUpdate::call(cx, &params).map_err(|refused| refused.map(BotUpdateError::from))
    }
}
