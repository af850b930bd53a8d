//! Owning a schema of PostgreSQL: the lock of a session, and a fence.
//!
//! The owner holds an advisory lock on a connection of its own, which it watches. Each of its other connections holds the schema's fence
//! shared. Who becomes the owner takes the fence exclusively before the epoch is raised, and ends the connections that still hold it:
//! what an owner that lost its lock had in flight is committed before that, or gone. A connection that comes later finds another epoch than
//! its owner's, and is not used.

use std::{
    sync::mpsc::{Receiver, TryRecvError},
    thread,
    time::{Duration, Instant},
};

use postgres::Client;
use readmark_model::ownership::Holder;

use super::{
    connect::{Connector, Target},
    error::store_error,
    fence::Fence,
    session::{PostgresTx, Session},
};
use crate::{backend::migrate, error::StoreError, repo::ownership, settings::Claim};

/// The pause between two attempts to get the lock.
const PAUSE: Duration = Duration::from_millis(50);

/// How often the connection that holds the lock is looked at. What the database says of its end is seen at once.
const LOOK: Duration = Duration::from_millis(50);

/// The pause between two attempts to own the schema again.
const AGAIN: Duration = Duration::from_millis(250);

/// How long connections of an earlier owner may take to end.
const FENCE_PATIENCE: Duration = Duration::from_secs(10);

/// The connection that holds the lock, and the number of the ownership.
pub(super) struct Owned {
    session: Session,
    pub(super) epoch: i64,
}

/// Becomes the owner: creates the schema if it is missing, and runs the pending migrations in it.
///
/// # Errors
/// [`StoreError::Held`] when another process is the owner for longer than the claim waits.
pub(super) fn take(target: &Target, claim: &Claim) -> Result<Owned, StoreError> {
    let mut client = Connector::new(target.clone()).connect(Instant::now())?;
    let refused = |error: postgres::Error| match store_error(&error) {
        StoreError::Retry(text) => StoreError::Unavailable(format!(
            "another program is changing the schema {}: {text}",
            target.schema()
        )),
        other => other,
    };
    stay_alive(&mut client);
    lock(&mut client, target, claim)?;
    client
        .batch_execute("SET lock_timeout TO '120s'")
        .map_err(refused)?;
    // Programs of versions without owners migrate under this lock. It ends with this connection.
    client
        .execute(
            "SELECT pg_advisory_lock(hashtextextended('readmark migrations of ' || $1, 0))",
            &[&target.schema()],
        )
        .map_err(refused)?;
    target.create_schema(&mut client).map_err(refused)?;
    migrate::run(&migrate::for_postgres(), &mut client, |source| {
        let error = source.downcast_ref::<postgres::Error>().map(store_error);
        error.unwrap_or_else(|| StoreError::Database(source.to_string()))
    })?;
    close_fence(&mut client, target.schema())?;
    let mut session = Session::new(client);
    let epoch = raise(&mut session, claim)?;
    session
        .client()
        .execute(
            "SELECT pg_advisory_unlock(hashtextextended('readmark fence of ' || $1, 0))",
            &[&target.schema()],
        )
        .map_err(refused)?;
    Ok(Owned { session, epoch })
}

/// The connection that holds the lock of a schema that was deleted.
pub(super) struct Erased {
    #[expect(dead_code, reason = "the lock is held as long as it is open")]
    client: Client,
}

/// Becomes the owner and deletes the schema with everything in it, if there is one.
///
/// # Errors
/// [`StoreError::Held`] when another process is the owner for longer than the claim waits; and when the schema cannot be deleted.
pub(super) fn erase(target: &Target, claim: &Claim) -> Result<Erased, StoreError> {
    let mut client = Connector::new(target.clone()).connect(Instant::now())?;
    stay_alive(&mut client);
    lock(&mut client, target, claim)?;
    close_fence(&mut client, target.schema())?;
    client
        .batch_execute("SET lock_timeout TO '10s'")
        .and_then(|()| target.drop_schema(&mut client))
        .map_err(|error| match store_error(&error) {
            StoreError::Retry(text) => StoreError::Unavailable(format!(
                "another program is using the schema {}: {text}",
                target.schema()
            )),
            other => other,
        })?;
    Ok(Erased { client })
}

/// The lock must not be lost for lack of traffic, nor outlive a machine that is gone. Versions that do not know a setting refuse it.
fn stay_alive(client: &mut Client) {
    for setting in [
        "SET idle_session_timeout TO 0",
        "SET tcp_keepalives_idle TO 10",
        "SET tcp_keepalives_interval TO 3",
        "SET tcp_keepalives_count TO 3",
    ] {
        if let Err(error) = client.batch_execute(setting) {
            tracing::debug!("{setting}: {error}");
        }
    }
}

