//! The tree of departments and their people.

use std::collections::BTreeMap;

use readmark_model::department::{Department, ROOT};
use readmark_store::{StoreError, Tx, repo::department};

use super::{Check, Drift, Findings, facts::People};

/// Looks for unreachable departments, missing heads, and users in missing departments.
pub(super) fn check(
    tx: &mut dyn Tx,
    people: &People,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    let all = department::list(tx)?;
    let departments: BTreeMap<i64, &Department> = all.iter().map(|one| (one.id, one)).collect();
    if !departments.contains_key(&ROOT) {
        let mut findings = Findings {
            of: "departments".to_owned(),
            drift,
        };
        findings.add(Check::Department, "the company itself is missing");
    }
    for one in &all {
        let mut findings = Findings {
            of: format!("department {}", one.id),
            drift,
        };
        match one.parent {
            None if one.id != ROOT => findings.add(Check::Department, "is a second one at the top"),
            Some(parent) if one.id == ROOT => findings.add(
                Check::Department,
                format_args!("is the company itself, and stands below {parent}"),
            ),
            Some(parent) if !departments.contains_key(&parent) => findings.add(
                Check::Department,
                format_args!("stands below {parent}, which does not exist"),
            ),
            _ if goes_in_a_circle(one, &departments) => {
                findings.add(Check::Department, "stands below itself");
            }
            _ => {}
        }
        if let Some(head) = one.head.filter(|head| !people.exist(*head)) {
            findings.add(
                Check::Department,
                format_args!("is headed by user {head}, who does not exist"),
            );
        }
    }
    for (user, of_user) in people.departments() {
        for missing in of_user.iter().filter(|id| !departments.contains_key(id)) {
            let what = format!("user {user}: is in department {missing}, which does not exist");
            drift.push(Drift {
                check: Check::Department,
                what,
            });
        }
    }
    Ok(())
}

/// Whether a department is its own ancestor.
fn goes_in_a_circle(one: &Department, departments: &BTreeMap<i64, &Department>) -> bool {
    let above = |one: &&Department| departments.get(&one.parent?).copied();
    let mut way_up = std::iter::successors(above(&one), above).take(departments.len());
    way_up.any(|other| other.id == one.id)
}
