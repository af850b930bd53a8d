//! `imbot.v2.Bot.register`.

use readmark_model::{
    BotKind, BotOwner, Event, EventMode, UserId, UserKind,
    bot::{Bot, Generation, StreamEvent},
    color::Color,
    stream::LISTENS,
    user::User,
};
use readmark_store::{
    StoreError,
    repo::{bot, stream, user},
};

use super::{
    details::{self, Details},
    handlers,
    profile::Profile,
};
use crate::{Cx, Refused};

/// The most bots of an application, and the most that one webhook may register.
pub const MAX_BOTS: i64 = 100;

/// The most bots of an application that registers them with first-generation methods.
pub const MAX_V1_BOTS: i64 = 5;

/// The language that bots are told to use.
const LANGUAGE: &str = "en";

/// The root department: the company itself.
const COMPANY: i64 = 1;

/// A bot to register.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// Its owner.
    pub owner: BotOwner,
    /// Its code.
    pub code: &'a str,
    /// Its type.
    pub kind: BotKind,
    /// How it gets its events.
    pub event_mode: EventMode,
    /// Where its events are sent, or empty.
    pub webhook_url: &'a str,
    /// Whether the contact list leaves it out.
    pub hidden: bool,
    /// Whether its messages take reactions.
    pub reactions_enabled: bool,
    /// Whether it serves open channels.
    pub openline: bool,
    /// The background of its chats.
    pub background: Option<&'a str>,
    /// Its profile.
    pub profile: Profile<'a>,
    /// The generation of methods that registers it.
    pub generation: Generation,
    /// In the first generation, where events are sent.
    pub handlers: &'a [(StreamEvent, String)],
}

/// Why a bot is not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterRefusal {
    /// Another owner's bot has the code.
    CodeTaken,
    /// [`MAX_BOTS`], or [`MAX_V1_BOTS`] in the first generation.
    LimitExceeded,
    /// In the first generation: the webhook or application has registered [`MAX_BOTS`] bots.
    RegistrarLimitExceeded,
    /// A person has the email.
    EmailTaken,
    /// The caller is an extranet user; a bot would see more than the caller may.
    Outsider,
}

/// Registers a bot and its user. Registering the same bot again returns it unchanged, except that given first-generation
/// handlers replace the earlier ones.
///
/// # Errors
/// [`RegisterRefusal`]; then nothing changes.
pub fn register(cx: &mut Cx<'_>, plan: &Plan<'_>) -> Result<Details, Refused<RegisterRefusal>> {
    if cx.is_extranet() {
        return Err(Refused::Because(RegisterRefusal::Outsider));
    }
    bot::lock_exclusive_registry(cx.tx)?;
    if let Some(bot) = bot::find_by_code(cx.tx, plan.code)? {
        if bot.owner != plan.owner {
            return Err(Refused::Because(RegisterRefusal::CodeTaken));
        }
        handlers::set(cx, &bot, plan.handlers)?;
        return Ok(details::of_owned(cx, bot)?);
    }
    check_limits(cx, plan.generation, &plan.owner)?;
    if plan.profile.takes_email(cx)? {
        return Err(Refused::Because(RegisterRefusal::EmailTaken));
    }
    let id = add_user(cx, &plan.profile)?;
    let bot = Bot {
        user: id,
        owner: plan.owner.clone(),
        code: plan.code.to_owned(),
        kind: plan.kind,
        event_mode: plan.event_mode,
        webhook_url: plan.webhook_url.to_owned(),
        hidden: plan.hidden,
        reactions_enabled: plan.reactions_enabled,
        openline: plan.openline,
        background: plan.background.map(str::to_owned),
        language: LANGUAGE.to_owned(),
        count_message: 0,
        generation: plan.generation,
        application_token: cx.token(),
        active: true,
    };
    bot::insert(cx.tx, &bot, &cx.caller.credential, cx.now)?;
    stream::update_listens(cx.tx, id, LISTENS)?;
    match bot.generation {
        Generation::First => {
            handlers::set(cx, &bot, plan.handlers)?;
        }
        Generation::Second => handlers::update(cx, None, &bot)?,
    }
    cx.record(Event::BotAdded { bot: id });
    Ok(details::of_owned(cx, bot)?)
}

fn check_limits(
    cx: &mut Cx<'_>,
    generation: Generation,
    owner: &BotOwner,
) -> Result<(), Refused<RegisterRefusal>> {
    let over = match generation {
        Generation::First => {
            if bot::count(cx.tx, owner, None)? >= MAX_V1_BOTS {
                return Err(Refused::Because(RegisterRefusal::LimitExceeded));
            }
            RegisterRefusal::RegistrarLimitExceeded
        }
        Generation::Second => RegisterRefusal::LimitExceeded,
    };
    if bot::count(cx.tx, owner, Some(&cx.caller.credential))? >= MAX_BOTS {
        return Err(Refused::Because(over));
    }
    Ok(())
}

fn add_user(cx: &mut Cx<'_>, profile: &Profile<'_>) -> Result<UserId, StoreError> {
    let mut user = User {
        id: UserId(0),
        kind: UserKind::Bot,
        active: true,
        admin: false,
        extranet: false,
        hide_receipts: false,
        name: String::new(),
        last_name: String::new(),
        email: String::new(),
        work_position: String::new(),
        gender: "M".to_owned(),
        birthday: String::new(),
        color: String::new(),
        avatar: String::new(),
        external_auth_id: "bot".to_owned(),
        status: "online".to_owned(),
        time_zone: String::new(),
        departments: vec![COMPANY],
        profile: "{}".to_owned(),
        registered_at: cx.now,
        updated_at: cx.now,
        last_login_at: None,
        last_activity_at: Some(cx.now),
        idle_since: None,
        absent_until: None,
        bot: None,
    };
    profile.apply(cx, &mut user)?;
    user.id = user::insert(cx.tx, &user)?;
    if profile.color.is_none() {
        // It depends on the id, which is known only now.
        Color::default_for(user.id.get())
            .hex()
            .clone_into(&mut user.color);
        user::update(cx.tx, &user)?;
    }
    Ok(user.id)
}
