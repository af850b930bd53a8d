//! `readmark user add|list|hide-receipts|absent`.

use anyhow::{Result, anyhow, bail};
use clap::{Subcommand, ValueEnum};
use readmark_app::{
    Refused, receipts,
    users::{
        self,
        change::{self, NewPerson, Refusal},
        status,
    },
};
use readmark_model::{UserId, UserKind, department::ROOT};

use super::{Global, Session, output, session::fault};

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

pub(super) fn run(global: &Global, command: &UserCommand) -> Result<()> {
    let session = Session::open(global)?;
    match command {
        UserCommand::Add { .. } => add(&session, command)?,
        UserCommand::List => list(&session)?,
        UserCommand::HideReceipts { id, state } => hide_receipts(&session, *id, *state)?,
        UserCommand::Absent { id, until } => absent(&session, *id, until)?,
    }
    Ok(())
}

fn add(session: &Session, command: &UserCommand) -> Result<()> {
    let UserCommand::Add {
        name,
        last_name,
        email,
        position,
        admin,
        extranet,
        departments,
    } = command
    else {
        return Ok(());
    };
    if name.trim().is_empty() {
        bail!("a user needs a name");
    }
    let (name, last_name, email) = (name.clone(), last_name.clone(), email.clone());
    let (position, admin, extranet) = (position.clone(), *admin, *extranet);
    let mut departments = departments.clone();
    if departments.is_empty() {
        departments.push(ROOT);
    }
    let added = session.operate(move |cx| {
        let person = NewPerson {
            email: &email,
            extranet,
            departments: &departments,
            workgroups: &[],
        };
        change::add(cx, &person, |_, user| {
            user.name.clone_from(&name);
            user.last_name.clone_from(&last_name);
            user.work_position.clone_from(&position);
            user.admin = admin;
            Ok(())
        })
    });
    let id = added.map_err(|refused| match refused {
        Refused::Because(Refusal::EmailTaken) => anyhow!("another user has this email"),
        Refused::Because(Refusal::Department) => {
            anyhow!("there is no such department: see `readmark department list`")
        }
        Refused::Because(other) => anyhow!("the user cannot be added: {other:?}"),
        Refused::Interrupted(fault) => fault.into(),
    })?;
    output::line(id)?;
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

fn hide_receipts(session: &Session, id: i64, state: Switch) -> Result<()> {
    session.person(id)?;
    let hidden = state == Switch::On;
    session
        .operate(move |cx| Ok(receipts::set_hidden(cx, UserId(id), hidden)?))
        .map_err(fault)?;
    Ok(())
}

fn absent(session: &Session, id: i64, until: &str) -> Result<()> {
    session.person(id)?;
    let end = match until {
        "no" => None,
        text => Some(session.point_in_time(text)?),
    };
    if end.is_some_and(|end| end <= session.now) {
        bail!("that time has already passed");
    }
    session
        .operate(move |cx| Ok(status::set_absence(cx, UserId(id), end)?))
        .map_err(fault)?;
    Ok(())
}
