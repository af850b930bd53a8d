//! Applications that bots add to the chat window: `imbot.app.*`.

use readmark_model::{
    Event, SecretHash, UserId,
    bot::Bot,
    chat_app::{Action, AppText, ChatApp},
};
use readmark_store::{
    StoreError,
    repo::{bot, chat_app},
};

use super::access::{self, Denied};
use crate::{Cx, Refused, file};

/// The most applications of a bot.
pub const MAX_APPS: usize = 100;

/// An application to add.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of `imbot.app.register`"
)]
pub struct Plan<'a> {
    /// Its code.
    pub code: &'a str,
    /// What it does.
    pub action: &'a Action,
    /// Its texts.
    pub texts: &'a [AppText],
    /// Its icon: media type and bytes.
    pub icon: Option<(&'a str, &'a [u8])>,
    /// The chats in which it is shown.
    pub context: &'a str,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Whether extranet users see it.
    pub extranet_support: bool,
    /// Whether it works in chats with visitors of a website.
    pub livechat_support: bool,
    /// Whether its page stays open when the user switches to another chat.
    pub iframe_popup: bool,
}

/// Changes of an application; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes<'a> {
    /// What it does.
    pub action: Option<&'a Action>,
    /// Its texts; they replace all earlier ones.
    pub texts: Option<&'a [AppText]>,
    /// Its icon: media type and bytes.
    pub icon: Option<(&'a str, &'a [u8])>,
    /// The chats in which it is shown.
    pub context: Option<&'a str>,
    /// Whether it is hidden.
    pub hidden: Option<bool>,
    /// Whether extranet users see it.
    pub extranet_support: Option<bool>,
    /// Whether it works in chats with visitors of a website.
    pub livechat_support: Option<bool>,
    /// Whether its page stays open when the user switches to another chat.
    pub iframe_popup: Option<bool>,
}

/// Why an application is not added, changed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppRefusal {
    /// The caller is an extranet user; applications, like bots, are managed by the portal's own users.
    Outsider,
    /// [`MAX_APPS`].
    LimitExceeded,
    /// The bot was unregistered concurrently.
    BotGone,
}

/// Adds an application. Adding one that already exists returns its id.
///
/// # Errors
/// [`AppRefusal`]; then nothing changes.
pub fn register(cx: &mut Cx<'_>, bot: &Bot, plan: &Plan<'_>) -> Result<i64, Refused<AppRefusal>> {
    lock_exclusive(cx, bot)?;
    if let Some(known) = chat_app::find_of_bot(cx.tx, bot.user, plan.code)? {
        return Ok(known.id);
    }
    if chat_app::list(cx.tx, bot.user)?.len() >= MAX_APPS {
        return Err(Refused::Because(AppRefusal::LimitExceeded));
    }
    let icon = match plan.icon {
        Some((media_type, bytes)) => file::store(cx, media_type, bytes)?,
        None => String::new(),
    };
    let new = ChatApp {
        id: 0,
        bot: bot.user,
        code: plan.code.to_owned(),
        action: plan.action.clone(),
        icon,
        context: plan.context.to_owned(),
        hidden: plan.hidden,
        extranet_support: plan.extranet_support,
        livechat_support: plan.livechat_support,
        iframe_popup: plan.iframe_popup,
    };
    let id = chat_app::insert(cx.tx, &new, cx.now)?;
    chat_app::replace_texts(cx.tx, id, plan.texts)?;
    cx.record(Event::BotUpdated { bot: bot.user });
    Ok(id)
}

/// Finds an application by id; a bot of the caller must have added it.
///
/// # Errors
/// [`Denied`]: [`Denied::NotFound`] when there is no such application, [`Denied::NotOwner`] when it belongs to another owner.
pub fn find(
    cx: &mut Cx<'_>,
    token: Option<SecretHash>,
    id: Option<i64>,
) -> Result<(ChatApp, Bot), Refused<Denied>> {
    const NOT_FOUND: Refused<Denied> = Refused::Because(Denied::NotFound);
    let owner = access::owner(cx, token).map_err(Refused::Because)?;
    let id = id.ok_or(Refused::Because(Denied::IdRequired))?;
    let app = chat_app::find(cx.tx, id)?.ok_or(NOT_FOUND)?;
    let bot = bot::find(cx.tx, app.bot)?
        .filter(|bot| bot.active)
        .ok_or(NOT_FOUND)?;
    if bot.owner == owner {
        Ok((app, bot))
    } else {
        Err(Refused::Because(Denied::NotOwner))
    }
}

/// Changes an application.
///
/// # Errors
/// [`AppRefusal`]; then nothing changes.
pub fn update(
    cx: &mut Cx<'_>,
    bot: &Bot,
    app: &ChatApp,
    changes: &Changes<'_>,
) -> Result<(), Refused<AppRefusal>> {
    lock_exclusive(cx, bot)?;
    let icon = match changes.icon {
        Some((media_type, bytes)) => {
            file::delete(cx, &app.icon)?;
            file::store(cx, media_type, bytes)?
        }
        None => app.icon.clone(),
    };
    let new = ChatApp {
        action: changes.action.unwrap_or(&app.action).clone(),
        icon,
        context: changes.context.unwrap_or(&app.context).to_owned(),
        hidden: changes.hidden.unwrap_or(app.hidden),
        extranet_support: changes.extranet_support.unwrap_or(app.extranet_support),
        livechat_support: changes.livechat_support.unwrap_or(app.livechat_support),
        iframe_popup: changes.iframe_popup.unwrap_or(app.iframe_popup),
        ..app.clone()
    };
    chat_app::update(cx.tx, &new)?;
    if let Some(texts) = changes.texts {
        chat_app::replace_texts(cx.tx, app.id, texts)?;
    }
    cx.record(Event::BotUpdated { bot: bot.user });
    Ok(())
}

/// Removes an application.
///
/// # Errors
/// [`AppRefusal`]; then nothing changes.
pub fn unregister(cx: &mut Cx<'_>, bot: &Bot, app: &ChatApp) -> Result<(), Refused<AppRefusal>> {
    lock_exclusive(cx, bot)?;
    delete(cx, app)?;
    cx.record(Event::BotUpdated { bot: bot.user });
    Ok(())
}

/// Removes all applications of a bot that is being unregistered.
pub(super) fn delete_all(cx: &mut Cx<'_>, bot: UserId) -> Result<(), StoreError> {
    for app in chat_app::list(cx.tx, bot)? {
        delete(cx, &app)?;
    }
    Ok(())
}

fn delete(cx: &mut Cx<'_>, app: &ChatApp) -> Result<(), StoreError> {
    file::delete(cx, &app.icon)?;
    chat_app::delete(cx.tx, app.id)
}

/// Locks a bot whose applications are about to change.
fn lock_exclusive(cx: &mut Cx<'_>, bot: &Bot) -> Result<(), Refused<AppRefusal>> {
    if cx.caller.extranet {
        return Err(Refused::Because(AppRefusal::Outsider));
    }
    if bot::lock_exclusive(cx.tx, bot.user)? {
        Ok(())
    } else {
        Err(Refused::Because(AppRefusal::BotGone))
    }
}
