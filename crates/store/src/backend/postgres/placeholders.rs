//! Placeholders of parameters: from `?1` to `$1`.

/// SQL with PostgreSQL's placeholders, and the highest number of a parameter in it. Quoted text and comments stay as they are.
pub(super) fn rewrite(sql: &str) -> (String, usize) {
    let mut out = String::with_capacity(sql.len());
    let mut highest = 0;
    let mut rest = sql;
    while let Some(start) = rest.find(['?', '\'', '"', '-', '/']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let literal = literal_length(rest);
        if literal > 0 {
            out.push_str(&rest[..literal]);
            rest = &rest[literal..];
            continue;
        }
        let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        match rest[1..=digits].parse::<usize>() {
            Ok(number) if rest.starts_with('?') => {
                highest = highest.max(number);
                out.push('$');
            }
            _ => out.push_str(&rest[..1]),
        }
        rest = &rest[1..];
    }
    out.push_str(rest);
    (out, highest)
}

/// The length of the quoted text or comment that `sql` begins with, or 0.
fn literal_length(sql: &str) -> usize {
    let until = |open: usize, end: &str| {
        sql[open..]
            .find(end)
            .map_or(sql.len(), |at| open + at + end.len())
    };
    match sql.as_bytes() {
        // A doubled quote within the text merely looks like the start of another one.
        [b'\'', ..] => until(1, "'"),
        [b'"', ..] => until(1, "\""),
        [b'-', b'-', ..] => until(2, "\n"),
        [b'/', b'*', ..] => until(2, "*/"),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(sql: &str) -> String {
        rewrite(sql).0
    }

    #[test]
    fn parameters_may_repeat_and_change_order() {
        assert_eq!(
            rewrite("a = ?2 AND b = ?1 OR c = ?2"),
            ("a = $2 AND b = $1 OR c = $2".to_owned(), 2)
        );
        assert_eq!(
            rewrite("VALUES (?1,?12)"),
            ("VALUES ($1,$12)".to_owned(), 12)
        );
        assert_eq!(rewrite("SELECT 1"), ("SELECT 1".to_owned(), 0));
        assert_eq!(rewritten("?1"), "$1");
    }

    #[test]
    fn text_names_and_comments_stay() {
        for same in [
            "SELECT '?1', 'it''s ?2'",
            "SELECT \"?1\" FROM t",
            "SELECT 1 -- ?1 'x",
            "SELECT /* ?1 ' */ 4 - 2 / 2",
            "SELECT data ? 'key'",
            "SELECT 'open ?1",
            "SELECT '–ü?1ü'",
        ] {
            assert_eq!(rewrite(same), (same.to_owned(), 0));
        }
        assert_eq!(
            rewritten("SELECT 'a' || ?1 -- ?2\n, ?3"),
            "SELECT 'a' || $1 -- ?2\n, $3"
        );
        assert_eq!(rewritten("SELECT '''?1''', ?1"), "SELECT '''?1''', $1");
    }
}
