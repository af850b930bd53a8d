//! `im.department.*`: heads, employees and colleagues.

pub mod colleagues_list;
pub mod employees_get;
pub mod get;
pub mod managers_get;
pub mod staff_params;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<get::ImDepartmentGet>(),
    Entry::of::<managers_get::ImDepartmentManagersGet>(),
    Entry::of::<employees_get::ImDepartmentEmployeesGet>(),
    Entry::of::<colleagues_list::ImDepartmentColleaguesList>(),
];
