//! The crates depend on each other in one direction only, and inner crates do not depend on libraries that belong in outer ones.

use toml::Table;

use super::SourceFile;

/// The dependency rules of a crate. They do not apply to dev-dependencies.
struct Layer {
    name: &'static str,
    /// The workspace crates that it may depend on.
    below: &'static [&'static str],
    /// The libraries that it must not depend on.
    forbidden: &'static [&'static str],
}

const LAYERS: [Layer; 6] = [
    Layer {
        name: "model",
        below: &[],
        forbidden: &[
            "jiff",
            "postgres",
            "rusqlite",
            "serde",
            "serde_json",
            "tokio",
        ],
    },
    Layer {
        name: "store",
        below: &["readmark-model"],
        forbidden: &["axum", "hyper", "tokio"],
    },
    Layer {
        name: "app",
        below: &["readmark-model", "readmark-store"],
        forbidden: &[
            "axum",
            "hyper",
            "postgres",
            "rusqlite",
            "serde_json",
            "tokio",
        ],
    },
    Layer {
        name: "api",
        below: &["readmark-app", "readmark-model", "readmark-store"],
        forbidden: &["axum", "hyper", "postgres", "rusqlite", "tokio"],
    },
    Layer {
        name: "import",
        below: &["readmark-app", "readmark-model"],
        forbidden: &["axum", "hyper", "postgres", "rusqlite", "tokio"],
    },
    Layer {
        name: "server",
        below: &[
            "readmark-api",
            "readmark-app",
            "readmark-import",
            "readmark-model",
            "readmark-store",
        ],
        forbidden: &["postgres", "rusqlite"],
    },
];

/// A library that one file of a crate alone may use.
struct Exception {
    library: &'static str,
    folder: &'static str,
    only: &'static str,
}

const EXCEPTIONS: [Exception; 1] = [Exception {
    library: "serde_json",
    folder: "crates/store/src/",
    only: "crates/store/src/message_params.rs",
}];

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files {
        let broken = EXCEPTIONS.iter().filter(|rule| rule.is_broken_by(file));
        findings.extend(broken.map(|rule| {
            let Exception { library, only, .. } = rule;
            format!("{}: only {only} may use {library} here", file.path)
        }));
    }
    for layer in &LAYERS {
        let path = format!("crates/{}/Cargo.toml", layer.name);
        let Some(manifest) = files.iter().find(|file| file.path == path) else {
            continue;
        };
        let wrong = dependencies(&manifest.text)
            .into_iter()
            .filter(|name| !layer.allows(name));
        findings.extend(wrong.map(|name| format!("{path}: must not depend on {name}")));
    }
    findings
}

impl Exception {
    fn is_broken_by(&self, file: &SourceFile) -> bool {
        file.path.starts_with(self.folder)
            && file.path != self.only
            && file.has_extension("rs")
            && file.text.contains(self.library)
    }
}

impl Layer {
    fn allows(&self, dependency: &str) -> bool {
        let is_ours = dependency.starts_with("readmark");
        !self.forbidden.contains(&dependency) && (!is_ours || self.below.contains(&dependency))
    }
}

fn dependencies(manifest: &str) -> Vec<String> {
    let table: Option<Table> = manifest.parse().ok();
    let dependencies = table
        .as_ref()
        .and_then(|table| table.get("dependencies")?.as_table());
    dependencies
        .map(|found| found.keys().cloned().collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(layer: &str, dependencies: &str) -> Vec<String> {
        let path = format!("crates/{layer}/Cargo.toml");
        let text =
            format!("[dependencies]\n{dependencies}\n[dev-dependencies]\nserde_json = \"1\"");
        findings(&[SourceFile::new(&path, &text)])
    }

    #[test]
    fn a_layer_may_depend_on_lower_layers_only() {
        assert!(check("store", "readmark-model.workspace = true").is_empty());
        assert_eq!(
            check("store", "readmark-app.workspace = true"),
            ["crates/store/Cargo.toml: must not depend on readmark-app"]
        );
    }

    #[test]
    fn one_file_of_the_store_alone_knows_json() {
        let file = |path| SourceFile::new(path, "use serde_json::value::RawValue;");
        let files = [
            file("crates/store/src/message_params.rs"),
            file("crates/store/src/repo/message.rs"),
            file("crates/api/src/wire/json.rs"),
        ];
        assert_eq!(
            findings(&files),
            [
                "crates/store/src/repo/message.rs: only crates/store/src/message_params.rs may use serde_json here"
            ]
        );
    }

    #[test]
    fn a_layer_must_not_depend_on_forbidden_libraries() {
        assert_eq!(
            check("model", "serde = \"1\""),
            ["crates/model/Cargo.toml: must not depend on serde"]
        );
    }
}
