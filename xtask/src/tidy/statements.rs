//! Above `app` nobody names the statements of the store: what others need of them is a use case.
//!
//! `readmark_testkit::rows` is the one door, for tests that look beneath the use cases and for measurements that fill a store.

use super::SourceFile;

/// The crates above `app`, their tests included.
const ABOVE: [&str; 5] = ["api", "bench", "import", "server", "testkit"];

const DOOR: &str = "crates/testkit/src/rows.rs";

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_above(&file.path)) {
        let mut imports = false;
        for (number, line) in file.lines() {
            let code = line.split("//").next().unwrap_or_default();
            imports |= code.trim_start().contains("use readmark_store");
            if names_statements(code, imports) {
                let path = &file.path;
                findings.push(format!(
                    "{path}:{number}: names `readmark_store::repo`, which is for `app`"
                ));
            }
            imports &= !code.contains(';');
        }
    }
    findings
}

fn is_above(path: &str) -> bool {
    let mut parts = path.split('/');
    path.ends_with(".rs")
        && path != DOOR
        && parts.next() == Some("crates")
        && parts.next().is_some_and(|name| ABOVE.contains(&name))
}

/// Whether a line has the module `repo` in a path or, inside of a `use`, as a name.
fn names_statements(code: &str, imports: bool) -> bool {
    code.match_indices("repo").any(|(at, name)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let is_word = !before.ends_with(is_part_of_name) && !after.starts_with(is_part_of_name);
        is_word && (imports || after.starts_with("::") || before.ends_with("readmark_store::"))
    })
}

fn is_part_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> Vec<String> {
        findings(&[SourceFile::new(path, text)])
    }

    #[test]
    fn statements_are_named_below_app_and_behind_the_door_only() {
        let text = "use readmark_store::{\n    StoreError,\n    repo::chat,\n};\n";
        assert!(check("crates/app/src/a.rs", text).is_empty());
        assert!(check(DOOR, text).is_empty());
        assert_eq!(
            check("crates/api/src/a.rs", text),
            ["crates/api/src/a.rs:3: names `readmark_store::repo`, which is for `app`"]
        );
        assert_eq!(check("crates/server/tests/a.rs", text).len(), 1);
    }

    #[test]
    fn every_spelling_is_found() {
        for text in [
            "use readmark_store::repo;",
            "use readmark_store::{Store, repo};",
            "use readmark_store::repo as rows;",
            "    let row = readmark_store::repo::chat::find(tx, id)?;",
            "    repo::portal::find(tx)",
        ] {
            assert_eq!(check("crates/bench/src/a.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn other_words_are_not_meant() {
        for text in [
            "use readmark_store::{Store, StoreError};\nlet repo = 1;",
            "use readmark_store::Store; // not repo::chat",
            "let text = report::of(repository);",
        ] {
            assert!(check("crates/api/src/a.rs", text).is_empty(), "{text}");
        }
    }
}
