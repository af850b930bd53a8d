//! A SQLite connection with its prepared statements, and the transaction that jobs see.

use rusqlite::{Connection, PrepFlags, Row as DriverRow, Rows, Statement, types::ValueRef};

use super::error::store_error;
use crate::{
    backend::{
        run::Failure,
        statements::{Position, StatementCache},
    },
    dialect::Dialect,
    error::StoreError,
    memory::{Handle, Tables},
    tx::{Param, Row, Tx},
};

pub(super) struct Session<'c> {
    connection: &'c Connection,
    statements: StatementCache<Prepared<'c>>,
}

struct Prepared<'c> {
    statement: Statement<'c>,
    writes: bool,
    /// The tables with facts in memory that it can change.
    changed: Tables,
    parameters: usize,
}

impl<'c> Session<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            statements: StatementCache::new(),
        }
    }

    pub(super) const fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// Whether a transaction is open.
    pub(super) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn find(&mut self, sql: &'static str) -> Result<Position, rusqlite::Error> {
        let connection = self.connection;
        self.statements.find_or_prepare(sql, || {
            let statement =
                connection.prepare_with_flags(sql, PrepFlags::SQLITE_PREPARE_PERSISTENT)?;
            let (writes, parameters) = (!statement.readonly(), statement.parameter_count());
            let changed = if writes {
                Tables::changed_by(sql)
            } else {
                Tables::NONE
            };
            Ok(Prepared {
                statement,
                writes,
                changed,
                parameters,
            })
        })
    }

    /// Runs `BEGIN`, `COMMIT` and the like.
    pub(super) fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let done = self
            .find(sql)
            .and_then(|position| self.statements.at(position).statement.raw_execute());
        done.map(drop).map_err(|error| store_error(&error))
    }

    /// A number that changes when another connection has changed the database, in this or another process.
    pub(super) fn data_version(&mut self) -> Result<i64, StoreError> {
        let read = self.find("PRAGMA data_version").and_then(|position| {
            let mut rows = self.statements.at(position).statement.raw_query();
            match rows.next()? {
                Some(row) => row.get(0),
                None => Err(rusqlite::Error::QueryReturnedNoRows),
            }
        });
        read.map_err(|error| store_error(&error))
    }
}

/// The transaction of one job, within the transaction that is open on the session.
pub(super) struct SqliteTx<'s, 'c> {
    session: &'s mut Session<'c>,
    /// Whether it writes within a savepoint, so that it can be undone without what earlier jobs did.
    savepoint: bool,
    changes: Changes,
    failure: Option<Failure>,
    memory: Option<&'s mut Handle>,
}

/// What a job has done to the open transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Changes {
    /// Nothing.
    #[default]
    None,
    /// It writes without a savepoint.
    Direct,
    /// It writes within a savepoint of its own.
    InSavepoint,
}

impl<'s, 'c> SqliteTx<'s, 'c> {
    pub(super) fn new(
        session: &'s mut Session<'c>,
        savepoint: bool,
        memory: Option<&'s mut Handle>,
    ) -> Self {
        Self {
            session,
            savepoint,
            changes: Changes::None,
            failure: None,
            memory,
        }
    }

    /// What the job has done so far.
    pub(super) const fn changes(&self) -> Changes {
        self.changes
    }

    pub(super) fn into_parts(self) -> (Changes, Option<Failure>) {
        (self.changes, self.failure)
    }

    fn guarded<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        work: impl FnOnce(&mut Statement<'c>) -> Result<T, Stop>,
    ) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.repeated());
        }
        let done = self.prepare(sql, params).and_then(|position| {
            let prepared = self.session.statements.at(position);
            let done = work(&mut prepared.statement);
            // Also when its rows were refused half-way: what it changed stays until the job is undone.
            if prepared.writes
                && let Some(memory) = &mut self.memory
            {
                memory.wrote(prepared.changed);
            }
            done
        });
        match done {
            Ok(done) => Ok(done),
            Err(Stop::Refused(error)) => {
                self.failure = Some(Failure::of(&error));
                Err(error)
            }
            Err(Stop::Asked(error)) => Err(error),
        }
    }

    /// The place of the statement with its parameters bound, after what must happen before a first change.
    fn prepare(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Position, Stop> {
        let position = self.session.find(sql)?;
        let prepared = self.session.statements.at(position);
        if prepared.parameters != params.len() {
            return Err(Stop::Refused(StoreError::Database(format!(
                "a statement has {} parameters, but {} were given: {sql}",
                prepared.parameters,
                params.len()
            ))));
        }
        if prepared.writes && self.changes == Changes::None {
            if self.savepoint {
                self.session
                    .control("SAVEPOINT job")
                    .map_err(Stop::Refused)?;
                self.changes = Changes::InSavepoint;
            } else {
                self.changes = Changes::Direct;
            }
        }
        let statement = &mut self.session.statements.at(position).statement;
        for (index, param) in params.iter().enumerate() {
            match *param {
                Param::Int(value) => statement.raw_bind_parameter(index + 1, value)?,
                Param::Text(value) => statement.raw_bind_parameter(index + 1, value)?,
                Param::Blob(value) => statement.raw_bind_parameter(index + 1, value)?,
            }
        }
        Ok(position)
    }
}

/// Why a statement ended early.
enum Stop {
    /// SQLite refused it.
    Refused(StoreError),
    /// The closure that is called with the rows stopped it.
    Asked(StoreError),
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused(store_error(&error))
    }
}

impl Tx for SqliteTx<'_, '_> {
    fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.guarded(sql, params, |statement| {
            let mut rows = statement.raw_query();
            each_row(&mut rows, each)
        })
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.guarded(sql, params, |statement| Ok(statement.raw_execute()? as u64))
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn memory(&mut self) -> Option<&mut Handle> {
        self.memory.as_deref_mut()
    }
}

fn each_row(
    rows: &mut Rows<'_>,
    each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
) -> Result<(), Stop> {
    while let Some(row) = rows.next()? {
        each(&SqliteRow(row)).map_err(Stop::Asked)?;
    }
    Ok(())
}

struct SqliteRow<'r, 's>(&'r DriverRow<'s>);

impl SqliteRow<'_, '_> {
    fn value(&self, column: usize) -> Result<ValueRef<'_>, StoreError> {
        self.0
            .get_ref(column)
            .map_err(|_| StoreError::Decode("a column that the query does not have"))
    }
}

impl Row for SqliteRow<'_, '_> {
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(value)),
            _ => Err(StoreError::Decode(
                "another type where an integer is expected",
            )),
        }
    }

    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => std::str::from_utf8(text)
                .map(Some)
                .map_err(|_| StoreError::Decode("text that is not UTF-8")),
            _ => Err(StoreError::Decode("another type where text is expected")),
        }
    }

    fn opt_blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            _ => Err(StoreError::Decode("another type where bytes are expected")),
        }
    }
}
