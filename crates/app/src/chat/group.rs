//! Creating a group chat on request: `im.chat.add`, `imbot.v2.Chat.add`.

use std::collections::BTreeSet;

use readmark_model::{
    ChatId, ChatKind, MessageKind, MessageParams, UserId, chat::Entity, color::Color,
};
use readmark_store::repo::{chat, user};

use crate::{
    Cx, Interrupt, Refused, access,
    chat::{
        create::{self, Plan},
        notices,
    },
    file,
    message::send::{self, Draft},
};

/// The longest title, in characters; longer ones are cut.
pub const MAX_TITLE: usize = 255;
/// The longest description, in characters; longer ones are cut, since every list of chats carries it.
pub const MAX_DESCRIPTION: usize = 5000;
/// The longest type, id and data of an external object, in characters. Longer data is cut; a longer type or id names no
/// object, as cutting it could name another.
pub const MAX_ENTITY: usize = 255;

/// The requested chat.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// Closed or open.
    pub kind: ChatKind,
    /// Title; generated when empty.
    pub title: &'a str,
    /// Description, at most [`MAX_DESCRIPTION`] characters of it.
    pub description: &'a str,
    /// Colour; derived from the chat id when not given.
    pub color: Option<Color>,
    /// Avatar: media type and content.
    pub avatar: Option<(&'a str, &'a [u8])>,
    /// The owner, if not the acting user. Ignored when unknown, dismissed or not visible.
    pub owner: Option<UserId>,
    /// The external object, see [`MAX_ENTITY`]. Several chats may have the same one.
    pub entity: &'a Entity,
    /// Members besides the acting user. Unknown, dismissed and invisible users are skipped.
    pub users: &'a [UserId],
    /// The first message, or empty.
    pub message: &'a str,
}

/// Makes a chat that the acting user owns, or manages where it is made for another owner. A chat with others begins with the
/// notice that they were invited, before the first message.
pub fn add(cx: &mut Cx<'_>, wish: &Wish<'_>) -> Result<ChatId, Interrupt> {
    let me = cx.user;
    let (owners, _) = invited(cx, wish.owner.as_slice())?;
    let owner = owners.first().copied().unwrap_or(me);
    let managers: &[UserId] = if owner == me { &[] } else { &[me] };
    let users: Vec<UserId> = owners.iter().chain(wish.users).copied().collect();
    let (members, names) = invited(cx, &users)?;
    let avatar = match wish.avatar {
        Some((media_type, content)) => file::store(cx, media_type, content)?,
        None => String::new(),
    };
    let title = match cut_title(wish.title) {
        title if title.is_empty() && !names.is_empty() => {
            cut_title(&format!("Chat with {}", names.join(", ")))
        }
        title => title,
    };
    let plan = Plan {
        kind: wish.kind,
        title: &title,
        description: cut(wish.description, MAX_DESCRIPTION),
        color: wish.color.map_or("", Color::hex),
        avatar: &avatar,
        entity: &fitting(wish.entity),
        owner,
        managers,
        members: &members,
    };
    let id = create::create(cx, &plan)?;
    let color = wish.color.unwrap_or_else(|| Color::default_for(id.get()));
    if wish.color.is_none() {
        chat::update_color(cx.tx, id, color.hex())?;
    }
    if title.is_empty() {
        chat::update_title(cx.tx, id, &numbered_title(color, id))?;
    }
    if !members.is_empty() {
        notices::joined(cx, id, &members)?;
    }
    if !wish.message.trim().is_empty() {
        greet(cx, id, wish.message)?;
    }
    Ok(id)
}

/// Who of these can be invited, each once, and the names of those who have one.
fn invited(cx: &mut Cx<'_>, users: &[UserId]) -> Result<(Vec<UserId>, Vec<String>), Interrupt> {
    let mut asked = BTreeSet::from([cx.user]);
    let (mut members, mut names) = (Vec::new(), Vec::new());
    for &id in users {
        if !asked.insert(id) || !access::may_see_user(cx, id)? {
            continue;
        }
        if let Some(found) = user::find(cx.tx, id)?.filter(|found| found.active) {
            members.push(id);
            names.extend(Some(found.full_name()).filter(|name| !name.is_empty()));
        }
    }
    Ok((members, names))
}

/// The first message of a new chat, by who made it.
fn greet(cx: &mut Cx<'_>, id: ChatId, text: &str) -> Result<(), Interrupt> {
    let draft = Draft {
        kind: MessageKind::Post,
        text,
        params: MessageParams::empty(),
        reply: None,
        uuid: None,
    };
    match send::send(cx, id, &draft) {
        Err(Refused::Interrupted(fault)) => Err(fault),
        // Owner and managers may post, so that nothing is refused.
        Ok(_) | Err(Refused::Because(_)) => Ok(()),
    }
}

/// An external object as it is stored, see [`MAX_ENTITY`].
fn fitting(entity: &Entity) -> Entity {
    let fits = |text: &str| text.chars().nth(MAX_ENTITY).is_none();
    if !fits(&entity.kind) || !fits(&entity.id) {
        return Entity::default();
    }
    Entity {
        data: entity
            .data
            .each_ref()
            .map(|data| cut(data, MAX_ENTITY).to_owned()),
        ..entity.clone()
    }
}

/// The first characters of a text.
pub(super) fn cut(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .map_or(text, |(end, _)| &text[..end])
}

/// `<Colour> chat №<number>`, for an untitled chat without other members.
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
    cut(one_line.trim(), MAX_TITLE).trim_end().to_owned()
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

    #[test]
    fn an_object_whose_id_is_too_long_is_none_and_long_data_is_cut() {
        let object = |id: usize, data: usize| Entity {
            kind: "CRM".to_owned(),
            id: "é".repeat(id),
            data: ["é".repeat(data), String::new(), "short".to_owned()],
        };
        let kept = fitting(&object(MAX_ENTITY, MAX_ENTITY + 1));
        assert_eq!(kept, object(MAX_ENTITY, MAX_ENTITY));
        assert_eq!(fitting(&object(MAX_ENTITY + 1, 0)), Entity::default());
    }
}
