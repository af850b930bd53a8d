//! `department.*`: the company structure.

pub mod add;
pub mod delete;
pub mod fields;
pub mod get;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<fields::DepartmentFields>(),
    Entry::of::<get::DepartmentGet>(),
    Entry::of::<add::DepartmentAdd>(),
    Entry::of::<update::DepartmentUpdate>(),
    Entry::of::<delete::DepartmentDelete>(),
];
