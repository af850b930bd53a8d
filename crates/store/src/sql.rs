//! Statements assembled from constants at compile time.

/// One `&'static str` of several constant texts: literals, other constants, and the lists of
/// [`Columns`](crate::columns::Columns).
///
/// `sql!("SELECT ", Chat::COLUMNS, " FROM chats c WHERE c.id = ?1")` costs nothing at run time, and nothing that is known
/// only then can get into it. It does for constants what `concat!` does for literals.
macro_rules! sql {
    ($($part:expr),+ $(,)?) => {{
        const PARTS: &[&str] = &[$($part),+];
        const BYTES: [u8; $crate::sql::length(PARTS)] = $crate::sql::join(PARTS);
        const SQL: &str = $crate::sql::text(&BYTES);
        SQL
    }};
}
pub(crate) use sql;

/// The length of several texts together, in bytes.
pub(crate) const fn length(parts: &[&str]) -> usize {
    let mut length = 0;
    let mut part = 0;
    while part < parts.len() {
        length += parts[part].len();
        part += 1;
    }
    length
}

/// Several texts one after the other. `N` is their [`length`].
pub(crate) const fn join<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut joined = [0; N];
    let mut end = 0;
    let mut part = 0;
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut byte = 0;
        while byte < bytes.len() {
            joined[end] = bytes[byte];
            end += 1;
            byte += 1;
        }
        part += 1;
    }
    joined
}

/// What [`join`] made, as text.
pub(crate) const fn text(joined: &[u8]) -> &str {
    match core::str::from_utf8(joined) {
        Ok(text) => text,
        Err(_) => panic!("texts that are UTF-8 each are UTF-8 together"),
    }
}

/// The number of items in a `SELECT` list: one more than the commas outside of parentheses and quotes.
pub(crate) const fn count_items(list: &str) -> usize {
    let bytes = list.as_bytes();
    let mut items = if bytes.is_empty() { 0 } else { 1 };
    let mut depth = 0;
    let mut quoted = false;
    let mut byte = 0;
    while byte < bytes.len() {
        match bytes[byte] {
            b'\'' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth -= 1,
            b',' if !quoted && depth == 0 => items += 1,
            _ => {}
        }
        byte += 1;
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "chats c";

    #[test]
    fn constants_and_literals_become_one_text() {
        const NESTED: &str = sql!("SELECT id FROM ", TABLE);
        assert_eq!(NESTED, "SELECT id FROM chats c");
        assert_eq!(
            sql!(NESTED, " WHERE id = ?1"),
            "SELECT id FROM chats c WHERE id = ?1"
        );
        assert_eq!(sql!("–", "ü", ""), "–ü");
    }

    #[test]
    fn items_are_counted_outside_of_parentheses_and_quotes() {
        for (list, items) in [
            ("", 0),
            ("c.id", 1),
            ("c.id, c.kind", 2),
            ("coalesce(max(id), 0), ','", 2),
            ("(SELECT a FROM b WHERE c IN (1, 2)), ', (', d", 3),
        ] {
            assert_eq!(count_items(list), items, "{list}");
        }
    }
}
