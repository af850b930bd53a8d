//! Connecting to PostgreSQL, and preparing the schema of a portal.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use postgres::{Client, Config, NoTls, config::SslMode};

use super::error::{connect_error, store_error};
use crate::{backend::migrate, error::StoreError};

/// How long one attempt to connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The pause between two attempts.
const CONNECT_PAUSE: Duration = Duration::from_millis(100);

/// The greatest length of a name in PostgreSQL, in bytes.
const LONGEST_NAME: usize = 63;

/// A schema of a database.
#[derive(Clone)]
pub(super) struct Target {
    config: Config,
    schema: String,
    quoted: String,
}

impl Target {
    /// # Errors
    /// When the URL cannot be used, or the schema's name is not safe to use.
    pub(super) fn new(url: &str, schema: &str) -> Result<Self, StoreError> {
        let mut config: Config = url.parse().map_err(|error| {
            StoreError::Database(format!("the PostgreSQL URL cannot be used: {error}"))
        })?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(StoreError::Database(
                "the PostgreSQL URL has sslmode=require, but readmark connects to PostgreSQL without TLS: leave \
                 sslmode out and connect over a trusted network, a Unix socket or a tunnel"
                    .to_owned(),
            ));
        }
        config.connect_timeout(CONNECT_TIMEOUT);
        if config.get_application_name().is_none() {
            config.application_name("readmark");
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(10));
        }
        config.keepalives_idle(Duration::from_secs(10));
        config.keepalives_interval(Duration::from_secs(3));
        config.keepalives_retries(3);
        Ok(Self {
            config,
            schema: schema.to_owned(),
            quoted: quoted(schema)?,
        })
    }

    fn connect(&self) -> Result<Client, StoreError> {
        let mut client = self
            .config
            .connect(NoTls)
            .map_err(|error| connect_error(&error))?;
        // Statements use the same indexes whatever their parameters are. By default the server plans some of them again for each
        // value, which was a third of the time of a read.
        //
        // Rule R16: a server or role that is set to acknowledge commits early is overruled; a stricter one is not.
        let settings = format!(
            "SET search_path TO {schema}; SET client_min_messages TO warning; SET lock_timeout TO '10s'; \
             SET plan_cache_mode TO force_generic_plan; \
             SET idle_in_transaction_session_timeout TO '60s'; \
             SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') \
             WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)",
            schema = self.quoted
        );
        client
            .batch_execute(&settings)
            .map_err(|error| connect_error(&error))?;
        Ok(client)
    }
}

/// The name in quotes, so that it is nothing but a name.
fn quoted(schema: &str) -> Result<String, StoreError> {
    let plain = schema
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    let reserved = schema.starts_with("pg_") || schema == "information_schema";
    if schema.is_empty() || schema.len() > LONGEST_NAME || !plain || reserved {
        return Err(StoreError::Database(format!(
            "{schema:?} cannot be the name of a schema: 1 to {LONGEST_NAME} ASCII letters, digits, _ and -, \
             and none of PostgreSQL's own"
        )));
    }
    Ok(format!("\"{schema}\""))
}

/// Creates the schema if it is missing and runs the pending migrations in it. When several servers start at the same time, one
/// does so while the others wait.
pub(super) fn prepare_schema(target: &Target) -> Result<(), StoreError> {
    let mut client = Connector::new(target.clone()).connect(Instant::now())?;
    let refused = |error: postgres::Error| match store_error(&error) {
        StoreError::Retry(text) => StoreError::Unavailable(format!(
            "another server is changing the schema {}: {text}",
            target.schema
        )),
        other => other,
    };
    client
        .batch_execute("SET lock_timeout TO '120s'")
        .map_err(refused)?;
    client
        .execute(
            "SELECT pg_advisory_lock(hashtextextended('readmark migrations of ' || $1, 0))",
            &[&target.schema],
        )
        .map_err(refused)?;
    let known = client
        .query_opt(
            "SELECT 1 FROM pg_namespace WHERE nspname = $1",
            &[&target.schema],
        )
        .map_err(refused)?;
    if known.is_none() {
        client
            .batch_execute(&format!("CREATE SCHEMA {}", target.quoted))
            .map_err(refused)?;
    }
    warn_about_fsync(&mut client).map_err(refused)?;
    // The lock ends with this connection.
    migrate::run(&migrate::for_postgres(), &mut client, |source| {
        let error = source.downcast_ref::<postgres::Error>().map(store_error);
        error.unwrap_or_else(|| StoreError::Database(source.to_string()))
    })
}

