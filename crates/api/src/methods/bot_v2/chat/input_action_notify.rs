//! `imbot.v2.Chat.InputAction.notify`: shows the members of a chat what a bot is doing.
//!
//! A missing or unknown `statusMessageCode` shows typing. A `duration` above 600 seconds is 600; one that is not a positive whole
//! number counts as missing, so that clients choose.

use readmark_app::{
    Refused,
    bot::access::Claim,
    message::typing::{self, NoAccess},
};
use readmark_model::{DialogId, InputAction, InputStatus, Scope};

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamType, Positive, ReadCx},
    },
    methods::bot_v2::auth,
    objects::Done,
    params,
    wire::Field,
};

/// `imbot.v2.Chat.InputAction.notify`.
pub struct ImbotV2ChatInputActionNotify;

params! {
    /// Parameters of `imbot.v2.Chat.InputAction.notify`.
    pub struct NotifyParams: InputActionError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// What is shown, as `IMBOT_AGENT_ACTION_THINKING`; typing when left out.
        optional status: InputStatus = "statusMessageCode", by(status), kind(ParamType::String);
        /// For how many seconds, 1 to 600; the client chooses when left out.
        optional seconds: Option<Positive> = "duration", typed;
    }
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
    const SUMMARY: &'static str = "Shows the members of a chat what a bot is about to do.";
    type Params = NotifyParams;
    type Output = Done;
    type Error = InputActionError;

    fn call(cx: &mut MethodCx<'_>, params: &NotifyParams) -> Answer<Self> {
        const DENIED: Refused<InputActionError> = Refused::Because(InputActionError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        let action = InputAction {
            status: params.status,
            seconds: params
                .seconds
                .map(|seconds| seconds.0.min(InputAction::MAX_SECONDS)),
        };
        typing::start(app, dialog, action)
            .map_err(|refused| refused.map(|NoAccess| InputActionError::AccessDenied))?;
        Ok(Done::YES.into())
    }
}

fn status(field: Field<'_>, _: &ReadCx<'_>) -> Result<InputStatus, NoError> {
    let code = field.as_text().unwrap_or_default();
    Ok(InputStatus::from_code(code.trim()))
}
