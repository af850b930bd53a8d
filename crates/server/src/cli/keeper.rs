//! Has operations carried out by whoever owns the portal: a server, else this command.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use readmark_app::portal;
use readmark_model::Holder;
use readmark_store::{Store, StoreError};

use super::{Global, Session, session::guess_base_url};
use crate::{
    catalog::PortalCatalog,
    clock::SystemClock,
    data::ServingLock,
    operator::{self, Ground, Operation, Outcome},
    version,
};

/// How long to wait for another command, or for a server that is starting or stopping.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(50);

/// A portal that this command owns until dropped.
pub(super) struct Owned {
    pub(super) store: Store,
    /// Comes after the store, so that a server finds it closed.
    _lock: Option<ServingLock>,
}

/// Has an operation carried out on the chosen portal.
///
/// # Errors
/// Why it is refused; or why the portal's owner cannot be reached.
pub(super) fn change(global: &Global, operation: Operation) -> Result<Outcome> {
    let config = global.settings(Vec::new())?;
    crate::log::start("warn", config.log_format).map_err(anyhow::Error::msg)?;
    let catalog = PortalCatalog::existing(&config)?;
    let name = catalog.choose(global.portal.as_deref())?;
    let started = Instant::now();
    loop {
        let busy = match try_change(&catalog, &name, &operation)? {
            Tried::Done(outcome) => return Ok(outcome),
            Tried::Busy(reason) => reason,
        };
        if started.elapsed() >= PATIENCE {
            return Err(busy);
        }
        thread::sleep(PAUSE);
    }
}

enum Tried {
    Done(Outcome),
    /// Nothing was done, but it may be possible soon.
    Busy(anyhow::Error),
}

fn try_change(catalog: &PortalCatalog, name: &str, operation: &Operation) -> Result<Tried> {
    let busy = match own(catalog, name)? {
        Ok(owned) => {
            let ground = Ground::unserved(&owned.store, &SystemClock, |host| {
                guess_base_url(catalog, host)
            })?;
            return operator::carry_out(&ground, operation.clone()).map(Tried::Done);
        }
        Err(busy) => busy,
    };
    if let Some(host) = &busy.elsewhere {
        bail!("the portal {name:?} is served on the host {host:?}: give the command there");
    }
    let Some(door) = &busy.door else {
        return Ok(Tried::Busy(busy.reason));
    };
    match ask(door, name, operation)? {
        Asked::Done(outcome) => Ok(Tried::Done(outcome)),
        Asked::NotServed => match own_beside_server(catalog, name)? {
            Ok(owned) => {
                let ground = Ground::unserved(&owned.store, &SystemClock, |host| {
                    guess_base_url(catalog, host)
                })?;
                operator::carry_out(&ground, operation.clone()).map(Tried::Done)
            }
            Err(busy) => Ok(Tried::Busy(busy.reason)),
        },
        Asked::Nobody => {
            let reason = busy.reason.context(
                "no server answers at its door: one of an earlier version has to be stopped first",
            );
            Ok(Tried::Busy(reason))
        }
    }
}

/// Why a portal cannot be owned now.
pub(super) struct Busy {
    /// Where its server takes operations, if it has one on this host.
    door: Option<std::path::PathBuf>,
    /// The host of its server, if it is another one.
    elsewhere: Option<String>,
    reason: anyhow::Error,
}

impl Busy {
    pub(super) fn into_reason(self) -> anyhow::Error {
        self.reason
    }
}

/// Owns the portal for this command, where nobody else does.
///
/// # Errors
/// When it cannot be opened.
pub(super) fn own(catalog: &PortalCatalog, name: &str) -> Result<Result<Owned, Busy>> {
    if !catalog.config().database_url.is_empty() {
        return own_with(catalog, name, None);
    }
    // A server of an earlier version holds this lock alone.
    match catalog.data().lock_command()? {
        Some(lock) => own_with(catalog, name, Some(lock)),
        None => Ok(Err(Busy {
            door: Some(catalog.data().door()),
            elsewhere: None,
            reason: anyhow::anyhow!(
                "another readmark is serving {}",
                catalog.data().file("").display()
            ),
        })),
    }
}

/// The same for a portal that the server of the data folder does not serve.
fn own_beside_server(catalog: &PortalCatalog, name: &str) -> Result<Result<Owned, Busy>> {
    own_with(catalog, name, None)
}

fn own_with(
    catalog: &PortalCatalog,
    name: &str,
    lock: Option<ServingLock>,
) -> Result<Result<Owned, Busy>> {
    let error = match catalog.own(name, Path::new(""), Duration::ZERO) {
        Ok(store) => return Ok(Ok(Owned { store, _lock: lock })),
        Err(error) => error,
    };
    let Some(StoreError::Held(holder)) = error.downcast_ref() else {
        return Err(error);
    };
    let server = holder.as_deref().filter(|holder| !holder.door.is_empty());
    let here = |holder: &&Holder| holder.host == version::host();
    let door = server.filter(here).map(|holder| holder.door.clone().into());
    let elsewhere = server
        .filter(|holder| !here(holder))
        .map(|holder| holder.host.clone());
    Ok(Err(Busy {
        door,
        elsewhere,
        reason: error,
    }))
}

/// Asks the server of a portal that is read; `None` when there is none on this host.
///
/// # Errors
/// Why the server refuses.
pub(super) fn ask_server(session: &Session, operation: &Operation) -> Result<Option<Outcome>> {
    let door = if session.config.database_url.is_empty() {
        Some(session.catalog.data().door())
    } else {
        let holder = session.store.read(|tx| portal::holder(tx))?;
        let holder = holder.filter(|holder| !holder.door.is_empty());
        let here = holder.filter(|holder| holder.host == version::host());
        here.map(|holder| holder.door.into())
    };
    let Some(door) = door else {
        return Ok(None);
    };
    Ok(match ask(&door, &session.portal.name, operation)? {
        Asked::Done(outcome) => Some(outcome),
        Asked::NotServed | Asked::Nobody => None,
    })
}

enum Asked {
    Done(Outcome),
    NotServed,
    Nobody,
}

#[cfg(unix)]
fn ask(door: &Path, portal: &str, operation: &Operation) -> Result<Asked> {
    use crate::door::{Answer, Visit};

    let Some(mut visit) = Visit::begin(door)? else {
        return Ok(Asked::Nobody);
    };
    Ok(match visit.ask(portal, operation.clone())? {
        Answer::Done(outcome) => Asked::Done(outcome),
        Answer::NotServed => Asked::NotServed,
    })
}

#[cfg(not(unix))]
fn ask(_: &Path, _: &str, _: &Operation) -> Result<Asked> {
    bail!("a server is running: stop it first, as it cannot be asked on this system")
}
