//! `readmark user add|list|dismiss|take-back|hide-receipts|absent|password|invite|sign-out`.

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use readmark_app::{users, webhook};
use readmark_model::UserKind;

use super::{Global, Session, keeper::change, output};
use crate::{
    clock::OsRandom,
    config::Span,
    operator::{NewUser, Operation},
    pages::password::{LENGTHS, hash},
};

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
    /// Set the password with which a user signs in, read from standard input; the user's sessions end
    #[command(after_help = "Examples:\n  \
        readmark user password 3 < password.txt\n  \
        readmark user password 3 --generate")]
    Password {
        /// Id of the user
        id: i64,
        /// Make up a password and print it, only this once
        #[arg(long)]
        generate: bool,
    },
    /// Invite a user to set a password, and print the link, which is shown only this once
    Invite {
        /// Id of the user
        id: i64,
        /// How long the link is good
        #[arg(long, value_name = "TIME", default_value = "7d")]
        lifetime: Span,
    },
    /// End all sessions of a user
    SignOut {
        /// Id of the user
        id: i64,
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
        UserCommand::Password { id, generate } => return password(global, id, generate),
        UserCommand::Invite { id, lifetime } => Operation::Invite {
            user: id,
            lifetime: u64::try_from(lifetime.0.as_millis()).unwrap_or(u64::MAX),
        },
        UserCommand::SignOut { id } => Operation::SignOut { user: id },
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

fn password(global: &Global, user: i64, generate: bool) -> Result<()> {
    let text = if generate {
        webhook::draw_secret(&OsRandom)
    } else {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if !LENGTHS.contains(&text.chars().count()) {
        bail!(
            "a password has {} to {} characters",
            LENGTHS.start(),
            LENGTHS.end()
        );
    }
    let hash = hash(&text, &OsRandom).context("the password cannot be hashed")?;
    change(global, Operation::SetPassword { user, hash })?;
    if generate {
        output::line(text)?;
    }
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
