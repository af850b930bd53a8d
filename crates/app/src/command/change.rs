//! `imbot.v2.Command.update`, `imbot.v2.Command.unregister` and the same of the first generation.

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
    /// What it is called.
    pub texts: Texts<'a>,
    /// Whether it can be called where the bot is not.
    pub common: Option<bool>,
    /// Whether lists of commands leave it out.
    pub hidden: Option<bool>,
    /// Whether users from outside can call it.
    pub extranet_support: Option<bool>,
    /// Where a bot of the first generation is told of calls.
    pub handler: Option<&'a str>,
}

/// Changes of what a command is called.
#[derive(Clone, Copy, Debug)]
pub enum Texts<'a> {
    /// In these languages; in others it stays as it is.
    Some(&'a [Wording]),
    /// In all languages: in others than these it is called nothing.
    All(&'a [CommandText]),
}

/// What a command is to be called in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The language.
    pub language: String,
    /// Its title; `None` takes title and parameters away.
    pub title: Option<String>,
    /// What its parameters are; `None` leaves it as it is.
    pub params: Option<String>,
}

/// Why a command is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The bot has no such command.
    NotFound,
    /// The caller comes from outside: as bots, commands are the portal's own affair.
    Outsider,
    /// The bot has another command of this name.
    NameTaken,
}

/// Whether a command of a bot can be changed by the caller.
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

/// Takes a command of a bot away. Its calls can be answered no more.
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

/// A command of the bot, which is locked so that nobody else changes its commands meanwhile.
fn find(cx: &mut Cx<'_>, bot: &Bot, id: i64) -> Result<Command, Refused<ChangeRefusal>> {
    if cx.caller.extranet {
        return Err(Refused::Because(ChangeRefusal::Outsider));
    }
    bot::lock_exclusive(cx.tx, bot.user)?;
    command::find(cx.tx, id)?
        .filter(|command| command.bot == bot.user)
        .ok_or(Refused::Because(ChangeRefusal::NotFound))
}

/// Answers whether anything is different now.
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
