//! What a bot looks like.

use readmark_model::color::Color;
use readmark_store::{StoreError, repo::user::User};

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
    /// The picture: its media type and its bytes.
    pub avatar: Option<(&'a str, &'a [u8])>,
}

impl Profile<'_> {
    /// Puts the changes into `user`, whose earlier picture is deleted when it gets a new one. The row is written by whoever
    /// calls. Answers whether anything is different now.
    pub(super) fn apply(&self, cx: &mut Cx<'_>, user: &mut User) -> Result<bool, StoreError> {
        let mut changed = false;
        let texts = [
            (self.name, &mut user.name),
            (self.last_name, &mut user.last_name),
            (self.work_position, &mut user.work_position),
            (self.color.map(Color::hex), &mut user.color),
            (self.gender, &mut user.gender),
        ];
        for (new, text) in texts {
            if let Some(new) = new
                && new != text
            {
                new.clone_into(text);
                changed = true;
            }
        }
        if let Some((media_type, bytes)) = self.avatar {
            file::delete(cx, &user.avatar)?;
            user.avatar = file::store(cx, media_type, bytes)?;
            changed = true;
        }
        Ok(changed)
    }
}
