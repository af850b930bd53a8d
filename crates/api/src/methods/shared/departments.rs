//! Parameters and answers shared by department methods.

use readmark_app::departments::{Described, staff::People};
use readmark_model::{UserId, text::without_nul};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::NoError,
        params::{ParamType, ReadCx},
    },
    objects::user::ClassicUser,
    params,
    portal::context::PortalContext,
    wire::{Field, IntField},
};

/// Maximum length of a department's name, in characters; longer ones are cut.
pub const MAX_NAME: usize = 255;

params! {
    /// Departments, and how users are answered. Errors in the ids are reported only to callers with permission.
    #[derive(Debug)]
    pub struct DepartmentsParams: NoError {
        /// Ids of departments: a list, or a text that holds one as JSON or with commas.
        required ids: Option<Vec<i64>> = "ID", by(ids), kind(ParamType::ArrayOf(&ParamType::Integer));
        /// `Y` answers users as objects, `N` their ids alone.
        optional user_data: bool = "USER_DATA", yes_no(false);
    }
}

/// The ids; `None` if there are none, or one is not a whole number.
fn ids(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Vec<i64>>, NoError> {
    let list = field.as_id_list().filter(|_| field.is_list());
    let list = list.filter(|list| list.malformed == 0 && !list.ids.is_empty());
    Ok(list.map(|list| list.ids))
}

/// A name as stored, or empty if nothing is left of it. `None` if it is not given.
#[must_use]
pub fn name(field: Field<'_>) -> Option<String> {
    if field.raw().is_none_or(serde_json::Value::is_null) {
        return None;
    }
    let text = field.as_text().unwrap_or_default();
    let name: String = without_nul(text.trim()).chars().take(MAX_NAME).collect();
    Some(name.trim_end().to_owned())
}

/// The head: `Some(None)` for an empty text or 0, meaning nobody. `None` if it is not given.
///
/// # Errors
/// If it is not a user id.
pub fn head(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Option<UserId>>, NoUser> {
    if field.raw().is_none_or(serde_json::Value::is_null) {
        return Ok(None);
    }
    match field.as_int() {
        IntField::Absent | IntField::Valid(0) => Ok(Some(None)),
        IntField::Valid(id) if id > 0 => Ok(Some(Some(UserId(id)))),
        IntField::Valid(_) | IntField::Malformed => Err(NoUser),
    }
}

/// Not a user id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoUser;

/// Users as ids or as objects.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Users {
    /// Without `USER_DATA`.
    Ids(Vec<i64>),
    /// With it.
    Objects(Vec<ClassicUser>),
}

impl Users {
    /// These users, as objects if `wanted`.
    #[must_use]
    pub fn new(ids: &[UserId], people: &People, wanted: bool, portal: &PortalContext) -> Self {
        if wanted {
            let found = ids.iter().filter_map(|id| people.get(id));
            Self::Objects(found.map(|user| ClassicUser::new(user, portal)).collect())
        } else {
            Self::Ids(ids.iter().map(|id| id.get()).collect())
        }
    }
}

/// A department in the messenger.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DepartmentObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its name and those of the departments above it.
    pub full_name: String,
    /// Who heads it, 0 for nobody.
    pub manager_user_id: i64,
    /// The same user, or null, with `USER_DATA` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_user_data: Option<Option<ClassicUser>>,
}

impl DepartmentObject {
    /// The object of a department, with its head if `wanted`.
    #[must_use]
    pub fn new(
        described: &Described,
        heads: &People,
        wanted: bool,
        portal: &PortalContext,
    ) -> Self {
        let head = described.head;
        let data = || {
            let user = head.and_then(|head| heads.get(&head))?;
            Some(ClassicUser::new(user, portal))
        };
        Self {
            id: described.department.id,
            name: described.department.name.clone(),
            full_name: described.full_name.clone(),
            manager_user_id: head.map_or(0, UserId::get),
            manager_user_data: wanted.then(data),
        }
    }
}
