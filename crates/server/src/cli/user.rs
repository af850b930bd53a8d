//! `readmark user add|list|dismiss|take-back|hide-receipts|absent`.

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use readmark_app::users;
use readmark_model::UserKind;

use super::{Global, Session, keeper::change, output};
use crate::operator::{NewUser, Operation};

/// `readmark user …`.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add a user and print the id
    #[command(after_help = "Example:\n  \
        readmark user add --name Ada --last-name Nowak --email ada@acme.example --admin")]
    Add {
        /// First name
        #[arg(long)]
        name: String,
        /// Last name
        #[arg(long, default_value = "")]
        last_name: String,
        /// Email, unique in the portal
        #[arg(long, default_value = "")]
        email: String,
        /// Position
        #[arg(long, default_value = "")]
        position: String,
        /// Make the user an administrator
        #[arg(long)]
        admin: bool,
        /// Make the user an extranet user, who sees only shared users and chats
        #[arg(long, conflicts_with = "admin")]
        extranet: bool,
        /// Id of a department; may be repeated [default: the company itself]
        #[arg(long = "department", value_name = "ID", conflicts_with = "extranet")]
        departments: Vec<i64>,
    },
    /// List users and bots
    List,
    /// Dismiss a user, who loses all access at once; what the user wrote stays
    Dismiss {
        /// Id of the user
        id: i64,
    },
    /// Take a dismissed user back
    TakeBack {
        /// Id of the user
        id: i64,
    },
    /// Hide a user's read receipts from everybody, or show them
    HideReceipts {
        /// Id of the user
        id: i64,
        /// on hides them, off shows them
        state: Switch,
    },
    /// Set until when a user is absent, or that the user is back
    #[command(after_help = "Examples:\n  \
        readmark user absent 3 2030-07-31\n  \
        readmark user absent 3 14d\n  \
        readmark user absent 3 no")]
    Absent {
        /// Id of the user
        id: i64,
        /// A date, a time, or a duration from now such as 14d; `no` ends the absence
        until: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    On,
    Off,
}

pub(super) fn run(global: &Global, command: UserCommand) -> Result<()> {
    let operation = match command {
        UserCommand::Add {
            name,
            last_name,
            email,
            position,
            admin,
            extranet,
            departments,
        } => Operation::AddUser(NewUser {
            name,
            last_name,
            email,
            position,
            admin,
            extranet,
            departments,
        }),
        UserCommand::List => return list(&Session::open(global)?),
        UserCommand::Dismiss { id } => Operation::SetActive {
            user: id,
            active: false,
        },
        UserCommand::TakeBack { id } => Operation::SetActive {
            user: id,
            active: true,
        },
        UserCommand::HideReceipts { id, state } => Operation::HideReceipts {
            user: id,
            hidden: state == Switch::On,
        },
        UserCommand::Absent { id, until } => Operation::SetAbsence {
            user: id,
            until: Some(until).filter(|until| until != "no"),
        },
    };
    output::outcome(&change(global, operation)?)?;
    Ok(())
}

fn list(session: &Session) -> Result<()> {
    let users = session.store.read(|tx| users::list(tx))?;
    let rows: Vec<_> = users
        .iter()
        .map(|user| {
            let traits = [
                (user.admin, "admin"),
                (user.extranet, "extranet"),
                (user.kind == UserKind::Bot, "bot"),
                (!user.active, "dismissed"),
                (user.hide_receipts, "hides receipts"),
                (
                    user.absent_until.is_some_and(|end| end > session.now),
                    "absent",
                ),
            ];
            let traits: Vec<_> = traits
                .iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, name)| *name)
                .collect();
            [
                user.id.to_string(),
                user.full_name(),
                user.email.clone(),
                traits.join(", "),
            ]
        })
        .collect();
    output::table(["ID", "NAME", "EMAIL", ""], &rows)?;
    Ok(())
}
