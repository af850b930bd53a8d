//! The interface between queries and database drivers.

use crate::{dialect::Dialect, error::StoreError, memory::Handle};

/// The value of one parameter. Booleans are stored as 0 and 1, times as milliseconds.
///
/// `None` is NULL; the variant still says its type, which PostgreSQL needs.
#[derive(Clone, Copy, Debug)]
pub enum Param<'a> {
    /// `BIGINT`.
    Int(Option<i64>),
    /// `TEXT`.
    Text(Option<&'a str>),
    /// `BYTEA` on PostgreSQL, `BLOB` on SQLite.
    Blob(Option<&'a [u8]>),
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Param<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Some(value))
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Some(value))
    }
}

impl<'a> From<Option<&'a str>> for Param<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(Some(value))
    }
}

impl<'a> From<&'a readmark_model::SecretHash> for Param<'a> {
    fn from(value: &'a readmark_model::SecretHash) -> Self {
        Self::Blob(Some(value.as_bytes()))
    }
}

macro_rules! param_from_id {
    ($($id:ty),+) => {$(
        impl From<$id> for Param<'_> {
            fn from(value: $id) -> Self {
                Self::Int(Some(value.get()))
            }
        }
        impl From<Option<$id>> for Param<'_> {
            fn from(value: Option<$id>) -> Self {
                Self::Int(value.map(<$id>::get))
            }
        }
    )+};
}

param_from_id!(
    readmark_model::UserId,
    readmark_model::ChatId,
    readmark_model::MessageId,
    readmark_model::NotificationId,
    readmark_model::FileId,
    readmark_model::ApplicationId,
    readmark_model::GrantId,
    readmark_model::Seq,
    readmark_model::Timestamp
);

/// Binds values in order: `params![chat, user, now]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::tx::Param::from($value)),*] as &[$crate::tx::Param<'_>]
    };
}

/// One result row; columns count from 0.
///
/// # Errors
/// Every accessor answers [`StoreError::Decode`] when the column is missing or has another type.
pub trait Row {
    /// An integer, or `None` for NULL.
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError>;
    /// Text borrowed from the row, or `None` for NULL.
    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError>;
    /// Bytes borrowed from the row, or `None` for NULL.
    fn opt_blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError>;
}

impl dyn Row + '_ {
    /// An integer column that is never NULL.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?
            .ok_or_else(|| StoreError::null(column))
    }

    /// An id, seq or time column that is never NULL.
    pub fn id<T: From<i64>>(&self, column: usize) -> Result<T, StoreError> {
        self.int(column).map(T::from)
    }

    /// An id, seq or time column, or `None` for NULL.
    pub fn opt_id<T: From<i64>>(&self, column: usize) -> Result<Option<T>, StoreError> {
        Ok(self.opt_int(column)?.map(T::from))
    }

    /// A 0/1 column that is never NULL.
    pub fn bool(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A text column that is never NULL.
    pub fn text(&self, column: usize) -> Result<&str, StoreError> {
        self.opt_text(column)?
            .ok_or_else(|| StoreError::null(column))
    }

    /// A text column that is never NULL, owned.
    pub fn string(&self, column: usize) -> Result<String, StoreError> {
        self.text(column).map(str::to_owned)
    }
}

/// An open transaction.
///
/// SQL is written once, with `?1`, `?2`… for parameters. It is `&'static`, so that statements are prepared once per
/// connection and no query can be put together from input.
pub trait Tx {
    /// Runs a query and calls `each` with every row, which may stop the query with an error.
    ///
    /// # Errors
    /// What the database or `each` answers.
    fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Runs a statement and answers the number of rows it changed.
    ///
    /// # Errors
    /// What the database answers; a violated uniqueness is [`StoreError::Conflict`].
    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError>;

    /// Which database this is, for the exceptions in `dialect.rs`.
    fn dialect(&self) -> Dialect;

    /// What is kept in memory, where this transaction may use it; only the functions of [`repo`](crate::repo) do.
    fn memory(&mut self) -> Option<&mut Handle>;
}

/// A transaction that looks everything up in the database, for those who check what is stored.
pub struct WithoutMemory<'a>(pub &'a mut dyn Tx);

impl Tx for WithoutMemory<'_> {
    fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0.query(sql, params, each)
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.0.execute(sql, params)
    }

    fn dialect(&self) -> Dialect {
        self.0.dialect()
    }

    fn memory(&mut self) -> Option<&mut Handle> {
        // What is changed without it is forgotten.
        None
    }
}

/// Shapes of query results, on top of [`Tx::query`].
pub trait TxExt {
    /// The first row, or `None`.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn find<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        map: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError>;

    /// The first row, which must exist.
    ///
    /// # Errors
    /// As [`Tx::query`], and [`StoreError::Decode`] when there is no row.
    fn get<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        map: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;

    /// All rows, in order.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn list<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        map: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError>;
}

impl TxExt for dyn Tx + '_ {
    fn find<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut map: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut first = None;
        self.query(sql, params, &mut |row| {
            if first.is_none() {
                first = Some(map(row)?);
            }
            Ok(())
        })?;
        Ok(first)
    }

    fn get<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        map: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.find(sql, params, map)?
            .ok_or(StoreError::Decode("a row that must exist is missing"))
    }

    fn list<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut map: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.query(sql, params, &mut |row| {
            rows.push(map(row)?);
            Ok(())
        })?;
        Ok(rows)
    }
}
