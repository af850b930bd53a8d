//! Profiles of bots.

use readmark_model::{color::Color, user::User};
use readmark_store::{StoreError, repo::user};

use crate::{Cx, file};

/// Changes of a bot's user; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Profile<'a> {
    /// First name.
    pub name: Option<&'a str>,
    /// Last name.
    pub last_name: Option<&'a str>,
    /// Position.
    pub work_position: Option<&'a str>,
    /// Colour.
    pub color: Option<Color>,
    /// `M` or `F`.
    pub gender: Option<&'a str>,
    /// Email, in lower case.
    pub email: Option<&'a str>,
    /// Birthday, `YYYY-MM-DD`.
    pub birthday: Option<&'a str>,
    /// Further fields, which are opaque here.
    pub edit: Option<ProfileEdit<'a>>,
    /// The picture: its media type and its bytes.
    pub avatar: Option<(&'a str, &'a [u8])>,
}

/// A change of the fields that are stored as one text.
#[derive(Clone, Copy, Debug)]
pub struct ProfileEdit<'a> {
    /// The new fields.
    pub value: &'a str,
    /// Merges the new fields into the stored text.
    pub write: fn(&str, &str) -> String,
}

impl Profile<'_> {
    /// Whether its email is already a person's.
    pub(super) fn takes_email(&self, cx: &mut Cx<'_>) -> Result<bool, StoreError> {
        match self.email.filter(|email| !email.is_empty()) {
            Some(email) => Ok(user::find_by_email(cx.tx, email)?.is_some()),
            None => Ok(false),
        }
    }

    /// Applies the changes to `user`; a replaced picture is deleted. The caller writes the row. Returns whether anything changed.
    pub(super) fn apply(&self, cx: &mut Cx<'_>, user: &mut User) -> Result<bool, StoreError> {
        let mut changed = false;
        let texts = [
            (self.name, &mut user.name),
            (self.last_name, &mut user.last_name),
            (self.work_position, &mut user.work_position),
            (self.color.map(Color::hex), &mut user.color),
            (self.gender, &mut user.gender),
            (self.email, &mut user.email),
            (self.birthday, &mut user.birthday),
        ];
        for (new, text) in texts {
            if let Some(new) = new
                && new != text
            {
                new.clone_into(text);
                changed = true;
            }
        }
        if let Some(edit) = self.edit {
            let profile = (edit.write)(&user.profile, edit.value);
            changed |= profile != user.profile;
            user.profile = profile;
        }
        if let Some((media_type, bytes)) = self.avatar {
            file::delete(cx, &user.avatar)?;
            user.avatar = file::store(cx, media_type, bytes)?;
            changed = true;
        }
        Ok(changed)
    }
}
