//! `imbot.v2.Command.update`, `imbot.v2.Command.unregister` and their first-generation counterparts.

use readmark_model::{
    Event,
    bot::Bot,
    command as rules,
    command::{Command, CommandText},
};
use readmark_store::{
    StoreError,
    repo::{bot, command, event_handler},
};

use super::register::{handled_event, set_handler};
use crate::{Cx, Refused};

/// Changes of a command; what is `None` stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Changes<'a> {
    /// Its name, without the slash.
    pub name: Option<&'a str>,
    /// Its texts.
    pub texts: Texts<'a>,
    /// Whether it can be called in chats without the bot.
    pub common: Option<bool>,
    /// Whether lists of commands leave it out.
    pub hidden: Option<bool>,
    /// Whether extranet users can call it.
    pub extranet_support: Option<bool>,
    /// Where calls are sent for a first-generation bot.
    pub handler: Option<&'a str>,
}

/// Changes of a command's texts.
#[derive(Clone, Copy, Debug)]
pub enum Texts<'a> {
    /// In these languages; others stay as they are.
    Some(&'a [Wording]),
    /// In all languages: those not given are removed.
    All(&'a [CommandText]),
}

/// A command's new texts in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The language.
    pub language: String,
    /// Its title; `None` removes title and parameters.
    pub title: Option<String>,
    /// The description of its parameters; `None` leaves it as it is.
    pub params: Option<String>,
}

/// Why a command is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The bot has no such command.
    NotFound,
    /// The caller is an extranet user; commands, like bots, are managed by the portal's own users.
    Outsider,
    /// The bot has another command of this name.
    NameTaken,
}

/// Checks that the caller may change a bot's command.
///
/// # Errors
/// [`ChangeRefusal::NotFound`], [`ChangeRefusal::Outsider`].
pub fn check(cx: &mut Cx<'_>, bot: &Bot, id: i64) -> Result<(), Refused<ChangeRefusal>> {
    find(cx, bot, id).map(drop)
}

/// Changes a command of a bot.
///
/// # Errors
/// [`ChangeRefusal`]; then nothing changes.
pub fn update(
    cx: &mut Cx<'_>,
    bot: &Bot,
    id: i64,
    changes: &Changes<'_>,
) -> Result<Command, Refused<ChangeRefusal>> {
    let old = find(cx, bot, id)?;
    let mut new = Command {
        common: changes.common.unwrap_or(old.common),
        hidden: changes.hidden.unwrap_or(old.hidden),
        extranet_support: changes.extranet_support.unwrap_or(old.extranet_support),
        ..old.clone()
    };
    if let Some(name) = changes.name {
        name.clone_into(&mut new.name);
        new.folded = rules::folded(name);
        let other = command::find_of_bot(cx.tx, bot.user, &new.folded)?;
        if other.is_some_and(|other| other.id != id) {
            return Err(Refused::Because(ChangeRefusal::NameTaken));
        }
    }
    let mut changed = change_texts(cx, id, changes.texts)?;
    if new != old {
        command::update(cx.tx, &new)?;
        changed = true;
    }
    if let Some(url) = changes.handler {
        set_handler(cx, bot, id, url)?;
    }
    if changed {
        cx.record(Event::BotUpdated { bot: bot.user });
    }
    Ok(new)
}

/// Unregisters a bot's command. Its calls can no longer be answered.
///
/// # Errors
/// [`ChangeRefusal`]; then nothing changes.
pub fn unregister(cx: &mut Cx<'_>, bot: &Bot, id: i64) -> Result<(), Refused<ChangeRefusal>> {
    find(cx, bot, id)?;
    command::delete(cx.tx, id)?;
    if let Some(event) = handled_event(bot) {
        event_handler::delete(cx.tx, bot.user, event, id)?;
    }
    cx.record(Event::BotUpdated { bot: bot.user });
    Ok(())
}

/// A command of the bot, which is locked against concurrent changes of its commands.
fn find(cx: &mut Cx<'_>, bot: &Bot, id: i64) -> Result<Command, Refused<ChangeRefusal>> {
    if cx.caller.extranet {
        return Err(Refused::Because(ChangeRefusal::Outsider));
    }
    bot::lock_exclusive(cx.tx, bot.user)?;
    command::find(cx.tx, id)?
        .filter(|command| command.bot == bot.user)
        .ok_or(Refused::Because(ChangeRefusal::NotFound))
}

/// Returns whether anything changed.
fn change_texts(cx: &mut Cx<'_>, id: i64, texts: Texts<'_>) -> Result<bool, StoreError> {
    let old = command::list_texts(cx.tx, id)?;
    let mut new = old.clone();
    match texts {
        Texts::All(texts) => {
            new = texts.to_vec();
            new.sort_by(|one, other| one.language.cmp(&other.language));
        }
        Texts::Some(wordings) => wordings.iter().for_each(|wording| put(&mut new, wording)),
    }
    for gone in old
        .iter()
        .filter(|text| new.iter().all(|kept| kept.language != text.language))
    {
        command::delete_text(cx.tx, id, &gone.language)?;
    }
    for text in new.iter().filter(|text| !old.contains(text)) {
        command::put_text(cx.tx, id, text)?;
    }
    Ok(old != new)
}

fn put(texts: &mut Vec<CommandText>, wording: &Wording) {
    let place = texts.binary_search_by(|text| text.language.cmp(&wording.language));
    match (place, &wording.title) {
        (Ok(at), None) => {
            texts.remove(at);
        }
        (Err(_), None) => {}
        (Ok(at), Some(title)) => {
            title.clone_into(&mut texts[at].title);
            if let Some(params) = &wording.params {
                params.clone_into(&mut texts[at].params);
            }
        }
        (Err(at), Some(title)) => texts.insert(
            at,
            CommandText {
                language: wording.language.clone(),
                title: title.clone(),
                params: wording.params.clone().unwrap_or_default(),
            },
        ),
    }
}
