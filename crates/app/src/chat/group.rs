//! Making a group chat as somebody asks for it: `im.chat.add`.

use readmark_model::{ChatId, ChatKind, MessageKind, UserId, color::Color};
use readmark_store::repo::{
    chat::{self, Entity},
    user,
};

use crate::{
    Cx, Fault, Refused, access,
    chat::{
        create::{self, Plan},
        notices,
    },
    file::{self, Picture},
    message::send::{self, Draft},
};

/// The longest title, in characters; longer ones are cut.
pub const MAX_TITLE: usize = 255;

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// Closed or open.
    pub kind: ChatKind,
    /// Title; made up when it is empty.
    pub title: &'a str,
    /// Description.
    pub description: &'a str,
    /// Colour; by the number of the chat when none is given.
    pub color: Option<Color>,
    /// Avatar: media type and content.
    pub avatar: Option<(&'a str, &'a [u8])>,
    /// The external object.
    pub entity: &'a Entity,
    /// Members beside the one who acts. Who is unknown, dismissed or cannot be seen is passed over.
    pub users: &'a [UserId],
    /// The first message, or empty.
    pub message: &'a str,
}

/// Makes a chat that the one who acts owns.
///
/// # Errors
/// When the store fails.
pub fn add(cx: &mut Cx<'_>, wish: &Wish<'_>) -> Result<ChatId, Fault> {
    let owner = cx.user;
    let mut members = Vec::new();
    let mut names = Vec::new();
    for &id in wish.users {
        if id == owner || members.contains(&id) || !access::may_see_user(cx, id)? {
            continue;
        }
        if let Some(found) = user::find(cx.tx, id)?.filter(|found| found.active) {
            members.push(id);
            names.push(found.full_name());
        }
    }
    let avatar = match wish.avatar {
        Some((media_type, content)) => file::replace(
            cx,
            "",
            Picture::Set {
                media_type,
                content,
            },
        )?,
        None => String::new(),
    };
    let made_up = names.is_empty();
    let title = match cut_title(wish.title) {
        title if !title.is_empty() => title,
        _ => cut_title(&format!("Chat with {}", names.join(", "))),
    };
    let id = create::create(
        cx,
        &Plan {
            kind: wish.kind,
            title: &title,
            description: wish.description,
            color: wish.color.map_or("", Color::hex),
            avatar: &avatar,
            entity: wish.entity,
            owner,
            managers: &[],
            members: &members,
        },
    )?;
    let color = wish.color.unwrap_or_else(|| Color::default_for(id.get()));
    if wish.color.is_none() {
        chat::update_color(cx.tx, id, color.hex())?;
    }
    if made_up && wish.title.trim().is_empty() {
        chat::update_title(cx.tx, id, &numbered_title(color, id))?;
    }
    if !members.is_empty() {
        notices::joined(cx, id, &members)?;
    }
    if !wish.message.trim().is_empty() {
        let draft = Draft {
            kind: MessageKind::Post,
            text: wish.message,
            params: "{}",
            reply: None,
            uuid: None,
        };
        match send::send(cx, id, &draft) {
            Ok(_) => {}
            Err(Refused::Fault(fault)) => return Err(fault),
            // The owner of a new chat may post in it.
            Err(Refused::Because(_)) => {}
        }
    }
    Ok(id)
}

/// `<Colour> chat №<number>`, for a chat that nobody named and nobody else is in.
fn numbered_title(color: Color, id: ChatId) -> String {
    let name = color.name().replace('_', " ").to_lowercase();
    let mut letters = name.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{} chat №{id}", letters.as_str())
}

/// A title without line breaks and outer white space, of at most [`MAX_TITLE`] characters.
#[must_use]
pub fn cut_title(title: &str) -> String {
    let one_line: String = title
        .chars()
        .filter(|letter| *letter != '\0')
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    one_line
        .trim()
        .chars()
        .take(MAX_TITLE)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_line_without_outer_white_space() {
        assert_eq!(cut_title(" two\nlines\0 \n"), "two lines");
        assert_eq!(cut_title("\n \t"), "");
        assert_eq!(cut_title(&"é".repeat(300)).chars().count(), MAX_TITLE);
    }

    #[test]
    fn a_chat_without_a_name_is_numbered() {
        let color = Color::from_name("LIGHT_BLUE").unwrap();
        assert_eq!(numbered_title(color, ChatId(7)), "Light blue chat №7");
    }
}
