//! What the operator of a portal can have done, as data.
//!
//! A command that changes a portal is an [`Operation`]. The process that owns the portal carries it out, by [`carry_out`] alone: the
//! command itself while no server runs, else the server, which is handed the operation at its [door](crate::door). Texts stay as they were
//! given, so that points in time are read by the owner's clock and in the portal's time zone.

mod access;
mod applications;
mod deliveries;
mod departments;
mod events;
mod ground;
mod people;
mod sign_in;

use anyhow::Result;
use serde::{Deserialize, Serialize};

pub(crate) use self::ground::{fault, no_person, operate, webhook_url};
pub use self::{
    access::{NewToken, NewWebhook},
    applications::{ApplicationChange, ForWhom, NewApplication},
    departments::{DepartmentChange, NewDepartment},
    events::{Event, Peek, Waiting},
    ground::Ground,
    people::NewUser,
};

/// A change of a portal that its operator asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    /// Adds a user: answers the id.
    AddUser(NewUser),
    /// Dismisses a user, or takes one back.
    SetActive {
        /// Id of the user.
        user: i64,
        /// Not dismissed.
        active: bool,
    },
    /// Hides a user's receipts from everybody, or shows them.
    HideReceipts {
        /// Id of the user.
        user: i64,
        /// They are hidden.
        hidden: bool,
    },
    /// Sets until when a user is absent, or that the user is back.
    SetAbsence {
        /// Id of the user.
        user: i64,
        /// A point in time; `None` for somebody who is back.
        until: Option<String>,
    },
    /// Sets the password of a user, by its hash; the user's sessions end.
    SetPassword {
        /// Id of the user.
        user: i64,
        /// The hash.
        hash: String,
    },
    /// Invites a user to set a password: answers the URL of the invitation.
    Invite {
        /// Id of the user.
        user: i64,
        /// How long it is good, in milliseconds.
        lifetime: u64,
    },
    /// Ends all sessions of a user.
    SignOut {
        /// Id of the user.
        user: i64,
    },
    /// Creates an incoming webhook: answers its URL.
    AddWebhook(NewWebhook),
    /// Revokes a webhook.
    RevokeWebhook {
        /// Id of the webhook.
        id: i64,
    },
    /// Issues an access token: answers it.
    AddToken(NewToken),
    /// Expires an access token or a refresh token.
    ExpireToken {
        /// The token.
        token: String,
    },
    /// Registers an application: answers its client id and secret.
    AddApplication(NewApplication),
    /// Changes what is given of an application.
    ChangeApplication(ApplicationChange),
    /// Replaces the secret of an application: answers the new one.
    ReplaceSecret {
        /// Number or client id of the application.
        application: String,
    },
    /// Removes an application.
    RemoveApplication {
        /// Number or client id of the application.
        application: String,
    },
    /// Begins the installation of an application.
    Install {
        /// Number or client id of the application.
        application: String,
    },
    /// Finishes the installation of an application.
    FinishInstall {
        /// Number or client id of the application.
        application: String,
    },
    /// Adds a department: answers the id.
    AddDepartment(NewDepartment),
    /// Changes what is given of a department.
    ChangeDepartment(DepartmentChange),
    /// Deletes a department.
    DeleteDepartment {
        /// Id of the department.
        id: i64,
    },
    /// Replays events that were given up: answers how many.
    Replay {
        /// Ids of the events.
        deliveries: Vec<i64>,
    },
    /// Replays all events that were given up: answers how many.
    ReplayAll {
        /// Only events of this bot.
        bot: Option<i64>,
    },
    /// Looks at the events that wait for a bot, in the order in which they will be answered: this may have to wait for those that are just
    /// being written.
    Peek(Peek),
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done.
    Done,
    /// Id of what was added.
    Added(i64),
    /// An application that was registered, with its secret, shown this once.
    Application {
        /// Its number.
        id: i64,
        /// Its client id.
        client_id: String,
        /// Its secret.
        secret: String,
    },
    /// A secret, shown this once: a token, the secret of an application, or the URL of a webhook or an invitation.
    Secret(String),
    /// So many events will be sent again.
    Replayed(u64),
    /// These events wait.
    Waiting(Waiting),
}

/// Carries out an operation; it is durable when this returns.
///
/// # Errors
/// Why it is refused, in one line for the operator; nothing is changed then. Or the store's own error.
pub fn carry_out(ground: &Ground<'_>, operation: Operation) -> Result<Outcome> {
    match operation {
        Operation::AddUser(new) => people::add(ground, new),
        Operation::SetActive { user, active } => people::set_active(ground, user, active),
        Operation::HideReceipts { user, hidden } => people::hide_receipts(ground, user, hidden),
        Operation::SetAbsence { user, until } => people::set_absence(ground, user, until),
        Operation::SetPassword { user, hash } => sign_in::set_password(ground, user, hash),
        Operation::Invite { user, lifetime } => sign_in::invite(ground, user, lifetime),
        Operation::SignOut { user } => sign_in::sign_out(ground, user),
        Operation::AddWebhook(new) => access::add_webhook(ground, new),
        Operation::RevokeWebhook { id } => access::revoke_webhook(ground, id),
        Operation::AddToken(new) => access::add_token(ground, new),
        Operation::ExpireToken { token } => access::expire_token(ground, &token),
        Operation::AddApplication(new) => applications::add(ground, new),
        Operation::ChangeApplication(change) => applications::change(ground, change),
        Operation::ReplaceSecret { application } => {
            applications::replace_secret(ground, applications::number(ground, &application)?)
        }
        Operation::RemoveApplication { application } => {
            applications::remove(ground, applications::number(ground, &application)?)
        }
        Operation::Install { application } => {
            applications::install(ground, applications::number(ground, &application)?)
        }
        Operation::FinishInstall { application } => {
            applications::finish(ground, applications::number(ground, &application)?)
        }
        Operation::AddDepartment(new) => departments::add(ground, new),
        Operation::ChangeDepartment(change) => departments::change(ground, change),
        Operation::DeleteDepartment { id } => departments::delete(ground, id),
        Operation::Replay { deliveries } => deliveries::replay(ground, deliveries),
        Operation::Peek(from) => events::peek(ground, from),
        Operation::ReplayAll { bot } => deliveries::replay_all(ground, bot),
    }
}
