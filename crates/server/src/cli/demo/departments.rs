//! The departments of the demonstration and their members. The names are invented.

use readmark_app::{
    Cx, Interrupt,
    departments::change::{self, Change},
    users,
};
use readmark_model::{
    UserId,
    department::{DEFAULT_SORT, Department, ROOT},
};

use super::unexpected;

/// A department; people are given by index into the list of people.
struct Team {
    name: &'static str,
    /// Index into the list of departments; `None` for those directly below the company.
    above: Option<usize>,
    head: usize,
    members: &'static [usize],
}

/// The company itself, headed by the first person.
const COMPANY: &str = "Quayside Events";

const TEAMS: [Team; 4] = [
    Team {
        name: "Production",
        above: None,
        head: 1,
        members: &[1],
    },
    Team {
        name: "Design",
        above: Some(0),
        head: 2,
        members: &[2],
    },
    Team {
        name: "Development",
        above: Some(0),
        head: 1,
        members: &[3],
    },
    Team {
        name: "Guest service",
        above: None,
        head: 4,
        members: &[4],
    },
];

/// Makes the tree, and puts people into it who are in the company itself so far.
pub(super) fn add(cx: &mut Cx<'_>, people: &[UserId]) -> Result<(), Interrupt> {
    let company = Change {
        name: Some(COMPANY.to_owned()),
        head: Some(Some(people[0])),
        ..Change::default()
    };
    change::update(cx, ROOT, &company).map_err(unexpected)?;
    let mut ids = Vec::with_capacity(TEAMS.len());
    for team in &TEAMS {
        let new = Department {
            id: 0,
            name: team.name.to_owned(),
            sort: DEFAULT_SORT,
            parent: Some(team.above.map_or(ROOT, |at| ids[at])),
            head: Some(people[team.head]),
        };
        let id = change::add(cx, &new).map_err(unexpected)?;
        for &member in team.members {
            let person = people[member];
            users::change::update(cx, person, Some(&[id]), |_, _| Ok(())).map_err(unexpected)?;
        }
        ids.push(id);
    }
    Ok(())
}
