//! Title, description, colour and avatar of a chat: `im.chat.updateTitle`, `updateColor`, `updateAvatar`,
//! `imbot.v2.Chat.update`.

use readmark_model::{ChatId, ChatKind, Event, Policy, chat::Chat, color::Color};
use readmark_store::repo::chat;

use crate::{
    Cx, Refused,
    chat::{
        group::{MAX_DESCRIPTION, cut, cut_title},
        lock, notices,
    },
    file::{self, Picture},
};

/// Why a chat's appearance is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppearanceRefusal {
    /// There is no such chat.
    NoChat,
    /// The acting user may not see the chat, or it is private.
    NotAvailable,
    /// The acting user may see the chat but lacks the right.
    NoRight,
    /// This property follows the chat's external object.
    Fixed,
    /// The value is the same already.
    Unchanged,
}

type Done = Result<(), Refused<AppearanceRefusal>>;

/// Sets the title, which is not empty after [`cut_title`].
///
/// # Errors
/// [`AppearanceRefusal`]; then nothing changes.
pub fn set_title(cx: &mut Cx<'_>, id: ChatId, title: &str) -> Done {
    let chat = changeable(cx, id, |policy| policy.rename)?;
    let title = cut_title(title);
    if chat.title != title {
        chat::update_title(cx.tx, id, &title)?;
        notices::renamed(cx, id, &title)?;
        record(cx, id);
    }
    Ok(())
}

/// Sets the colour.
///
/// # Errors
/// [`AppearanceRefusal`]; then nothing changes.
pub fn set_color(cx: &mut Cx<'_>, id: ChatId, color: Color) -> Done {
    // The colour stands in for the avatar, so the avatar's policy applies.
    let chat = changeable(cx, id, |policy| policy.avatar)?;
    if chat.color == color.hex() {
        return Err(Refused::Because(AppearanceRefusal::Unchanged));
    }
    chat::update_color(cx.tx, id, color.hex())?;
    record(cx, id);
    Ok(())
}

/// Sets the avatar.
///
/// # Errors
/// [`AppearanceRefusal`]; then nothing changes.
pub fn set_avatar(cx: &mut Cx<'_>, id: ChatId, picture: Picture<'_>) -> Done {
    let chat = changeable(cx, id, |policy| policy.avatar)?;
    let path = file::replace(cx, &chat.avatar, picture)?;
    chat::update_avatar(cx.tx, id, &path)?;
    record(cx, id);
    Ok(())
}

/// Changes of a chat; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks<'a> {
    /// The title; one that is empty after [`cut_title`] changes nothing.
    pub title: Option<&'a str>,
    /// The description, at most [`MAX_DESCRIPTION`] characters of it.
    pub description: Option<&'a str>,
    /// The colour.
    pub color: Option<Color>,
    /// The avatar.
    pub picture: Option<Picture<'a>>,
}

/// Changes several things at once, or nothing.
///
/// # Errors
/// [`AppearanceRefusal`], never [`AppearanceRefusal::Unchanged`]; then nothing changes.
pub fn update(cx: &mut Cx<'_>, id: ChatId, looks: &Looks<'_>) -> Done {
    let title = looks.title.map(cut_title).filter(|title| !title.is_empty());
    let named = title.is_some() || looks.description.is_some();
    let painted = looks.color.is_some() || looks.picture.is_some();
    let chat = changeable(cx, id, |policy| {
        (policy.rename || !named) && (policy.avatar || !painted)
    })?;
    let mut changes = false;
    if let Some(description) = looks.description.map(|text| cut(text, MAX_DESCRIPTION))
        && chat.description != description
    {
        chat::update_description(cx.tx, id, description)?;
        changes = true;
    }
    if let Some(color) = looks.color.filter(|color| chat.color != color.hex()) {
        chat::update_color(cx.tx, id, color.hex())?;
        changes = true;
    }
    if let Some(picture) = looks.picture {
        let path = file::replace(cx, &chat.avatar, picture)?;
        chat::update_avatar(cx.tx, id, &path)?;
        changes = true;
    }
    if let Some(title) = title.filter(|title| chat.title != *title) {
        chat::update_title(cx.tx, id, &title)?;
        notices::renamed(cx, id, &title)?;
        changes = true;
    }
    if changes {
        record(cx, id);
    }
    Ok(())
}

fn changeable(
    cx: &mut Cx<'_>,
    id: ChatId,
    allowed: impl Fn(&Policy) -> bool,
) -> Result<Chat, Refused<AppearanceRefusal>> {
    let refuse = |reason| Err(Refused::Because(reason));
    let Some((chat, role)) = lock::lock_exclusive(cx, id)? else {
        return refuse(AppearanceRefusal::NoChat);
    };
    let Some(role) = role.filter(|_| chat.kind != ChatKind::Private) else {
        return refuse(AppearanceRefusal::NotAvailable);
    };
    if !allowed(&Policy::of(chat.kind, &chat.entity.kind)) {
        return refuse(AppearanceRefusal::Fixed);
    }
    if !chat.permissions.manage_ui.allows(role) {
        return refuse(AppearanceRefusal::NoRight);
    }
    Ok(chat)
}

fn record(cx: &mut Cx<'_>, id: ChatId) {
    cx.record(Event::ChatUpdated {
        chat: id,
        by: cx.user,
    });
}
