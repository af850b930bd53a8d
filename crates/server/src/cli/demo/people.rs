//! The people of the demonstration. The names are invented.

use readmark_app::{
    Cx, Interrupt,
    users::change::{self, NewPerson},
};
use readmark_model::{UserId, department::ROOT};

use super::unexpected;

struct Someone {
    name: &'static str,
    last_name: &'static str,
    position: &'static str,
    /// `None` for an external user.
    department: Option<i64>,
}

const fn colleague(name: &'static str, last_name: &'static str, position: &'static str) -> Someone {
    Someone {
        name,
        last_name,
        position,
        department: Some(ROOT),
    }
}

/// The first one is the administrator.
const PEOPLE: [Someone; 6] = [
    colleague("Vera", "Lindqvist", "Head of operations"),
    colleague("Tomasz", "Arden", "Project manager"),
    colleague("Imani", "Okoro", "Designer"),
    colleague("Lucas", "Ferrante", "Developer"),
    colleague("Mei", "Tanabe", "Support"),
    Someone {
        department: None,
        ..colleague("Noor", "Haddin", "Printer's workshop")
    },
];

/// Adds everybody; answers their ids in order.
pub(super) fn add(cx: &mut Cx<'_>) -> Result<Vec<UserId>, Interrupt> {
    let mut ids = Vec::with_capacity(PEOPLE.len());
    for someone in &PEOPLE {
        let email = format!("{}@demo.example", someone.name.to_lowercase());
        let new = NewPerson {
            email: &email,
            extranet: someone.department.is_none(),
            departments: someone.department.as_slice(),
            workgroups: &[],
        };
        let added = change::add(cx, &new, |_, user| {
            someone.name.clone_into(&mut user.name);
            someone.last_name.clone_into(&mut user.last_name);
            someone.position.clone_into(&mut user.work_position);
            user.admin = ids.is_empty();
            Ok(())
        });
        ids.push(added.map_err(unexpected)?);
    }
    Ok(ids)
}