fn lock(client: &mut Client, target: &Target, claim: &Claim) -> Result<(), StoreError> {
    let started = Instant::now();
    loop {
        let row = client
            .query_one(
                "SELECT pg_try_advisory_lock(hashtextextended('readmark owner of ' || $1, 0))",
                &[&target.schema()],
            )
            .map_err(|error| store_error(&error))?;
        if row.try_get(0).map_err(|error| store_error(&error))? {
            return Ok(());
        }
        if started.elapsed() >= claim.patience {
            return Err(StoreError::Held(holder(client).map(Box::new)));
        }
        thread::sleep(PAUSE);
    }
}

/// Who owns the schema, as far as it can be read: an owner that has only just begun may not have written it yet.
fn holder(client: &mut Client) -> Option<Holder> {
    let sql = "SELECT epoch, program, host, door, taken_at FROM ownership WHERE id = 1";
    let row = client.query_opt(sql, &[]).ok()??;
    Some(Holder {
        epoch: row.try_get(0).ok()?,
        program: row.try_get(1).ok()?,
        host: row.try_get(2).ok()?,
        door: row.try_get(3).ok()?,
        taken_at: readmark_model::Timestamp(row.try_get(4).ok()?),
    })
}

/// Takes the fence exclusively, ending the connections that keep it shared: those of an earlier owner, whatever became of it.
fn close_fence(client: &mut Client, schema: &str) -> Result<(), StoreError> {
    let started = Instant::now();
    client
        .batch_execute("SET lock_timeout TO '250ms'")
        .map_err(|error| store_error(&error))?;
    loop {
        let ended = client.execute(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l \
             JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() \
             WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.pid <> pg_backend_pid() \
             AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('readmark fence of ' || $1, 0)",
            &[&schema],
        );
        let ended = ended.map_err(|error| store_error(&error))?;
        if ended > 0 {
            tracing::warn!("{ended} connections of an earlier owner were ended");
        }
        let taken = client.execute(
            "SELECT pg_advisory_lock(hashtextextended('readmark fence of ' || $1, 0))",
            &[&schema],
        );
        match taken.map_err(|error| store_error(&error)) {
            Ok(_) => return Ok(()),
            Err(StoreError::Retry(_)) if started.elapsed() < FENCE_PATIENCE => {}
            Err(StoreError::Retry(_)) => {
                return Err(StoreError::Unavailable(
                    "connections of the earlier owner do not end".to_owned(),
                ));
            }
            Err(error) => return Err(error),
        }
    }
}

fn raise(session: &mut Session, claim: &Claim) -> Result<i64, StoreError> {
    let Claim {
        program,
        host,
        door,
        now,
        ..
    } = claim;
    session.control("BEGIN")?;
    let epoch = ownership::update(&mut PostgresTx::new(session), program, host, door, *now)?;
    session.control("COMMIT")?;
    Ok(epoch)
}

/// Watches the lock until nobody uses the store any more, and becomes the owner again whenever it is lost.
pub(super) fn keep(
    owned: Owned,
    target: &Target,
    claim: &Claim,
    fence: &Fence,
    in_use: &Receiver<()>,
) {
    let claim = Claim {
        patience: Duration::ZERO,
        ..claim.clone()
    };
    let is_over = || in_use.try_recv() == Err(TryRecvError::Disconnected);
    let mut session = owned.session;
    while !is_over() {
        if session.is_alive_for(LOOK) {
            continue;
        }
        fence.set(0);
        tracing::error!(
            "the lock of the schema {} was lost: the portal is not answered until this process owns it again",
            target.schema()
        );
        drop(session);
        session = match again(target, &claim, &is_over) {
            Some(owned) => {
                fence.set(owned.epoch);
                tracing::info!("the schema {} is owned again", target.schema());
                owned.session
            }
            None => return,
        };
    }
}

/// `None` when the store was closed before that.
fn again(target: &Target, claim: &Claim, is_over: &dyn Fn() -> bool) -> Option<Owned> {
    let mut told = String::new();
    while !is_over() {
        match take(target, claim) {
            Ok(owned) => return Some(owned),
            Err(error) => {
                let text = error.to_string();
                if text != told {
                    tracing::warn!("the schema {} cannot be owned: {text}", target.schema());
                    told = text;
                }
            }
        }
        thread::sleep(AGAIN);
    }
    None
}
