//! `imbot.v2.Chat.InputAction.notify`: tells the members of a chat what a bot is about to do.
//!
//! An unknown `statusMessageCode` shows typing, as does none. A `duration` above 600 seconds is 600; one that is no positive whole
//! number is none, so that clients choose.

use readmark_app::{
    Refused,
    bot::access::Claim,
    message::typing::{self, NoAccess},
};
use readmark_model::{InputAction, InputStatus, Scope};

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse::{self, DialogParam},
    },
    methods::bot_v2::auth,
    objects::Done,
    wire::Params,
};

/// See the module.
pub struct ImbotV2ChatInputActionNotify;

/// Parameters.
pub struct NotifyParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    action: InputAction,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.InputAction.notify`.
    pub enum InputActionError {
        /// The bot is not in the chat, or `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatInputActionNotify {
    const NAME: &'static str = "imbot.v2.Chat.InputAction.notify";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    // Nothing is stored: the event is published when the snapshot is closed.
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Tells the members of a chat what a bot is about to do.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::DIALOG_ID,
        ParamSpec::optional(
            "statusMessageCode",
            ParamType::String,
            "What is shown, as `IMBOT_AGENT_ACTION_THINKING`; typing when left out.",
        ),
        ParamSpec::optional(
            "duration",
            ParamType::Integer,
            "For how many seconds, 1 to 600; the client chooses when left out.",
        ),
    ]];
    type Params = NotifyParams;
    type Output = Done;
    type Error = InputActionError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<NotifyParams, InputActionError> {
        Ok(NotifyParams {
            claim: auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            action: InputAction {
                status: params
                    .get("statusMessageCode")
                    .as_text()
                    .map(|code| InputStatus::from_code(code.trim()))
                    .unwrap_or_default(),
                seconds: parse::positive(params, "duration")
                    .map(|seconds| seconds.min(InputAction::MAX_SECONDS)),
            },
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &NotifyParams) -> Answer<Self> {
        const DENIED: Refused<InputActionError> = Refused::Because(InputActionError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        typing::start(app, dialog.id, params.action)
            .map_err(|refused| refused.map(|NoAccess| InputActionError::AccessDenied))?;
        Ok(Done::YES.into())
    }
}
