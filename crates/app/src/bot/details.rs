//! Reading bots: `imbot.v2.Bot.get` and `imbot.v2.Bot.list`.

use readmark_model::{BotKind, BotOwner, UserId, bot::Bot, user::User};
use readmark_store::{
    StoreError, Tx,
    repo::{
        bot::{self, BriefBot},
        command, user,
    },
};

use crate::{Cx, Interrupt, Refused, access};

/// A bot with its user.
#[derive(Clone, Debug)]
pub struct Details {
    /// The bot.
    pub bot: Bot,
    /// Its user.
    pub user: User,
    /// Usage figures for the bot's owner; `None` for everybody else.
    pub numbers: Option<Numbers>,
}

/// Usage figures shown to a bot's owner, besides the number of messages sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Number of its commands.
    pub commands: i64,
    /// Number of chats it is in.
    pub chats: i64,
    /// Number of people who share a chat with it.
    pub people: i64,
}

/// How a bot is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotName<'a> {
    /// By its id.
    Id(UserId),
    /// By its code.
    Code(&'a str),
}

/// There is no such bot, or its user is dismissed, or the acting user may not see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFound;

/// Finds a bot by name, including dismissed ones.
pub fn find(tx: &mut dyn Tx, name: BotName<'_>) -> Result<Option<Bot>, StoreError> {
    match name {
        BotName::Id(id) => bot::find(tx, id),
        BotName::Code(code) => bot::find_by_code(tx, code),
    }
}

/// A bot, with its usage figures if `owner` owns it. Extranet users see other bots in shared chats only.
///
/// # Errors
/// [`NotFound`].
pub fn get(
    cx: &mut Cx<'_>,
    name: BotName<'_>,
    owner: &BotOwner,
) -> Result<Details, Refused<NotFound>> {
    let bot = find(cx.tx, name)?
        .filter(|bot| bot.active)
        .ok_or(Refused::Because(NotFound))?;
    if bot.owner == *owner {
        return Ok(of_owned(cx, bot)?);
    }
    if !access::may_see_user(cx, bot.user)? {
        return Err(Refused::Because(NotFound));
    }
    Ok(with_user(cx, bot)?)
}

/// A page of an owner's bots in id order, and whether more follow.
pub fn list(
    cx: &mut Cx<'_>,
    owner: &BotOwner,
    kind: Option<BotKind>,
    offset: i64,
    limit: i64,
) -> Result<(Vec<Details>, bool), StoreError> {
    let mut bots = bot::list(cx.tx, owner, kind, offset, limit + 1)?;
    let count = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = bots.len() > count;
    bots.truncate(count);
    let page = bots
        .into_iter()
        .map(|bot| of_owned(cx, bot))
        .collect::<Result<_, _>>()?;
    Ok((page, has_more))
}

/// Every bot that the acting user may see, of all owners, in the order of ids.
pub fn list_all(cx: &mut Cx<'_>) -> Result<Vec<BriefBot>, Interrupt> {
    let mut seen = Vec::new();
    for bot in bot::list_brief(cx.tx)? {
        if access::may_see_user(cx, bot.id)? {
            seen.push(bot);
        }
    }
    Ok(seen)
}

/// A bot as its owner sees it.
pub fn of_owned(cx: &mut Cx<'_>, bot: Bot) -> Result<Details, StoreError> {
    let (chats, people) = bot::count_chats_and_people(cx.tx, bot.user)?;
    let numbers = Some(Numbers {
        commands: command::count(cx.tx, bot.user)?,
        chats,
        people,
    });
    Ok(Details {
        numbers,
        ..with_user(cx, bot)?
    })
}

fn with_user(cx: &mut Cx<'_>, bot: Bot) -> Result<Details, StoreError> {
    let user = user::find(cx.tx, bot.user)?.ok_or(StoreError::Decode("a bot without its user"))?;
    Ok(Details {
        bot,
        user,
        numbers: None,
    })
}
