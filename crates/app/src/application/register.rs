//! Registering, changing and removing applications.

use readmark_model::{Application, ApplicationId, BotOwner, SecretHash, application::Audience};
use readmark_store::{
    Tx,
    repo::{application, bot as bots},
};

use super::{
    Draft, Refusal, Registered,
    address::{self, Wrong},
};
use crate::{
    Cx, Random, Refused,
    bot::unregister::{self, UnregisterRefusal},
    draw, users,
};

/// Letters and digits of an application's secret: about 258 bits.
pub const SECRET_LENGTH: usize = 50;

/// Maximum length of an application's name, in characters.
pub const MAX_NAME: usize = 100;

/// Registers an application. `portal` is scheme, host and port of the portal.
///
/// # Errors
/// [`Refusal`]; then nothing changes.
pub fn add(cx: &mut Cx<'_>, draft: Draft, portal: &str) -> Result<Registered, Refused<Refusal>> {
    let draft = check(cx.tx, draft, portal)?;
    let (client_id, secret) = (
        draw_client_id(cx.random),
        draw::letters(cx.random, SECRET_LENGTH),
    );
    let mut new = Application {
        id: ApplicationId(0),
        client_id,
        name: draft.name,
        handler_url: draft.handler_url,
        install_url: draft.install_url,
        scopes: draft.scopes,
        has_ui: draft.has_ui,
        audience: draft.audience,
        version: 1,
        created_at: cx.now,
        installed_at: None,
    };
    new.installed_at = new.installs_itself().then_some(cx.now);
    let id = application::insert(cx.tx, &new, &SecretHash::of(&secret))?;
    application::update_users(cx.tx, id, &draft.users)?;
    Ok(Registered {
        id,
        client_id: new.client_id,
        secret,
    })
}

/// Changes what is said of an application, which is another version of it from then on. What its tokens may be used for, and who may use
/// them, changes at once.
///
/// # Errors
/// [`Refusal`]; then nothing changes.
pub fn change(
    cx: &mut Cx<'_>,
    id: ApplicationId,
    portal: &str,
    change: impl FnOnce(&mut Draft),
) -> Result<(), Refused<Refusal>> {
    let Some(mut changed) = application::lock_exclusive(cx.tx, id)? else {
        return Err(Refused::Because(Refusal::Unknown));
    };
    let mut draft = Draft {
        name: changed.name,
        handler_url: changed.handler_url,
        install_url: changed.install_url,
        scopes: changed.scopes,
        has_ui: changed.has_ui,
        audience: changed.audience,
        users: application::list_users(cx.tx, id)?,
    };
    change(&mut draft);
    let draft = check(cx.tx, draft, portal)?;
    changed = Application {
        name: draft.name,
        handler_url: draft.handler_url,
        install_url: draft.install_url,
        scopes: draft.scopes,
        has_ui: draft.has_ui,
        audience: draft.audience,
        version: changed.version + 1,
        ..changed
    };
    application::update(cx.tx, &changed)?;
    application::update_users(cx.tx, id, &draft.users)?;
    Ok(())
}

/// Replaces the secret of an application and returns the new one; the old one is refused from now on.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn replace_secret(cx: &mut Cx<'_>, id: ApplicationId) -> Result<String, Refused<Refusal>> {
    let secret = draw::letters(cx.random, SECRET_LENGTH);
    if application::update_secret(cx.tx, id, &SecretHash::of(&secret))? {
        Ok(secret)
    } else {
        Err(Refused::Because(Refusal::Unknown))
    }
}

/// Removes an application: its tokens are refused from now on, and its bots are unregistered.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn remove(cx: &mut Cx<'_>, id: ApplicationId) -> Result<(), Refused<Refusal>> {
    let Some(removed) = application::lock_exclusive(cx.tx, id)? else {
        return Err(Refused::Because(Refusal::Unknown));
    };
    let owner = BotOwner::Application(removed.client_id);
    while let Some(bot) = bots::find_first(cx.tx, &owner)? {
        match unregister::unregister(cx, &bot) {
            // It was unregistered concurrently.
            Ok(()) | Err(Refused::Because(UnregisterRefusal::Gone)) => {}
            Err(Refused::Because(UnregisterRefusal::Outsider)) => break,
            Err(Refused::Interrupted(interrupt)) => return Err(interrupt.into()),
        }
    }
    application::delete(cx.tx, id)?;
    Ok(())
}

/// What is said of an application, in the form in which it is stored.
fn check(tx: &mut dyn Tx, mut draft: Draft, portal: &str) -> Result<Draft, Refused<Refusal>> {
    let refuse = |reason| Err(Refused::Because(reason));
    for text in [
        &mut draft.name,
        &mut draft.handler_url,
        &mut draft.install_url,
    ] {
        let trimmed = text.trim().to_owned();
        *text = trimmed;
    }
    let length = draft.name.chars().count();
    if !(1..=MAX_NAME).contains(&length) || draft.name.contains(char::is_control) {
        return refuse(Refusal::Name);
    }
    for (installs, address) in [(false, &draft.handler_url), (true, &draft.install_url)] {
        if installs && address.is_empty() {
            continue;
        }
        match address::check(address, portal) {
            Ok(()) => {}
            Err(Wrong::Malformed) => return refuse(Refusal::Address(installs)),
            Err(Wrong::Own) => return refuse(Refusal::OwnAddress(installs)),
        }
    }
    if draft.audience != Audience::Chosen {
        draft.users.clear();
    }
    draft.users.sort_unstable();
    draft.users.dedup();
    for &user in &draft.users {
        if let Err(reason) = users::find_person(tx, user)? {
            return refuse(Refusal::User(user, reason));
        }
    }
    Ok(draft)
}

/// A new client id: `local.`, 14 hexadecimal digits, a point and 8 digits.
fn draw_client_id(random: &dyn Random) -> String {
    let mut number = [0_u8; 4];
    random.fill(&mut number);
    let number = u32::from_le_bytes(number) % 100_000_000;
    format!("local.{}.{number:08}", draw::hex::<7>(random))
}
