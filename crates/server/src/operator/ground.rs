//! What an operation works on.

use std::{convert::Infallible, sync::Arc};

use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;
use readmark_api::{events, portal::context::Portal, wire};
use readmark_app::{
    Cx, Interrupt, Random, Refused, Rules, portal,
    users::{self, NoPerson},
};
use readmark_model::{Caller, PortalInfo, Timestamp, UserId, user::User};
use readmark_store::Store;

use crate::{
    clock::{Clock, OsRandom},
    config::Span,
};

/// A portal that this process owns.
pub struct Ground<'a> {
    /// Its store.
    pub store: &'a Store,
    /// The portal as it is served: it is told of what happens.
    pub serving: Option<&'a Arc<Portal>>,
    /// Its own row.
    pub portal: PortalInfo,
    /// Scheme, host and port for clients.
    pub base_url: String,
    /// When the operation began.
    pub now: Timestamp,
}

impl<'a> Ground<'a> {
    /// A portal that nobody serves. `base_url` answers where clients will find its host.
    ///
    /// # Errors
    /// When the store has no portal.
    pub fn unserved(
        store: &'a Store,
        clock: &dyn Clock,
        base_url: impl FnOnce(&str) -> String,
    ) -> Result<Self> {
        let portal = own_row(store)?;
        Ok(Self {
            store,
            serving: None,
            base_url: base_url(&portal.host),
            portal,
            now: clock.now(),
        })
    }

    /// A portal that this process serves.
    ///
    /// # Errors
    /// When the store fails.
    pub fn served(portal: &'a Arc<Portal>, clock: &dyn Clock) -> Result<Self> {
        Ok(Self {
            store: &portal.store,
            serving: Some(portal),
            base_url: portal.context.base_url.clone(),
            portal: own_row(&portal.store)?,
            now: clock.now(),
        })
    }

    /// Runs an operation as the operator, who may do everything and is no user, and tells of what happened.
    pub(super) fn operate<T, E>(
        &self,
        mut operation: impl FnMut(&mut Cx<'_>) -> Result<T, Refused<E>> + Send + 'static,
    ) -> Result<T, Refused<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let Some(portal) = self.serving else {
            return operate(self.store, self.now, operation);
        };
        let told = Arc::clone(portal);
        let caller = Caller::operator();
        let now = self.now;
        let (done, announcement) = self.store.write(move |tx| {
            let mut cx = context(tx, &caller, now, &*told.context.random);
            cx.rules = told.context.rules;
            let done = operation(&mut cx)?;
            Ok::<_, Refused<E>>((done, events::consume(&mut cx, &told)?))
        })?;
        announcement.publish(portal);
        Ok(done)
    }

    /// A person of the portal who is not dismissed.
    pub(super) fn person(&self, id: i64) -> Result<User> {
        let id = UserId(id);
        let found = self.store.read(move |tx| users::find_person(tx, id))?;
        found.map_err(|reason| no_person(id, reason))
    }

    /// Parses a point in time, which is in the portal's time zone unless it names another.
    ///
    /// # Errors
    /// When the text is not a time, or this machine does not know the portal's time zone: another time would be stored.
    pub(super) fn point_in_time(&self, text: &str) -> Result<Timestamp> {
        let name = &self.portal.time_zone;
        let zone = TimeZone::get(name).with_context(|| format!("unknown time zone {name:?}"))?;
        point_in_time(text, self.now, &zone)
    }
}

fn own_row(store: &Store) -> Result<PortalInfo> {
    store
        .read(|tx| portal::find(tx))?
        .context("the portal was not created completely")
}

/// Runs an operation as the operator on a store that nobody serves.
pub(crate) fn operate<T, E>(
    store: &Store,
    now: Timestamp,
    mut operation: impl FnMut(&mut Cx<'_>) -> Result<T, Refused<E>> + Send + 'static,
) -> Result<T, Refused<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let caller = Caller::operator();
    store.write(move |tx| operation(&mut context(tx, &caller, now, &OsRandom)))
}

fn context<'c>(
    tx: &'c mut dyn readmark_store::Tx,
    caller: &'c Caller,
    now: Timestamp,
    random: &'c dyn Random,
) -> Cx<'c> {
    Cx {
        tx,
        writable: true,
        user: caller.user,
        caller,
        now,
        random,
        rules: Rules::default(),
        events: Vec::new(),
    }
}

/// The URL of a webhook.
#[must_use]
pub(crate) fn webhook_url(base_url: &str, user: UserId, secret: &str) -> String {
    format!("{base_url}/rest/{user}/{secret}/")
}

/// Parses a point in time: a date, a time, or a duration from now.
///
/// # Errors
/// When it is none of these.
fn point_in_time(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    if let Ok(span) = text.parse::<Span>() {
        let length = i64::try_from(span.0.as_millis()).unwrap_or(i64::MAX);
        return Ok(Timestamp(now.get().saturating_add(length)));
    }
    wire::parse_date(text, zone).with_context(|| {
        format!("{text:?} is not a time such as 2030-01-31, 2030-01-31T12:00:00Z or 30d")
    })
}

/// The reason why a user cannot be used, as text.
pub(crate) fn no_person(id: UserId, reason: NoPerson) -> anyhow::Error {
    match reason {
        NoPerson::Unknown => anyhow!("there is no user {id}: see `readmark user list`"),
        NoPerson::Bot => anyhow!("user {id} is a bot"),
        NoPerson::Dismissed => anyhow!("user {id} is dismissed"),
    }
}

/// The error of an operation that cannot be refused.
pub(crate) fn fault(refused: Refused<Infallible>) -> Interrupt {
    match refused {
        Refused::Because(never) => match never {},
        Refused::Interrupted(fault) => fault,
    }
}
