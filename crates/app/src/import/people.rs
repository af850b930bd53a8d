//! Adding the people of another messenger.

use readmark_model::{Timestamp, UserId, UserKind, color::Color, text, user::User};
use readmark_store::{StoreError, Tx, repo::user};

use super::{Imported, Person};

/// The department of all imported people: the first one, which every portal has.
const DEPARTMENT: i64 = 1;

/// The portal's user for an imported person.
#[derive(Clone, Debug)]
pub(super) struct Added {
    /// The id.
    pub(super) id: UserId,
    /// First and last name, for mentions.
    pub(super) name: String,
    /// Whether it is an extranet user.
    pub(super) extranet: bool,
}

/// Adds everybody, in order. A person whose email the portal knows becomes that existing person, unchanged. Nobody becomes an
/// administrator by being imported.
pub(super) fn add(
    tx: &mut dyn Tx,
    people: &[Person],
    now: Timestamp,
    imported: &mut Imported,
) -> Result<Vec<Added>, StoreError> {
    let mut added = Vec::with_capacity(people.len());
    for person in people {
        let user = match known(tx, person)? {
            Some(user) => {
                imported.known_users += 1;
                user
            }
            None => {
                imported.users += 1;
                insert(tx, person, now)?
            }
        };
        added.push(Added {
            id: user.id,
            name: user.full_name(),
            extranet: user.extranet,
        });
    }
    Ok(added)
}

fn known(tx: &mut dyn Tx, person: &Person) -> Result<Option<User>, StoreError> {
    if person.email.is_empty() || person.bot {
        return Ok(None);
    }
    match user::find_by_email(tx, &person.email)? {
        Some(id) => user::find(tx, id),
        None => Ok(None),
    }
}

fn insert(tx: &mut dyn Tx, person: &Person, now: Timestamp) -> Result<User, StoreError> {
    let clean = |text: &str| text::without_nul(text).into_owned();
    let intranet_person = !person.bot && !person.extranet;
    let mut user = User {
        id: UserId(0),
        kind: if person.bot {
            UserKind::Bot
        } else {
            UserKind::Person
        },
        active: person.active,
        admin: false,
        extranet: person.extranet,
        hide_receipts: false,
        name: clean(&person.name),
        last_name: clean(&person.last_name),
        email: clean(&person.email),
        work_position: clean(&person.work_position),
        gender: String::new(),
        birthday: String::new(),
        color: String::new(),
        avatar: String::new(),
        external_auth_id: if person.bot { "bot" } else { "default" }.to_owned(),
        status: "online".to_owned(),
        time_zone: clean(&person.time_zone),
        departments: if intranet_person {
            vec![DEPARTMENT]
        } else {
            Vec::new()
        },
        profile: clean(&person.profile),
        registered_at: now,
        updated_at: now,
        last_login_at: None,
        last_activity_at: None,
        idle_since: None,
        absent_until: None,
        bot: None,
    };
    user.id = user::insert(tx, &user)?;
    // The colour derives from the id, as for every user.
    user.color = Color::default_for(user.id.get()).hex().to_owned();
    user::update(tx, &user)?;
    Ok(user)
}
