//! The crates depend on each other in one direction, and the inner ones never see what the outer
//! ones are for.

use toml::Table;

use super::SourceFile;

/// What a crate may and may not depend on, its tests apart.
struct Layer {
    name: &'static str,
    /// The crates of this workspace that it may depend on.
    below: &'static [&'static str],
    /// The libraries that it never sees.
    never: &'static [&'static str],
}

const LAYERS: [Layer; 6] = [
    Layer {
        name: "model",
        below: &[],
        never: &[
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
        never: &["axum", "hyper", "serde_json", "tokio"],
    },
    Layer {
        name: "app",
        below: &["readmark-model", "readmark-store"],
        never: &[
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
        never: &["axum", "hyper", "postgres", "rusqlite", "tokio"],
    },
    Layer {
        name: "import",
        below: &["readmark-app", "readmark-model"],
        never: &["axum", "hyper", "postgres", "rusqlite", "tokio"],
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
        never: &["postgres", "rusqlite"],
    },
];

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
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

impl Layer {
    fn allows(&self, dependency: &str) -> bool {
        let is_ours = dependency.starts_with("readmark");
        !self.never.contains(&dependency) && (!is_ours || self.below.contains(&dependency))
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
    fn a_layer_may_use_what_is_below_it_only() {
        assert!(check("store", "readmark-model.workspace = true").is_empty());
        assert_eq!(
            check("store", "readmark-app.workspace = true"),
            ["crates/store/Cargo.toml: must not depend on readmark-app"]
        );
    }

    #[test]
    fn a_layer_never_sees_the_libraries_of_others() {
        assert_eq!(
            check("model", "serde = \"1\""),
            ["crates/model/Cargo.toml: must not depend on serde"]
        );
    }
}
