//! Webhooks and access tokens.

use anyhow::{Context, Result, anyhow, bail};
use readmark_app::{Refused, token, webhook};
use readmark_model::{Scopes, SecretHash, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::{Ground, Outcome, no_person, webhook_url};

/// A webhook to create.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Id of the user whose rights it has.
    pub user: i64,
    /// Its scopes; none stands for all.
    pub scopes: Vec<String>,
    /// A description of its purpose.
    pub title: String,
    /// When it expires; `None` for never.
    pub expires: Option<String>,
}

/// An access token to issue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Client id of the application.
    pub client: String,
    /// Id of the user whose rights it has.
    pub user: i64,
    /// Its scopes; none stands for all.
    pub scopes: Vec<String>,
    /// How long it is valid, in milliseconds.
    pub lifetime: u64,
}

pub(super) fn add_webhook(ground: &Ground<'_>, new: NewWebhook) -> Result<Outcome> {
    let user = UserId(new.user);
    let scopes = scopes(&new.scopes)?;
    let expires = new.expires.as_deref();
    let expires_at = expires.map(|text| ground.point_in_time(text)).transpose()?;
    let added = ground.operate(move |cx| {
        let new = webhook::NewWebhook {
            user,
            scopes,
            title: &new.title,
            expires_at,
        };
        webhook::add(cx, &new)
    });
    let secret = added.map_err(|refused| match refused {
        Refused::Because(webhook::Refusal::User(reason)) => no_person(user, reason),
        Refused::Because(webhook::Refusal::Expired) => anyhow!("that time has already passed"),
        Refused::Interrupted(fault) => fault.into(),
    })?;
    Ok(Outcome::Secret(webhook_url(
        &ground.base_url,
        user,
        &secret,
    )))
}

pub(super) fn revoke_webhook(ground: &Ground<'_>, id: i64) -> Result<Outcome> {
    let now = ground.now;
    if !ground.store.write(move |tx| webhook::revoke(tx, id, now))? {
        bail!("there is no webhook {id} that could be revoked: see `readmark webhook list`");
    }
    Ok(Outcome::Done)
}

pub(super) fn add_token(ground: &Ground<'_>, new: NewToken) -> Result<Outcome> {
    let user = ground.person(new.user)?.id;
    let scopes = scopes(&new.scopes)?;
    let lifetime = i64::try_from(new.lifetime).unwrap_or(i64::MAX);
    let expires_at = Timestamp(ground.now.get().saturating_add(lifetime));
    let issued = ground.operate(move |cx| {
        let new = token::NewToken {
            client: &new.client,
            user,
            scopes,
            expires_at,
        };
        token::issue(cx, &new)
    });
    let token = issued.map_err(|refused| match refused {
        Refused::Because(token::Refusal::NoClient) => anyhow!("an application needs a client id"),
        Refused::Because(token::Refusal::User) => anyhow!("user {user} is dismissed"),
        Refused::Because(token::Refusal::Expired) => anyhow!("a token needs a lifetime"),
        Refused::Interrupted(fault) => fault.into(),
    })?;
    Ok(Outcome::Secret(token))
}

pub(super) fn expire_token(ground: &Ground<'_>, token: &str) -> Result<Outcome> {
    let (hash, now) = (SecretHash::of(token), ground.now);
    if !ground
        .store
        .write(move |tx| token::expire(tx, &hash, now))?
    {
        bail!("there is no such token, or it has expired");
    }
    Ok(Outcome::Done)
}

/// Parses scopes, each of which may be several separated by commas; all scopes when none is given.
pub(super) fn scopes(given: &[String]) -> Result<Scopes> {
    if given.is_empty() {
        return Ok(Scopes::all());
    }
    Scopes::parse(&given.join(",")).with_context(|| {
        format!(
            "{:?} names an unknown scope; there are {}",
            given.join(","),
            Scopes::all()
        )
    })
}
