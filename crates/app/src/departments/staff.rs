//! People of departments, for people of the company.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use readmark_model::{UserId, UserKind, department::Department, user::User};
use readmark_store::repo::{department, user};

use super::{Described, tree::Tree, works_here};
use crate::{Cx, Interrupt, Refused, page::Page};

/// The acting user is an extranet user or a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotStaff;

/// People by their ids.
pub type People = HashMap<UserId, User>;

/// Up to this many people are looked up one by one; more are filtered from all users.
const FEW: usize = 100;

/// The acting user, who must be a person of the company.
fn enter(cx: &mut Cx<'_>) -> Result<User, Refused<NotStaff>> {
    let me = user::find(cx.tx, cx.user)?;
    me.filter(|me| me.kind == UserKind::Person && !me.extranet)
        .ok_or(Refused::Because(NotStaff))
}

/// Those of these users who work here.
pub fn people(cx: &mut Cx<'_>, ids: &BTreeSet<UserId>) -> Result<People, Interrupt> {
    let mut found = People::new();
    if ids.len() <= FEW {
        for &id in ids {
            let user = user::find(cx.tx, id)?.filter(works_here);
            found.extend(user.map(|user| (id, user)));
        }
    } else if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        let range = first.get()..=last.get();
        let all = user::list_people(cx.tx, &range, i64::MAX)?.into_iter();
        let wanted = all.filter(|user| ids.contains(&user.id) && works_here(user));
        found.extend(wanted.map(|user| (user.id, user)));
    }
    Ok(found)
}

/// The heads of departments who work here.
fn heads<'a>(
    cx: &mut Cx<'_>,
    departments: impl IntoIterator<Item = &'a Department>,
) -> Result<People, Interrupt> {
    let ids = departments.into_iter().filter_map(|one| one.head).collect();
    people(cx, &ids)
}

/// Departments by id, in the order requested, each once; unknown ones are left out.
fn asked<'a>(tree: &'a Tree, ids: &[i64]) -> Vec<&'a Department> {
    let mut seen = BTreeSet::new();
    let known = ids.iter().filter_map(|id| tree.get(*id));
    known.filter(|one| seen.insert(one.id)).collect()
}

/// Describes departments; also returns their heads.
pub(super) fn describe(
    cx: &mut Cx<'_>,
    tree: &Tree,
    departments: &[&Department],
) -> Result<(Vec<Described>, People), Interrupt> {
    let heads = heads(cx, departments.iter().copied())?;
    let described = departments.iter().map(|&one| Described {
        full_name: tree.full_name(one.id),
        head: one.head.filter(|head| heads.contains_key(head)),
        department: one.clone(),
    });
    Ok((described.collect(), heads))
}

/// Departments, in the order requested, and their heads; unknown ones are left out.
///
/// # Errors
/// [`NotStaff`].
pub fn departments(
    cx: &mut Cx<'_>,
    ids: &[i64],
) -> Result<(Vec<Described>, People), Refused<NotStaff>> {
    enter(cx)?;
    let tree = Tree::new(department::list(cx.tx)?);
    Ok(describe(cx, &tree, &asked(&tree, ids))?)
}

/// Users of departments.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    /// Each department with ids of users, in the order requested.
    pub departments: Vec<(i64, Vec<UserId>)>,
    /// The users, if `wanted`.
    pub people: People,
}

/// The heads of departments.
///
/// # Errors
/// [`NotStaff`].
pub fn managers(cx: &mut Cx<'_>, ids: &[i64]) -> Result<Staff, Refused<NotStaff>> {
    let (described, people) = departments(cx, ids)?;
    let departments = described
        .iter()
        .map(|one| (one.department.id, one.head.into_iter().collect()));
    Ok(Staff {
        departments: departments.collect(),
        people,
    })
}

/// The people of departments, without those of sub-departments, in id order. The users are loaded if `wanted`.
///
/// # Errors
/// [`NotStaff`].
pub fn employees(cx: &mut Cx<'_>, ids: &[i64], wanted: bool) -> Result<Staff, Refused<NotStaff>> {
    enter(cx)?;
    let tree = Tree::new(department::list(cx.tx)?);
    let asked = asked(&tree, ids);
    let mut employees: BTreeMap<i64, Vec<UserId>> =
        asked.iter().map(|one| (one.id, Vec::new())).collect();
    let mut everybody = BTreeSet::new();
    for (user, departments) in user::list_staff(cx.tx)? {
        for department in departments {
            if let Some(list) = employees.get_mut(&department) {
                list.push(user);
                everybody.insert(user);
            }
        }
    }
    let mut departments = Vec::with_capacity(asked.len());
    for one in asked {
        departments.extend(employees.remove_entry(&one.id));
    }
    let people = if wanted {
        people(cx, &everybody)?
    } else {
        People::new()
    };
    Ok(Staff {
        departments,
        people,
    })
}

/// A page of colleagues.
#[derive(Clone, Debug)]
pub struct Colleagues {
    /// Their ids, ascending.
    pub ids: Vec<UserId>,
    /// The users, if `wanted`.
    pub people: People,
    /// Total number on all pages.
    pub total: usize,
}

/// The colleagues of the acting user. For the head of a department: everybody in it and below it, and the heads of all
/// departments; for others: the people of their departments, and their heads. The users are loaded if `wanted`.
///
/// # Errors
/// [`NotStaff`].
pub fn colleagues(
    cx: &mut Cx<'_>,
    page: Page,
    wanted: bool,
) -> Result<Colleagues, Refused<NotStaff>> {
    let me = enter(cx)?;
    let tree = Tree::new(department::list(cx.tx)?);
    let headed: Vec<i64> = tree
        .iter()
        .filter(|one| one.head == Some(me.id))
        .map(|one| one.id)
        .collect();
    let (scope, above): (BTreeSet<i64>, Vec<&Department>) = if headed.is_empty() {
        let own = me.departments.iter();
        let above = own.clone().filter_map(|id| tree.get(*id)).collect();
        (own.copied().collect(), above)
    } else {
        (tree.below(headed), tree.iter().collect())
    };
    let mut ids: BTreeSet<UserId> = heads(cx, above)?.into_keys().collect();
    let staff = user::list_staff(cx.tx)?.into_iter();
    let within = staff.filter(|(_, departments)| departments.iter().any(|id| scope.contains(id)));
    ids.extend(within.map(|(user, _)| user));
    ids.remove(&me.id);
    let total = ids.len();
    let ids: Vec<UserId> = page.of(ids);
    let people = if wanted {
        people(cx, &ids.iter().copied().collect())?
    } else {
        People::new()
    };
    Ok(Colleagues { ids, people, total })
}
