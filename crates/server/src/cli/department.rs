//! `readmark department add|list|update|delete`.

use std::collections::HashMap;

use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand};
use readmark_app::{
    Refused,
    departments::{
        self,
        change::{self, Change, Refusal},
        tree::Tree,
    },
    users,
};
use readmark_model::{
    UserId,
    department::{DEFAULT_SORT, Department, ROOT},
};
use readmark_store::StoreError;

use super::{Global, Session, output};

/// `readmark department …`.
#[derive(Debug, Subcommand)]
pub(super) enum DepartmentCommand {
    /// Add a department and print its id
    Add(AddArgs),
    /// List departments as a tree, with their heads and the number of people in each
    List,
    /// Change the given properties of a department
    Update(UpdateArgs),
    /// Delete a department; its people and sub-departments move to its parent
    Delete {
        /// Id of the department, as shown by `readmark department list`
        id: i64,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark department add --name Sales\n  \
    readmark department add --name \"Key accounts\" --parent 2 --head 5")]
pub(super) struct AddArgs {
    /// Name
    #[arg(long)]
    name: String,
    /// Id of the parent department [default: the company itself]
    #[arg(long, value_name = "ID", default_value_t = ROOT, hide_default_value = true)]
    parent: i64,
    /// Id of the user who heads it
    #[arg(long, value_name = "ID")]
    head: Option<i64>,
    /// Sort position among its siblings
    #[arg(long, default_value_t = DEFAULT_SORT)]
    sort: i64,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark department update 3 --name \"Sales and service\" --head 7\n  \
    readmark department update 3 --parent 2 --no-head")]
pub(super) struct UpdateArgs {
    /// Id of the department
    id: i64,
    /// New name
    #[arg(long)]
    name: Option<String>,
    /// Id of the parent department
    #[arg(long, value_name = "ID")]
    parent: Option<i64>,
    /// Id of the user who heads it
    #[arg(long, value_name = "ID")]
    head: Option<i64>,
    /// Remove the head
    #[arg(long, conflicts_with = "head")]
    no_head: bool,
    /// Sort position among its siblings
    #[arg(long)]
    sort: Option<i64>,
}

pub(super) fn run(global: &Global, command: &DepartmentCommand) -> Result<()> {
    let session = Session::open(global)?;
    match command {
        DepartmentCommand::Add(args) => add(&session, args),
        DepartmentCommand::List => list(&session),
        DepartmentCommand::Update(args) => update(&session, args),
        DepartmentCommand::Delete { id } => {
            let id = *id;
            session
                .operate(move |cx| change::delete(cx, id))
                .map_err(told)
        }
    }
}

fn add(session: &Session, args: &AddArgs) -> Result<()> {
    let new = Department {
        id: 0,
        name: named(&args.name)?,
        sort: args.sort,
        parent: Some(args.parent),
        head: args.head.map(UserId),
    };
    let id = session
        .operate(move |cx| change::add(cx, &new))
        .map_err(told)?;
    output::line(id)?;
    Ok(())
}

fn update(session: &Session, args: &UpdateArgs) -> Result<()> {
    let head = args.head.map(|head| Some(UserId(head)));
    let change = Change {
        name: args.name.as_deref().map(named).transpose()?,
        sort: args.sort,
        parent: args.parent,
        head: head.or(args.no_head.then_some(None)),
    };
    if change == Change::default() {
        bail!("nothing to change: see `readmark department update --help`");
    }
    let id = args.id;
    session
        .operate(move |cx| change::update(cx, id, &change))
        .map_err(told)
}

fn named(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        bail!("a department needs a name");
    }
    Ok(name.to_owned())
}

/// A refusal as text.
fn told(refused: Refused<Refusal>) -> anyhow::Error {
    match refused {
        Refused::Because(Refusal::Unknown) => {
            anyhow!("there is no such department: see `readmark department list`")
        }
        Refused::Because(Refusal::Parent) => anyhow!("there is no such parent department"),
        Refused::Because(Refusal::Below) => {
            anyhow!("a department cannot be below itself")
        }
        Refused::Because(Refusal::Root) => anyhow!("the company itself stays at the top"),
        Refused::Because(Refusal::Head) => {
            anyhow!("the head must be an active person of the company: see `readmark user list`")
        }
        Refused::Because(Refusal::NotAdmin) => anyhow!("this is for administrators"),
        Refused::Interrupted(fault) => fault.into(),
    }
}

fn list(session: &Session) -> Result<()> {
    let (departments, users) = session.store.read(|tx| {
        let departments = departments::list(tx)?;
        Ok::<_, StoreError>((departments, users::list(tx)?))
    })?;
    let mut sizes: HashMap<i64, usize> = HashMap::new();
    for user in users.iter().filter(|user| departments::works_here(user)) {
        for department in &user.departments {
            *sizes.entry(*department).or_default() += 1;
        }
    }
    let names: HashMap<UserId, String> = users
        .iter()
        .map(|user| (user.id, user.full_name()))
        .collect();
    let tree = Tree::new(departments);
    let rows: Vec<_> = tree
        .walk()
        .into_iter()
        .map(|(depth, one)| {
            let head = one.head.map(|id| match names.get(&id) {
                Some(name) => format!("{name} ({id})"),
                None => id.to_string(),
            });
            [
                one.id.to_string(),
                format!("{}{}", "  ".repeat(depth), one.name),
                sizes.get(&one.id).copied().unwrap_or(0).to_string(),
                head.unwrap_or_default(),
            ]
        })
        .collect();
    output::table(["ID", "NAME", "PEOPLE", "HEAD"], &rows)?;
    Ok(())
}
