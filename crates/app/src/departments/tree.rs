//! The tree of departments in memory; there are few of them.

use std::collections::{BTreeMap, BTreeSet};

use readmark_model::department::Department;

/// All departments, each with its children. Tolerates damage: a missing parent or a cycle.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    departments: BTreeMap<i64, Department>,
    /// Children in sort order; top-level departments are below 0.
    children: BTreeMap<i64, Vec<i64>>,
}

impl Tree {
    /// The tree of these departments.
    #[must_use]
    pub fn new(departments: Vec<Department>) -> Self {
        let mut ordered: Vec<&Department> = departments.iter().collect();
        ordered.sort_by_cached_key(|one| (one.sort, one.name.to_lowercase(), one.id));
        let mut children: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for one in ordered {
            children
                .entry(one.parent.unwrap_or(0))
                .or_default()
                .push(one.id);
        }
        let departments = departments.into_iter().map(|one| (one.id, one));
        Self {
            departments: departments.collect(),
            children,
        }
    }

    /// A department.
    #[must_use]
    pub fn get(&self, id: i64) -> Option<&Department> {
        self.departments.get(&id)
    }

    /// Every department, in id order.
    pub fn iter(&self) -> impl Iterator<Item = &Department> {
        self.departments.values()
    }

    /// A department and its ancestors, up to the root.
    fn path(&self, id: i64) -> impl Iterator<Item = &Department> {
        let above = |one: &&Department| self.get(one.parent?);
        // Bounds the path, in case of a cycle.
        std::iter::successors(self.get(id), above).take(self.departments.len())
    }

    /// The names of a department and its ancestors, separated by slashes: `Design / Production / Acme`.
    #[must_use]
    pub fn full_name(&self, id: i64) -> String {
        let names: Vec<_> = self.path(id).map(|one| one.name.as_str()).collect();
        names.join(" / ")
    }

    /// These departments and all their descendants.
    #[must_use]
    pub fn below(&self, ids: impl IntoIterator<Item = i64>) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        let mut rest: Vec<i64> = ids.into_iter().collect();
        while let Some(id) = rest.pop() {
            if found.insert(id) {
                rest.extend(self.children.get(&id).into_iter().flatten());
            }
        }
        found
    }

    /// Every department reachable from the top, each before its descendants, with its depth; siblings by sort, name and id.
    #[must_use]
    pub fn walk(&self) -> Vec<(usize, &Department)> {
        let mut walked = Vec::with_capacity(self.departments.len());
        let children = |id: i64| self.children.get(&id).map_or(&[][..], Vec::as_slice);
        let mut rest: Vec<(usize, i64)> = children(0).iter().rev().map(|id| (0, *id)).collect();
        while let Some((depth, id)) = rest.pop() {
            walked.extend(self.get(id).map(|one| (depth, one)));
            rest.extend(children(id).iter().rev().map(|id| (depth + 1, *id)));
        }
        walked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn department(id: i64, parent: i64, name: &str, sort: i64) -> Department {
        Department {
            id,
            name: name.to_owned(),
            sort,
            parent: Some(parent).filter(|parent| *parent > 0),
            head: None,
        }
    }

    fn tree() -> Tree {
        Tree::new(vec![
            department(1, 0, "Pier", 500),
            department(2, 1, "Ropes", 500),
            department(3, 2, "Knots", 500),
            department(4, 1, "anchors", 500),
            department(5, 1, "Yards", 100),
        ])
    }

    #[test]
    fn a_full_name_goes_up_to_the_root() {
        assert_eq!(tree().full_name(3), "Knots / Ropes / Pier");
        assert_eq!(tree().full_name(1), "Pier");
        assert_eq!(tree().full_name(9), "");
    }

    #[test]
    fn siblings_stand_by_sort_and_name_and_after_what_is_above_them() {
        let tree = tree();
        let walked: Vec<_> = tree
            .walk()
            .iter()
            .map(|(depth, one)| (*depth, one.id))
            .collect();
        assert_eq!(walked, [(0, 1), (1, 5), (1, 4), (1, 2), (2, 3)]);
    }

    #[test]
    fn below_a_department_is_itself_and_everything_under_it() {
        let below = |ids: &[i64]| {
            tree()
                .below(ids.iter().copied())
                .into_iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(below(&[2]), [2, 3]);
        assert_eq!(below(&[2, 4]), [2, 3, 4]);
        assert_eq!(below(&[1]), [1, 2, 3, 4, 5]);
        assert_eq!(below(&[]), [] as [i64; 0]);
    }

    #[test]
    fn a_circle_ends() {
        let tree = Tree::new(vec![
            department(1, 0, "Pier", 500),
            department(2, 3, "Egg", 500),
            department(3, 2, "Hen", 500),
        ]);
        assert_eq!(tree.full_name(2), "Egg / Hen / Egg");
        assert_eq!(tree.below([2]).len(), 2);
        assert_eq!(tree.walk().len(), 1);
    }
}
