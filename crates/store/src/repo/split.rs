//! Lists in one parameter, so that a statement stays one whatever their length.

/// What stands behind `FROM` for the parts, as rows of `list (part)`, of the text in a parameter that single spaces separate.
/// On SQLite the parts hold neither quotes nor backslashes: they are words of a search index, or numbers.
macro_rules! sqlite_parts {
    ($parameter:literal) => {
        concat!(
            "(SELECT value AS part FROM json_each(CASE ",
            $parameter,
            " WHEN '' THEN '[]' ELSE '[\"' || replace(",
            $parameter,
            ", ' ', '\",\"') || '\"]' END)) list"
        )
    };
}
pub(crate) use sqlite_parts;

/// The same for PostgreSQL.
macro_rules! postgres_parts {
    ($parameter:literal) => {
        concat!(
            "unnest(string_to_array(",
            $parameter,
            ", ' ')) AS list (part)"
        )
    };
}
pub(crate) use postgres_parts;

/// A statement with such a list between two texts.
macro_rules! with_parts {
    ($tx:expr, $before:expr, $parameter:literal, $after:expr) => {
        $tx.dialect().pick(
            concat!(
                $before,
                $crate::repo::split::sqlite_parts!($parameter),
                $after
            ),
            concat!(
                $before,
                $crate::repo::split::postgres_parts!($parameter),
                $after
            ),
        )
    };
}
pub(crate) use with_parts;

/// Numbers as such a list.
pub(crate) fn join(numbers: impl IntoIterator<Item = i64>) -> String {
    let texts: Vec<String> = numbers
        .into_iter()
        .map(|number| number.to_string())
        .collect();
    texts.join(" ")
}
