//! Shared by commands that work on one portal.

use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;
use readmark_api::wire;
use readmark_app::{
    Cx, Interrupt, Refused, Rules, portal,
    users::{self, NoPerson},
};
use readmark_model::{Caller, PortalInfo, Scopes, Timestamp, UserId, user::User};
use readmark_store::Store;

use super::Global;
use crate::{
    catalog::PortalCatalog,
    clock::{Clock, OsRandom, SystemClock},
    config::{Config, Span},
    data::ServingLock,
    running::base_url,
};

/// The portal of a command.
pub struct Session {
    /// The settings.
    pub config: Config,
    /// Where portals are kept.
    pub catalog: PortalCatalog,
    /// The portal's store.
    pub store: Store,
    /// The portal's own row.
    pub portal: PortalInfo,
    /// When the command started.
    pub now: Timestamp,
}

impl Session {
    /// Opens the selected portal.
    ///
    /// # Errors
    /// When settings are wrong, or the portal does not exist.
    pub fn open(global: &Global) -> Result<Self> {
        let config = global.settings(Vec::new())?;
        crate::log::start("warn", config.log_format).map_err(anyhow::Error::msg)?;
        let catalog = PortalCatalog::new(&config)?;
        let name = catalog.choose(global.portal.as_deref())?;
        let store = catalog.open(&name)?;
        let row = store.read(|tx| portal::find(tx))?;
        let portal =
            row.with_context(|| format!("the portal {name:?} was not created completely"))?;
        Ok(Self {
            config,
            catalog,
            store,
            portal,
            now: SystemClock.now(),
        })
    }

    /// Ensures that no server is writing to the SQLite file meanwhile.
    ///
    /// # Errors
    /// When one is.
    pub fn alone(&self) -> Result<Option<ServingLock>> {
        if self.config.database_url.is_empty() {
            let lock = self.catalog.data().lock_serving();
            return Ok(Some(lock.context("stop the server first")?));
        }
        Ok(None)
    }

    /// Runs an operation as the operator, who may do everything and is no user.
    ///
    /// # Errors
    /// The error of the operation.
    pub fn operate<T, E>(
        &self,
        operation: impl FnMut(&mut Cx<'_>) -> Result<T, Refused<E>> + Send + 'static,
    ) -> Result<T, Refused<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        operate(&self.store, self.now, operation)
    }

    /// A person of the portal who is not dismissed.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn person(&self, id: i64) -> Result<User> {
        let id = UserId(id);
        let found = self.store.read(move |tx| users::find_person(tx, id))?;
        found.map_err(|reason| no_person(id, reason))
    }

    /// Scheme, host and port for clients: a best guess, as no server need be running.
    #[must_use]
    pub fn base_url(&self) -> String {
        let reach = self.catalog.data().reach();
        let listen = || self.config.addresses().ok()?.first().map(|at| at.port());
        let port = self.config.public_port;
        let port = port.or(reach.map(|reach| reach.port)).or_else(listen);
        base_url(&self.portal.host, port.unwrap_or(443))
    }

    /// The URL of a webhook.
    #[must_use]
    pub fn webhook_url(&self, user: UserId, secret: &str) -> String {
        webhook_url(&self.base_url(), user, secret)
    }

    /// Parses a point in time: a date, a time, or a duration from now.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn point_in_time(&self, text: &str) -> Result<Timestamp> {
        if let Ok(span) = text.parse::<Span>() {
            let length = i64::try_from(span.0.as_millis()).unwrap_or(i64::MAX);
            return Ok(Timestamp(self.now.get().saturating_add(length)));
        }
        wire::parse_date(text, &self.zone()).with_context(|| {
            format!("{text:?} is not a time such as 2030-01-31, 2030-01-31T12:00:00Z or 30d")
        })
    }

    /// A time for display, in the portal's zone.
    #[must_use]
    pub fn shown(&self, time: Timestamp) -> String {
        wire::format_atom(time, &self.zone())
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.portal.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// The reason why a user cannot be used, as text.
pub(super) fn no_person(id: UserId, reason: NoPerson) -> anyhow::Error {
    match reason {
        NoPerson::Unknown => anyhow!("there is no user {id}: see `readmark user list`"),
        NoPerson::Bot => anyhow!("user {id} is a bot"),
        NoPerson::Dismissed => anyhow!("user {id} is dismissed"),
    }
}

/// Parses scopes separated by commas; all scopes when none is given.
///
/// # Errors
/// When a name is unknown.
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

/// The URL of a webhook.
#[must_use]
pub(crate) fn webhook_url(base_url: &str, user: UserId, secret: &str) -> String {
    format!("{base_url}/rest/{user}/{secret}/")
}

/// As [`Session::operate`].
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
    store.write(move |tx| {
        let mut cx = Cx {
            tx,
            writable: true,
            user: caller.user,
            caller: &caller,
            now,
            random: &OsRandom,
            rules: Rules::default(),
            events: Vec::new(),
        };
        operation(&mut cx)
    })
}

/// The error of an operation that cannot be refused.
pub(crate) fn fault(refused: Refused<std::convert::Infallible>) -> Interrupt {
    match refused {
        Refused::Because(never) => match never {},
        Refused::Interrupted(fault) => fault,
    }
}
