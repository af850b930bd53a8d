//! Columns of tables and queries, declared once.
//!
//! [`columns!`] says which columns a struct is read from. The `SELECT` list and the column positions
//! are both generated from it, so that they cannot differ:
//!
//! ```text
//! columns! {
//!     Reaction from "reactions r" {
//!         user: UserId = "r.user_id",
//!         kind: String = "r.kind",
//!     }
//! }
//!
//! tx.list(sql!(Reaction::SELECT, " WHERE r.message_id = ?1"), params![id], Reaction::from_row)
//! ```
//!
//! Each line has a field, the type that is read, and its expression in the `SELECT` list. The type says how many
//! columns these are, which is checked when the program is compiled:
//!
//! - a number, text, id, time or code is one column, and NULL an error; `Option` makes NULL `None`;
//! - a pair, an array or another declared struct takes as many as its parts: `tail: Tail = Tail::COLUMNS`;
//! - `Option` of such a part is `None` where its first column is NULL, as in the rows of an outer join that found nothing. So
//!   the first column is one that is never NULL otherwise; it is then read twice, so avoid a text column.
//!
//! `field: Type = "…" => convert` passes the value through `convert`, or fails with its error.
//!
//! `columns! { struct Name { … } }` declares the struct as well, for rows that only one query knows. Without `from` the
//! row is made of expressions alone.
//!
//! Positions are sums of constants: reading a struct costs what reading its columns by number would.

mod values;

pub(crate) use values::codes;

use crate::{error::StoreError, tx::Row};

/// A value that is read from consecutive columns of a row.
pub(crate) trait FromRow: Sized {
    /// The number of columns.
    const WIDTH: usize;

    /// Reads the columns from `first` on, which counts from 0; `None` when that one is NULL.
    fn find(row: &dyn Row, first: usize) -> Result<Option<Self>, StoreError>;

    /// Reads the columns from `first` on, which counts from 0; an error when that one is NULL.
    fn get(row: &dyn Row, first: usize) -> Result<Self, StoreError> {
        Self::find(row, first)?.ok_or_else(|| StoreError::null(first))
    }

    /// Reads a row that begins with these columns.
    fn from_row(row: &dyn Row) -> Result<Self, StoreError> {
        Self::get(row, 0)
    }
}

/// A struct whose columns are declared by [`columns!`].
pub(crate) trait Columns: FromRow {
    /// The columns as a `SELECT` list.
    const COLUMNS: &'static str;
    /// `SELECT`, the columns and, where they were declared, `FROM` and the tables; conditions may follow.
    const SELECT: &'static str;
}

/// Declares the columns of a struct; see the [module](self).
macro_rules! columns {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $row:ident $(from $tables:tt)? {
            $($(#[$field_attribute:meta])* $field:ident: $type:ty = $sql:expr),+ $(,)?
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $row {
            $($(#[$field_attribute])* $visibility $field: $type),+
        }

        $crate::columns::columns! {
            $row $(from $tables)? {
                $($field: $type = $sql),+
            }
        }
    };
    (
        $row:ident $(from $tables:tt)? {
            $($field:ident: $type:ty = $sql:expr $(=> $convert:expr)?),+ $(,)?
        }
    ) => {
        const _: () = {
            $(assert!(
                $crate::sql::count_items($sql) == <$type as $crate::columns::FromRow>::WIDTH,
                concat!("the list of `", stringify!($field), "` does not have as many columns as its type"),
            );)+
        };

        impl $crate::columns::FromRow for $row {
            const WIDTH: usize = 0 $(+ <$type as $crate::columns::FromRow>::WIDTH)+;

            fn find(row: &dyn $crate::tx::Row, first: usize) -> Result<Option<Self>, $crate::StoreError> {
                type First = $crate::columns::columns!(@first $($type),+);
                match <First as $crate::columns::FromRow>::find(row, first)? {
                    Some(_) => <Self as $crate::columns::FromRow>::get(row, first).map(Some),
                    None => Ok(None),
                }
            }

            fn get(row: &dyn $crate::tx::Row, first: usize) -> Result<Self, $crate::StoreError> {
                let next = first;
                $(
                    let column = next;
                    let $field = <$type as $crate::columns::FromRow>::get(row, column)?;
                    $(let $field = $crate::columns::convert($field, $convert)?;)?
                    let next = column + <$type as $crate::columns::FromRow>::WIDTH;
                )+
                let _ = next;
                Ok(Self { $($field),+ })
            }
        }

        impl $crate::columns::Columns for $row {
            const COLUMNS: &'static str = $crate::columns::columns!(@list $($sql),+);
            const SELECT: &'static str = $crate::sql::sql!(
                "SELECT ",
                <$row as $crate::columns::Columns>::COLUMNS
                $(, " FROM ", $tables)?
            );
        }
    };
    (@list $first:expr $(, $other:expr)*) => {
        $crate::sql::sql!($first $(, ", ", $other)*)
    };
    (@first $first:ty $(, $other:ty)*) => {
        $first
    };
}
pub(crate) use columns;

/// Calls `convert`; its type is what tells the compiler the types of a closure.
pub(crate) fn convert<T, U>(
    value: T,
    convert: impl FnOnce(T) -> Result<U, StoreError>,
) -> Result<U, StoreError> {
    convert(value)
}

#[cfg(test)]
mod tests;
