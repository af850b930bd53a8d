//! The fields of a person: their names, types, and the scope that shows them.

use readmark_model::{Scope, Scopes};

/// How much of a person a caller may see. Each level includes the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Scope `user_brief`: without contact details.
    Brief,
    /// Scope `user_basic`: with contact details.
    Basic,
    /// Scope `user`: everything.
    Full,
}

impl Level {
    /// The level of a caller with these scopes.
    #[must_use]
    pub fn of(scopes: Scopes) -> Self {
        if scopes.has(Scope::User) {
            Self::Full
        } else if scopes.has(Scope::UserBasic) {
            Self::Basic
        } else {
            Self::Brief
        }
    }
}

/// Type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The user's id.
    Id,
    /// `true` or `false`.
    Flag,
    /// `Y` or `N`.
    YesNo,
    /// Text.
    Text,
    /// A point in time.
    Time,
    /// A day.
    Day,
    /// Ids of departments.
    Departments,
    /// A link to a picture.
    Picture,
}

/// Where a field is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In its own column.
    Column,
    /// In the profile, under its name.
    Profile,
    /// Not stored: computed from other fields, and not editable.
    Computed,
}

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Label for people.
    pub label: &'static str,
    /// The level that shows it.
    pub level: Level,
    /// Its type.
    pub kind: Kind,
    /// Where it is stored.
    pub place: Place,
}

impl Field {
    /// Whether `user.add` and `user.update` accept it.
    #[must_use]
    pub const fn is_editable(&self) -> bool {
        !matches!(self.place, Place::Computed)
    }
}

macro_rules! fields {
    ($($name:literal $label:literal $level:ident $kind:ident $place:ident,)+) => {
        /// Every field, in the order in which answers have them.
        pub static FIELDS: &[Field] = &[$(
            Field { name: $name, label: $label, level: Level::$level, kind: Kind::$kind, place: Place::$place },
        )+];
    };
}

fields! {
    "ID" "ID" Brief Id Computed,
    "XML_ID" "External ID" Brief Text Profile,
    "ACTIVE" "Active" Brief Flag Column,
    "NAME" "First name" Brief Text Column,
    "LAST_NAME" "Last name" Brief Text Column,
    "SECOND_NAME" "Second name" Brief Text Profile,
    "TITLE" "Form of address" Brief Text Profile,
    "EMAIL" "Email" Basic Text Column,
    "LAST_LOGIN" "Last login" Full Time Computed,
    "DATE_REGISTER" "Registered" Brief Time Computed,
    "TIME_ZONE" "Time zone" Brief Text Column,
    "IS_ONLINE" "Online" Brief YesNo Computed,
    "TIMESTAMP_X" "Changed" Brief Time Computed,
    "LAST_ACTIVITY_DATE" "Last activity" Brief Time Computed,
    "PERSONAL_GENDER" "Gender" Brief Text Column,
    "PERSONAL_PROFESSION" "Profession" Brief Text Profile,
    "PERSONAL_WWW" "Web site" Full Text Profile,
    "PERSONAL_BIRTHDAY" "Birthday" Brief Day Column,
    "PERSONAL_PHOTO" "Photo" Brief Picture Column,
    "PERSONAL_ICQ" "ICQ number" Full Text Profile,
    "PERSONAL_PHONE" "Phone" Basic Text Profile,
    "PERSONAL_FAX" "Fax" Basic Text Profile,
    "PERSONAL_MOBILE" "Mobile phone" Basic Text Profile,
    "PERSONAL_PAGER" "Pager" Basic Text Profile,
    "PERSONAL_STREET" "Street" Basic Text Profile,
    "PERSONAL_CITY" "City" Brief Text Profile,
    "PERSONAL_STATE" "Region" Brief Text Profile,
    "PERSONAL_ZIP" "Postal code" Basic Text Profile,
    "PERSONAL_COUNTRY" "Country" Brief Text Profile,
    "PERSONAL_MAILBOX" "Post box" Basic Text Profile,
    "PERSONAL_NOTES" "Notes" Basic Text Profile,
    "WORK_PHONE" "Phone at work" Basic Text Profile,
    "WORK_COMPANY" "Company" Basic Text Profile,
    "WORK_POSITION" "Position" Brief Text Column,
    "WORK_DEPARTMENT" "Department" Basic Text Profile,
    "WORK_WWW" "Web site of the company" Basic Text Profile,
    "WORK_FAX" "Fax at work" Basic Text Profile,
    "WORK_PAGER" "Pager at work" Basic Text Profile,
    "WORK_STREET" "Street of the company" Basic Text Profile,
    "WORK_MAILBOX" "Post box of the company" Basic Text Profile,
    "WORK_CITY" "City of the company" Brief Text Profile,
    "WORK_STATE" "Region of the company" Brief Text Profile,
    "WORK_ZIP" "Postal code of the company" Basic Text Profile,
    "WORK_COUNTRY" "Country of the company" Brief Text Profile,
    "WORK_PROFILE" "Line of business" Basic Text Profile,
    "WORK_LOGO" "Logo of the company" Basic Picture Profile,
    "WORK_NOTES" "Notes on work" Basic Text Profile,
    "UF_SKYPE_LINK" "Link to a chat in Skype" Basic Text Profile,
    "UF_ZOOM" "Zoom" Basic Text Profile,
    "UF_EMPLOYMENT_DATE" "Employed since" Brief Day Profile,
    "UF_TIMEMAN" "Keeps working hours" Brief Text Profile,
    "UF_DEPARTMENT" "Departments" Brief Departments Column,
    "UF_INTERESTS" "Interests" Brief Text Profile,
    "UF_SKILLS" "Skills" Brief Text Profile,
    "UF_WEB_SITES" "Further web sites" Basic Text Profile,
    "UF_XING" "Xing" Basic Text Profile,
    "UF_LINKEDIN" "LinkedIn" Basic Text Profile,
    "UF_FACEBOOK" "Facebook" Basic Text Profile,
    "UF_TWITTER" "Twitter" Basic Text Profile,
    "UF_SKYPE" "Skype" Basic Text Profile,
    "UF_DISTRICT" "District" Basic Text Profile,
    "UF_PHONE_INNER" "Extension" Brief Text Profile,
    "USER_TYPE" "Type" Brief Text Computed,
}

/// The field of this name, in any letter case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case(name))
}

/// The fields that a caller of this level may see.
pub fn visible(level: Level) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.level <= level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_scope_shows_more() {
        let count = |level| visible(level).count();
        assert!(
            count(Level::Brief) < count(Level::Basic) && count(Level::Basic) < count(Level::Full)
        );
        assert_eq!(count(Level::Full), FIELDS.len());
        assert!(visible(Level::Brief).all(|field| field.name != "EMAIL"));
        assert!(visible(Level::Basic).all(|field| field.name != "LAST_LOGIN"));
    }

    #[test]
    fn the_widest_scope_counts() {
        let level = |scopes: &[Scope]| Level::of(scopes.iter().copied().collect());
        assert_eq!(level(&[Scope::UserBrief]), Level::Brief);
        assert_eq!(level(&[Scope::UserBrief, Scope::UserBasic]), Level::Basic);
        assert_eq!(level(&[Scope::UserBrief, Scope::User]), Level::Full);
    }

    #[test]
    fn no_name_comes_twice() {
        let mut names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIELDS.len());
    }
}
