//! Access codes: short names for sets of users.

use readmark_model::{Caller, UserId};

use crate::{
    contract::{method::NoError, params::ReadCx},
    wire::Field,
};

/// A set of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessCode {
    /// `U7`: one user.
    User(UserId),
    /// `G1`: administrators of the portal.
    Administrators,
    /// `G2`: everybody, logged in or not.
    Everybody,
    /// `AU`: everybody who is logged in.
    Authorised,
}

impl AccessCode {
    /// Parses a code; `None` if it is unknown.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "AU" => Some(Self::Authorised),
            "G1" => Some(Self::Administrators),
            "G2" => Some(Self::Everybody),
            _ => {
                let digits = code.strip_prefix('U')?;
                let id = digits
                    .parse()
                    .ok()
                    .filter(|id: &i64| *id > 0 && id.to_string() == digits)?;
                Some(Self::User(UserId(id)))
            }
        }
    }

    /// Whether the caller is in the set.
    #[must_use]
    pub fn has(self, caller: &Caller) -> bool {
        match self {
            Self::User(id) => id == caller.user,
            Self::Administrators => caller.admin,
            Self::Everybody | Self::Authorised => true,
        }
    }
}

/// The codes of `ACCESS`; a single one need not be in a list. An invalid code names nobody.
pub fn given(field: Field<'_>, _: &ReadCx<'_>) -> Result<Vec<String>, NoError> {
    let items = field.as_list().unwrap_or_default();
    let texts = items.into_iter().filter_map(|item| item.as_text());
    let codes = texts.map(|text| text.trim().to_owned());
    Ok(codes.filter(|text| !text.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read() {
        assert_eq!(AccessCode::parse("U12"), Some(AccessCode::User(UserId(12))));
        assert_eq!(AccessCode::parse("AU"), Some(AccessCode::Authorised));
        for unknown in [
            "",
            "U",
            "U0",
            "U-1",
            "U01",
            "G3",
            "au",
            "D1",
            "U99999999999999999999",
        ] {
            assert_eq!(AccessCode::parse(unknown), None, "{unknown}");
        }
    }
}
