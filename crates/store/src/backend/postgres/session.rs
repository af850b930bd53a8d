//! A PostgreSQL connection with its prepared statements, and the transaction that jobs see.

use std::time::Duration;

use postgres::{
    Client, Row as DriverRow, Statement,
    fallible_iterator::FallibleIterator,
    types::{FromSql, ToSql, Type},
};

use super::{
    error::{spoils_statements, store_error},
    placeholders,
};
use crate::{
    backend::{run::Failure, statements::StatementCache},
    dialect::Dialect,
    error::StoreError,
    memory::Handle,
    tx::{Param, Row, Tx},
};

pub(super) struct Session {
    client: Client,
    statements: StatementCache<Prepared>,
    broken: bool,
}

struct Prepared {
    statement: Statement,
    parameters: usize,
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            statements: StatementCache::new(),
            broken: false,
        }
    }

    /// The connection.
    pub(super) const fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Looks at an idle connection for a time, and tells whether it is there. That it has ended is told at once.
    pub(super) fn is_alive_for(&mut self, time: Duration) -> bool {
        let ended = {
            let mut notifications = self.client.notifications();
            notifications.timeout_iter(time).next().is_err()
        };
        !ended && !self.client.is_closed()
    }

    /// Runs `BEGIN`, `COMMIT` and the like.
    pub(super) fn control(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(|error| {
            let error = store_error(&error);
            self.broken |= matches!(error, StoreError::Unavailable(_));
            error
        })
    }

    /// Ends the transaction without keeping anything.
    pub(super) fn roll_back(&mut self) {
        if let Err(error) = self.control("ROLLBACK") {
            // The server undoes the transaction when this connection is closed.
            tracing::debug!("a rollback failed: {error}");
            self.broken = true;
        }
    }

    /// Whether the connection cannot be used any more.
    pub(super) fn is_broken(&self) -> bool {
        self.broken || self.client.is_closed()
    }
}

/// The open transaction of one job.
pub(super) struct PostgresTx<'s> {
    session: &'s mut Session,
    failure: Option<Failure>,
}

impl<'s> PostgresTx<'s> {
    pub(super) const fn new(session: &'s mut Session) -> Self {
        Self {
            session,
            failure: None,
        }
    }

    pub(super) fn into_failure(self) -> Option<Failure> {
        self.failure
    }

    /// Runs a statement; after its failure the transaction takes no others.
    fn guarded<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        work: impl FnOnce(&mut Client, &Statement, &[&(dyn ToSql + Sync)]) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.repeated());
        }
        let done = self.session.run(sql, params, work);
        if let Err(error) = &done {
            self.failure = Some(Failure::of(error));
        }
        done
    }
}

impl Session {
    fn run<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        work: impl FnOnce(&mut Client, &Statement, &[&(dyn ToSql + Sync)]) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        let client = &mut self.client;
        let prepared = self.statements.get_or_prepare(sql, || {
            let (numbered, parameters) = placeholders::rewrite(sql);
            let types: Vec<Type> = params.iter().map(type_of).collect();
            client
                .prepare_typed(&numbered, &types)
                .map(|statement| Prepared {
                    statement,
                    parameters,
                })
        });
        let done = match prepared {
            Ok(prepared) if prepared.parameters != params.len() => {
                return Err(StoreError::Database(format!(
                    "a statement has {} parameters, but {} were given: {sql}",
                    prepared.parameters,
                    params.len()
                )));
            }
            Ok(prepared) => {
                let bound: Vec<&(dyn ToSql + Sync)> = params.iter().map(bound).collect();
                work(client, &prepared.statement, &bound)
            }
            Err(error) => Err(error),
        };
        done.map_err(|error| {
            if spoils_statements(&error) {
                self.statements.clear();
            }
            store_error(&error)
        })
    }
}

impl Tx for PostgresTx<'_> {
    fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let rows = self.guarded(sql, params, |client, statement, bound| {
            client.query(statement, bound)
        })?;
        rows.iter().try_for_each(|row| each(&PostgresRow(row)))
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.guarded(sql, params, |client, statement, bound| {
            client.execute(statement, bound)
        })
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    /// Other servers may write to the schema.
    fn memory(&mut self) -> Option<&mut Handle> {
        None
    }
}

fn type_of(param: &Param<'_>) -> Type {
    match param {
        Param::Int(_) => Type::INT8,
        Param::Text(_) => Type::TEXT,
        Param::Blob(_) => Type::BYTEA,
    }
}

fn bound<'p>(param: &'p Param<'_>) -> &'p (dyn ToSql + Sync) {
    match param {
        Param::Int(value) => value,
        Param::Text(value) => value,
        Param::Blob(value) => value,
    }
}

struct PostgresRow<'r>(&'r DriverRow);

impl<'r> PostgresRow<'r> {
    fn type_of(&self, column: usize) -> Result<&Type, StoreError> {
        let column = self.0.columns().get(column);
        column
            .map(postgres::Column::type_)
            .ok_or(StoreError::Decode("a column that the query does not have"))
    }

    fn get<T: FromSql<'r>>(
        &self,
        column: usize,
        otherwise: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.0
            .try_get(column)
            .map_err(|_| StoreError::Decode(otherwise))
    }
}

impl Row for PostgresRow<'_> {
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        const OTHERWISE: &str = "another type where an integer is expected";
        // SQLite has one type for all of these.
        match *self.type_of(column)? {
            Type::INT4 => Ok(self.get::<i32>(column, OTHERWISE)?.map(i64::from)),
            Type::INT2 => Ok(self.get::<i16>(column, OTHERWISE)?.map(i64::from)),
            Type::BOOL => Ok(self.get::<bool>(column, OTHERWISE)?.map(i64::from)),
            Type::NUMERIC => Err(StoreError::Decode(
                "NUMERIC where an integer is expected: write CAST(SUM(x) AS BIGINT)",
            )),
            _ => self.get(column, OTHERWISE),
        }
    }

    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.type_of(column)?;
        self.get(column, "another type where text is expected")
    }

    fn opt_blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.type_of(column)?;
        self.get(column, "another type where bytes are expected")
    }
}
