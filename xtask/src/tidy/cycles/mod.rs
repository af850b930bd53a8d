//! Sibling modules must not depend on each other in a cycle.
//!
//! Siblings are the modules of one folder: files, and folders with all that is in them. As long as the dependencies between them have
//! one direction, a module can be understood, tested and moved without the modules that build on it.
//!
//! Dependencies between a module and its own child modules are not checked, and neither is test code.

mod module_tree;
mod references;
mod siblings;

use std::collections::HashMap;

use self::module_tree::ModuleTree;
use super::SourceFile;

/// The path of a module from the root of its crate, which has the empty path.
type ModulePath = Vec<String>;

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let by_path: HashMap<&str, &SourceFile> = files
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    let mut findings = Vec::new();
    for root in files.iter().filter(|file| is_crate_root(&file.path)) {
        match ModuleTree::read(root, &by_path) {
            Ok(tree) => findings.extend(siblings::cycles(&tree)),
            Err(problem) => findings.push(problem),
        }
    }
    findings
}

/// Whether a file is the root of a library or a program.
fn is_crate_root(path: &str) -> bool {
    path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)]) -> Vec<String> {
        let file = |(path, text): &(&str, &str)| SourceFile::new(&format!("c/src/{path}"), text);
        findings(&files.iter().map(file).collect::<Vec<_>>())
    }

    #[test]
    fn a_cycle_is_reported_with_its_dependencies() {
        let found = check(&[
            ("lib.rs", "mod chat;\nmod dialog;\nmod words;"),
            ("chat/mod.rs", "mod join;"),
            (
                "chat/join.rs",
                "use crate::words;\nuse crate::dialog::Dialog;",
            ),
            (
                "dialog.rs",
                "pub struct Dialog;\nfn f() { crate::chat::join::run() }",
            ),
            ("words.rs", ""),
        ]);
        let expected = "c/src: dependency cycle between chat, dialog:\n  \
                        chat → dialog: c/src/chat/join.rs:2\n  \
                        dialog → chat: c/src/dialog.rs:2";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn dependencies_in_one_direction_are_allowed() {
        let found = check(&[
            ("lib.rs", "mod chat;\nmod dialog;\nmod words;"),
            ("chat.rs", "use crate::{dialog::Dialog, words::split};"),
            ("dialog.rs", "use super::words;"),
            ("words.rs", ""),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn reexports_are_followed_to_the_definition() {
        let found = check(&[
            ("lib.rs", "mod chat;\nmod cx;\npub use cx::Cx;"),
            ("chat.rs", "use crate::Cx;"),
            ("cx.rs", "use crate::chat::Chat;\npub struct Cx;"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("chat → cx: c/src/chat.rs:1"), "{found:?}");
    }

    #[test]
    fn paths_through_an_imported_module_are_followed() {
        let found = check(&[
            ("lib.rs", "mod chat;"),
            ("chat/mod.rs", "mod join;\nmod leave;"),
            (
                "chat/join.rs",
                "use crate::chat;\nfn f() { chat::leave::g(); }",
            ),
            ("chat/leave.rs", "use super::join;\nfn g() { join::f(); }"),
        ]);
        let expected = "c/src/chat: dependency cycle between join, leave:\n  \
                        join → leave: c/src/chat/join.rs:2\n  \
                        leave → join: c/src/chat/leave.rs:1";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn nested_modules_are_checked() {
        let found = check(&[
            ("main.rs", "mod chat;"),
            ("chat/mod.rs", "mod join;\nmod leave;\npub struct Chat;"),
            ("chat/join.rs", "use super::{Chat, leave::leave};"),
            ("chat/leave.rs", "fn f() { super::join::join(); }"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("c/src/chat: dependency cycle between join, leave:"),
            "{found:?}"
        );
    }

    #[test]
    fn a_module_and_its_children_may_depend_on_each_other() {
        let found = check(&[
            ("lib.rs", "mod chat;\npub struct Root;"),
            (
                "chat/mod.rs",
                "mod join;\nuse join::join;\nuse crate::Root;",
            ),
            ("chat/join.rs", "use super::Chat;\nuse crate::Root;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn imports_of_tests_are_ignored() {
        let tests = "#[cfg(test)]\nmod tests {\n use crate::chat::join;\n}\n\
                     #[cfg(test)]\n#[path = \"more_tests.rs\"]\nmod more_tests;";
        let found = check(&[
            ("lib.rs", "mod chat;\nmod dialog;"),
            ("chat.rs", "use crate::dialog;"),
            ("dialog.rs", tests),
            ("more_tests.rs", "use crate::chat;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn paths_in_macros_are_dependencies() {
        let is_cycle = |dialog: &str| {
            let found = check(&[
                ("lib.rs", "mod chat;\nmod dialog;"),
                ("chat.rs", "use crate::dialog;"),
                ("dialog.rs", dialog),
            ]);
            found.len() == 1
        };
        assert!(is_cycle("fn f() { log!(\"{}\", super::chat::name()); }"));
        assert!(is_cycle(
            "macro_rules! m { () => { $crate::chat::name() } }"
        ));
        assert!(is_cycle(
            "macro_rules! m { ($($a:ident),*) => { f($(crate::chat::$a),*) } }"
        ));
        assert!(!is_cycle("fn f() { log!(\"crate::chat\"); }"));
    }

    #[test]
    fn modules_are_found_by_attribute_and_beside_their_folder() {
        let found = check(&[
            ("lib.rs", "mod text;\nmod ids;"),
            ("text.rs", "mod search;\n#[path = \"odd.rs\"]\nmod plain;"),
            ("text/search.rs", "use crate::ids::Id;"),
            ("odd.rs", "use super::search;"),
            ("ids.rs", "mod inner { use super::super::text::search; }"),
        ]);
        assert_eq!(
            found,
            ["c/src: dependency cycle between ids, text:\n  \
              ids → text: c/src/ids.rs:1\n  \
              text → ids: c/src/text/search.rs:1"]
        );
    }

    #[test]
    fn a_file_that_cannot_be_parsed_is_reported() {
        let found = check(&[("lib.rs", "mod chat;"), ("chat.rs", "\nfn {")]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("c/src/chat.rs:2: "), "{found:?}");
    }
}
