//! Ownership of bots (sources: authorisation).

use readmark_model::{BotOwner, SecretHash, UserId, bot::Bot};
use readmark_store::repo::bot;

use crate::{Cx, Refused};

/// The bot that a call names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// `botId`.
    pub bot: Option<UserId>,
    /// The hash of `botToken`.
    pub token: Option<SecretHash>,
}

/// Why a call may not act for a bot, in the order in which it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// A webhook without a token, so the owner is unknown.
    TokenNotSpecified,
    /// No bot is named.
    IdRequired,
    /// There is no such bot, or its user is dismissed.
    NotFound,
    /// The bot belongs to another application, or the token is wrong.
    NotOwner,
}

/// The bot owner that the caller acts as.
///
/// # Errors
/// [`Denied::TokenNotSpecified`].
pub fn owner(cx: &Cx<'_>, token: Option<SecretHash>) -> Result<BotOwner, Denied> {
    BotOwner::of(&cx.caller.credential, token).ok_or(Denied::TokenNotSpecified)
}

/// The bot that a call acts for.
///
/// # Errors
/// [`Denied`].
pub fn authorise(cx: &mut Cx<'_>, claim: &Claim) -> Result<Bot, Refused<Denied>> {
    let owner = owner(cx, claim.token).map_err(Refused::Because)?;
    let id = claim.bot.ok_or(Refused::Because(Denied::IdRequired))?;
    let bot = bot::find(cx.tx, id)?
        .filter(|bot| bot.active)
        .ok_or(Refused::Because(Denied::NotFound))?;
    if bot.owner == owner {
        Ok(bot)
    } else {
        Err(Refused::Because(Denied::NotOwner))
    }
}

/// The caller's first bot: the one with the lowest id that is not dismissed.
///
/// # Errors
/// [`Denied::TokenNotSpecified`], and [`Denied::NotFound`] when there is none.
pub fn first(cx: &mut Cx<'_>, token: Option<SecretHash>) -> Result<Bot, Refused<Denied>> {
    let owner = owner(cx, token).map_err(Refused::Because)?;
    bot::find_first(cx.tx, &owner)?.ok_or(Refused::Because(Denied::NotFound))
}
