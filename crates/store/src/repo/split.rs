//! Lists in one parameter, so that one statement serves lists of any length.

/// A statement that reads the items of a text parameter as rows of `list (part)`, for use after `FROM`:
/// `with_parts!(tx, "SELECT part FROM ", "?1", "")`. Single spaces separate the items.
///
/// On SQLite items contain neither quotes nor backslashes: they are words of a search index, or numbers.
macro_rules! with_parts {
    ($tx:expr, $before:expr, $parameter:literal, $after:expr) => {
        $tx.dialect().pick(
            $crate::sql::sql!(
                $before,
                "(SELECT value AS part FROM json_each(CASE ",
                $parameter,
                " WHEN '' THEN '[]' ELSE '[\"' || replace(",
                $parameter,
                ", ' ', '\",\"') || '\"]' END)) list",
                $after
            ),
            $crate::sql::sql!(
                $before,
                "unnest(string_to_array(",
                $parameter,
                ", ' ')) AS list (part)",
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