/// Deletes the schema with everything in it, if there is one.
pub(super) fn drop_schema(target: &Target) -> Result<(), StoreError> {
    let mut client = target.connect()?;
    client
        .batch_execute(&format!("DROP SCHEMA IF EXISTS {} CASCADE", target.quoted))
        .map_err(|error| store_error(&error))
}

/// The names of all schemas except PostgreSQL's own, sorted.
pub(super) fn list_schemas(url: &str) -> Result<Vec<String>, StoreError> {
    let mut client = Target::new(url, "public")?.connect()?;
    let rows = client.query(
        "SELECT nspname::text FROM pg_namespace WHERE nspname <> 'information_schema' \
         AND NOT starts_with(nspname::text, 'pg_') ORDER BY 1",
        &[],
    );
    let rows = rows.map_err(|error| store_error(&error))?;
    let names = rows.iter().map(|row| row.try_get(0));
    names
        .collect::<Result<_, _>>()
        .map_err(|error| store_error(&error))
}

fn warn_about_fsync(client: &mut Client) -> Result<(), postgres::Error> {
    let fsync: String = client
        .query_one("SELECT current_setting('fsync')", &[])?
        .try_get(0)?;
    if fsync != "on" {
        tracing::warn!(
            "PostgreSQL runs with fsync={fsync}: what it acknowledges can be lost in a crash"
        );
    }
    Ok(())
}

/// Connects, and never waits for longer than it is told to.
pub(super) struct Connector {
    target: Target,
    /// The result of an attempt that took too long, which must arrive before another one is started.
    pending: Option<Receiver<Result<Client, StoreError>>>,
}

impl Connector {
    pub(super) const fn new(target: Target) -> Self {
        Self {
            target,
            pending: None,
        }
    }

    /// Tries at least once, and again until `limit`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the reason of the last failure.
    pub(super) fn connect(&mut self, limit: Instant) -> Result<Client, StoreError> {
        loop {
            match self.attempt() {
                Ok(client) => return Ok(client),
                Err(error) if Instant::now() + CONNECT_PAUSE >= limit => return Err(error),
                Err(_) => thread::sleep(CONNECT_PAUSE),
            }
        }
    }

    fn attempt(&mut self) -> Result<Client, StoreError> {
        // The driver bounds the time to reach the server, but not the time until it has let us in.
        let receiver = match self.pending.take() {
            Some(receiver) => receiver,
            None => {
                let (sender, receiver) = sync_channel(1);
                let target = self.target.clone();
                super::start("postgres-connect".to_owned(), move || {
                    drop(sender.send(target.connect()))
                })?;
                receiver
            }
        };
        match receiver.recv_timeout(CONNECT_TIMEOUT) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => {
                self.pending = Some(receiver);
                Err(StoreError::Unavailable(
                    "PostgreSQL does not answer".to_owned(),
                ))
            }
            Err(RecvTimeoutError::Disconnected) => Err(StoreError::Unavailable(
                "connecting to PostgreSQL panicked".to_owned(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_schemas() {
        assert_eq!(quoted("portal_1").unwrap(), "\"portal_1\"");
        assert_eq!(quoted("Acme-2").unwrap(), "\"Acme-2\"");
        let long = "a".repeat(LONGEST_NAME + 1);
        for bad in [
            "",
            "a\"b",
            "a;b",
            "a b",
            "pg_catalog",
            "information_schema",
            "ü",
            "a\0",
            &long,
        ] {
            assert!(quoted(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_url_that_demands_tls_is_refused_with_the_reason() {
        let error = Target::new("postgres://u:hidden@localhost/db?sslmode=require", "s")
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("sslmode=require"), "{error}");
        assert!(!error.contains("hidden"), "{error}");
    }

    #[test]
    fn a_bad_url_is_refused_without_its_password() {
        for url in [
            "postgres://u:hidden@localhost/db?sslmode=verify-full",
            "postgres://u:hidden@localhost:x/db",
            "hidden",
        ] {
            let error = Target::new(url, "s").err().unwrap().to_string();
            assert!(!error.contains("hidden"), "{error}");
        }
    }
}
