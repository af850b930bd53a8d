//! The people of a test portal: invented, always the same.

use readmark_model::{Timestamp, UserId, UserKind, color::Color, user::User};

/// Login names ordered by id, starting with 1. The first administers the portal, the last is an extranet user.
pub const PEOPLE: [&str; 5] = ["ada", "ben", "cho", "dev", "eva"];

const NAMES: [(&str, &str, &str); 5] = [
    ("Ada", "Brandt", "F"),
    ("Ben", "Okafor", "M"),
    ("Cho", "Ishida", "F"),
    ("Dev", "Marin", "M"),
    ("Eva", "Lindqvist", "F"),
];

/// The id of a person by login name.
///
/// # Panics
/// When nobody has that name.
#[must_use]
pub fn id_of(name: &str) -> UserId {
    let index = PEOPLE.iter().position(|person| *person == name);
    let index = index.unwrap_or_else(|| panic!("nobody is called {name}"));
    UserId(index as i64 + 1)
}

/// Everybody, as added at `now`.
#[must_use]
pub fn everybody(now: Timestamp) -> Vec<User> {
    PEOPLE
        .iter()
        .zip(NAMES)
        .enumerate()
        .map(|(index, (login, (name, last_name, gender)))| User {
            id: UserId(index as i64 + 1),
            kind: UserKind::Person,
            active: true,
            admin: index == 0,
            extranet: index == 4,
            hide_receipts: false,
            name: name.into(),
            last_name: last_name.into(),
            email: format!("{login}@example.com"),
            work_position: "Keeper".into(),
            gender: gender.into(),
            birthday: String::new(),
            color: Color::default_for(index as i64 + 1).hex().into(),
            avatar: String::new(),
            external_auth_id: "default".into(),
            status: "online".into(),
            time_zone: String::new(),
            departments: if index == 4 { Vec::new() } else { vec![1] },
            profile: "{}".into(),
            registered_at: now,
            updated_at: now,
            last_login_at: None,
            last_activity_at: None,
            idle_since: None,
            absent_until: None,
            bot: None,
        })
        .collect()
}
