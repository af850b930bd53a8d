//! `imbot.v2.Bot.update`.

use readmark_model::{
    BotOwner, Event, EventMode, SecretHash,
    bot::{Bot, StreamEvent},
};
use readmark_store::{
    StoreError,
    repo::{bot, user},
};

use super::{
    access::{self, Claim, Denied},
    details::{self, Details},
    handlers,
    profile::Profile,
};
use crate::{Cx, Refused};

/// Changes of a bot; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes<'a> {
    /// Its profile.
    pub profile: Profile<'a>,
    /// Whether the contact list leaves it out.
    pub hidden: Option<bool>,
    /// Whether its messages take reactions.
    pub reactions_enabled: Option<bool>,
    /// Whether it serves open channels.
    pub openline: Option<bool>,
    /// The background of its chats; `Some(None)` is the user's own.
    pub background: Option<Option<&'a str>>,
    /// How it gets its events.
    pub event_mode: Option<EventMode>,
    /// Where its events are sent.
    pub webhook_url: Option<&'a str>,
    /// The hash of its new token; ignored for an application's bot, which has none.
    pub token: Option<SecretHash>,
    /// Its code.
    pub code: Option<&'a str>,
    /// Where events of a first-generation bot are sent; other handlers stay.
    pub handlers: &'a [(StreamEvent, String)],
}

/// Why a bot is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateRefusal {
    /// The caller may not act for the bot.
    Denied(Denied),
    /// Webhook mode without an address.
    NoAddress,
    /// The new token belongs to another bot.
    TokenTaken,
    /// Another bot has the code.
    CodeTaken,
    /// A person has the email.
    EmailTaken,
}

/// Changes a bot. A new token invalidates the old one at once.
///
/// # Errors
/// [`UpdateRefusal`]; then nothing changes.
pub fn update(
    cx: &mut Cx<'_>,
    claim: &Claim,
    changes: &Changes<'_>,
) -> Result<Details, Refused<UpdateRefusal>> {
    bot::lock_exclusive_registry(cx.tx)?;
    let old = access::authorise(cx, claim).map_err(|denied| denied.map(UpdateRefusal::Denied))?;
    if let Some(code) = changes.code
        && bot::find_by_code(cx.tx, code)?.is_some_and(|other| other.user != old.user)
    {
        return Err(Refused::Because(UpdateRefusal::CodeTaken));
    }
    if changes.profile.takes_email(cx)? {
        return Err(Refused::Because(UpdateRefusal::EmailTaken));
    }
    let owner = new_owner(cx, &old, changes)?;
    let application_token = if owner == old.owner {
        old.application_token.clone()
    } else {
        cx.token()
    };
    let new = Bot {
        owner,
        application_token,
        code: changes.code.unwrap_or(&old.code).to_owned(),
        hidden: changes.hidden.unwrap_or(old.hidden),
        reactions_enabled: changes.reactions_enabled.unwrap_or(old.reactions_enabled),
        openline: changes.openline.unwrap_or(old.openline),
        background: match changes.background {
            Some(background) => background.map(str::to_owned),
            None => old.background.clone(),
        },
        event_mode: changes.event_mode.unwrap_or(old.event_mode),
        webhook_url: changes
            .webhook_url
            .map_or_else(|| old.webhook_url.clone(), str::to_owned),
        ..old.clone()
    };
    if new.event_mode == EventMode::Webhook && new.webhook_url.is_empty() {
        return Err(Refused::Because(UpdateRefusal::NoAddress));
    }
    let mut changed = change_user(cx, &new, &changes.profile)?;
    if new != old {
        bot::update(cx.tx, &new)?;
        handlers::update(cx, Some(&old), &new)?;
        changed = true;
    }
    changed |= handlers::set(cx, &new, changes.handlers)?;
    if changed {
        cx.record(Event::BotUpdated { bot: new.user });
    }
    Ok(details::of_owned(cx, new)?)
}

fn new_owner(
    cx: &mut Cx<'_>,
    bot: &Bot,
    changes: &Changes<'_>,
) -> Result<BotOwner, Refused<UpdateRefusal>> {
    let rotated = changes
        .token
        .and_then(|token| access::owner(cx, Some(token)).ok())
        .filter(|owner| matches!(owner, BotOwner::Token(_)))
        .filter(|owner| *owner != bot.owner);
    let Some(owner) = rotated else {
        return Ok(bot.owner.clone());
    };
    if bot::has_another(cx.tx, &owner, bot.user)? {
        return Err(Refused::Because(UpdateRefusal::TokenTaken));
    }
    Ok(owner)
}

fn change_user(cx: &mut Cx<'_>, bot: &Bot, profile: &Profile<'_>) -> Result<bool, StoreError> {
    let mut user =
        user::find(cx.tx, bot.user)?.ok_or(StoreError::Decode("a bot without its user"))?;
    let changed = profile.apply(cx, &mut user)?;
    if changed {
        user.updated_at = cx.now;
        user::update(cx.tx, &user)?;
    }
    Ok(changed)
}
