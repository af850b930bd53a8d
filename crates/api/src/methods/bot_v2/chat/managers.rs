//! Shared parts of `imbot.v2.Chat.Manager.add` and `imbot.v2.Chat.Manager.delete`.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::managers::{self, ManagersRefusal},
};
use readmark_model::{DialogId, UserId};

use crate::{
    bot_error_set, contract::method::MethodCx, methods::bot_v2::auth, objects::Done, params,
};

bot_error_set! {
    /// Errors of the methods that make members managers, and managers ordinary members.
    pub enum ManagerError {
        /// `userIds` is missing, or no positive whole number is in it.
        EmptyUserIds = 400 "EMPTY_USER_IDS" "Empty user IDs",
        /// The bot is not the chat's owner, managers follow a workgroup, or `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

params! {
    /// The parameters of both methods.
    pub struct ManagerParams: ManagerError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// The users.
        required users: Vec<UserId> = "userIds", default(Vec::new()), lenient;
    }
}

impl ManagerParams {
    /// Makes the users managers, or ordinary members if `manage` is false.
    ///
    /// # Errors
    /// [`ManagerError`].
    pub fn set(&self, cx: &mut MethodCx<'_>, manage: bool) -> Result<Done, Refused<ManagerError>> {
        const DENIED: Refused<ManagerError> = Refused::Because(ManagerError::AccessDenied);
        auth::enter(cx, &self.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        if self.users.is_empty() {
            return Err(Refused::Because(ManagerError::EmptyUserIds));
        }
        let dialog = self.dialog.ok_or(DENIED)?;
        let id = chat::find(app, dialog)?.ok_or(DENIED)?;
        managers::set(app, id, &self.users, manage).map_err(|refused| {
            refused.map(|reason| match reason {
                ManagersRefusal::NotAvailable | ManagersRefusal::NotOwner => {
                    ManagerError::AccessDenied
                }
            })
        })?;
        Ok(Done::YES)
    }
}
