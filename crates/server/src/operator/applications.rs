//! Local applications.

use anyhow::{Result, anyhow, bail};
use readmark_app::{
    Refused,
    application::{self, Draft, Refusal},
};
use readmark_model::{ApplicationId, Scopes, UserId, application::Audience};
use serde::{Deserialize, Serialize};

use super::{Ground, Outcome, access::scopes, no_person};

/// Who may use an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForWhom {
    /// Every user.
    Everyone,
    /// Administrators.
    Admins,
    /// These users, and administrators.
    Users(Vec<i64>),
}

/// An application to register.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// Its name.
    pub name: String,
    /// Where it is opened and users return to.
    pub handler: String,
    /// The address that installs it, or empty.
    pub install: String,
    /// Its scopes; none stands for all.
    pub scopes: Vec<String>,
    /// Whether it is opened in the portal.
    pub has_ui: bool,
    /// Who may use it.
    pub audience: ForWhom,
}

/// What is to be changed of an application.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationChange {
    /// Its number or client id.
    pub application: String,
    /// Another name.
    pub name: Option<String>,
    /// Another address.
    pub handler: Option<String>,
    /// Another address that installs it; empty for none.
    pub install: Option<String>,
    /// Other scopes; none stands for those that it has.
    pub scopes: Vec<String>,
    /// Whether it is opened in the portal.
    pub has_ui: Option<bool>,
    /// Who may use it.
    pub audience: Option<ForWhom>,
}

impl ForWhom {
    fn into_parts(self) -> (Audience, Vec<UserId>) {
        match self {
            Self::Everyone => (Audience::Everyone, Vec::new()),
            Self::Admins => (Audience::Admins, Vec::new()),
            Self::Users(users) => (Audience::Chosen, users.into_iter().map(UserId).collect()),
        }
    }
}

pub(super) fn add(ground: &Ground<'_>, new: NewApplication) -> Result<Outcome> {
    let scopes = scopes(&new.scopes)?;
    let (audience, users) = new.audience.into_parts();
    let draft = Draft {
        name: new.name,
        handler_url: new.handler,
        install_url: new.install,
        scopes,
        has_ui: new.has_ui,
        audience,
        users,
    };
    let portal = ground.base_url.clone();
    let added = ground.operate(move |cx| application::add(cx, draft.clone(), &portal));
    let added = added.map_err(|refused| told(0, refused))?;
    Ok(Outcome::Application {
        id: added.id.get(),
        client_id: added.client_id,
        secret: added.secret,
    })
}

pub(super) fn change(ground: &Ground<'_>, change: ApplicationChange) -> Result<Outcome> {
    let id = number(ground, &change.application)?;
    let scopes = match change.scopes.as_slice() {
        [] => None,
        given => Some(scopes(given)?),
    };
    let audience = change.audience.clone().map(ForWhom::into_parts);
    let portal = ground.base_url.clone();
    let changed = ground.operate(move |cx| {
        let apply = |draft: &mut Draft| apply(draft, &change, scopes, audience.as_ref());
        application::change(cx, ApplicationId(id), &portal, apply)
    });
    changed
        .map(|()| Outcome::Done)
        .map_err(|refused| told(id, refused))
}

fn apply(
    draft: &mut Draft,
    change: &ApplicationChange,
    scopes: Option<Scopes>,
    audience: Option<&(Audience, Vec<UserId>)>,
) {
    for (text, given) in [
        (&mut draft.name, &change.name),
        (&mut draft.handler_url, &change.handler),
        (&mut draft.install_url, &change.install),
    ] {
        if let Some(given) = given {
            text.clone_from(given);
        }
    }
    draft.scopes = scopes.unwrap_or(draft.scopes);
    draft.has_ui = change.has_ui.unwrap_or(draft.has_ui);
    if let Some((audience, users)) = audience {
        draft.audience = *audience;
        draft.users.clone_from(users);
    }
}

pub(super) fn replace_secret(ground: &Ground<'_>, id: i64) -> Result<Outcome> {
    ground
        .operate(move |cx| application::replace_secret(cx, ApplicationId(id)))
        .map(Outcome::Secret)
        .map_err(|refused| told(id, refused))
}

pub(super) fn remove(ground: &Ground<'_>, id: i64) -> Result<Outcome> {
    ground
        .operate(move |cx| application::remove(cx, ApplicationId(id)))
        .map(|()| Outcome::Done)
        .map_err(|refused| told(id, refused))
}

pub(super) fn install(ground: &Ground<'_>, id: i64) -> Result<Outcome> {
    ground
        .operate(move |cx| application::install(cx, ApplicationId(id)))
        .map(|_| Outcome::Done)
        .map_err(|refused| told(id, refused))
}

pub(super) fn finish(ground: &Ground<'_>, id: i64) -> Result<Outcome> {
    ground
        .operate(move |cx| application::finish(cx, ApplicationId(id)))
        .map(|_| Outcome::Done)
        .map_err(|refused| told(id, refused))
}

/// The number of an application that is given by its number or its client id.
pub(super) fn number(ground: &Ground<'_>, given: &str) -> Result<i64> {
    if let Ok(id) = given.parse() {
        return Ok(id);
    }
    let client = given.to_owned();
    let found = ground
        .store
        .read(move |tx| application::find_by_client(tx, &client))?;
    match found {
        Some(application) => Ok(application.id.get()),
        None => bail!("there is no application {given:?}: see `readmark app list`"),
    }
}

fn told(id: i64, refused: Refused<Refusal>) -> anyhow::Error {
    let which = |installs| if installs { "install" } else { "handler" };
    match refused {
        Refused::Because(Refusal::Unknown) => {
            anyhow!("there is no application {id}: see `readmark app list`")
        }
        Refused::Because(Refusal::Name) => anyhow!(
            "an application needs a name of at most {} characters",
            application::MAX_NAME
        ),
        Refused::Because(Refusal::Address(installs)) => anyhow!(
            "the {} address must begin with https:// or http:// and name a host",
            which(installs)
        ),
        Refused::Because(Refusal::OwnAddress(installs)) => anyhow!(
            "the {} address is the portal's own: applications have another host or port",
            which(installs)
        ),
        Refused::Because(Refusal::User(user, reason)) => no_person(user, reason),
        Refused::Interrupted(fault) => fault.into(),
    }
}
