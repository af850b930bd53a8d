//! Tells the program which commit it is built from.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=BUILD_COMMIT");
    let commit = match std::env::var("BUILD_COMMIT") {
        Ok(commit) => commit,
        // Programs under development would be built again after every commit.
        Err(_) if std::env::var("PROFILE").as_deref() == Ok("release") => {
            head().unwrap_or_default()
        }
        Err(_) => String::new(),
    };
    println!("cargo::rustc-env=BUILD_COMMIT={commit}");
}

/// The commit that is checked out, marked where files differ from it; `None` outside of a repository.
fn head() -> Option<String> {
    for path in ["HEAD", "index"] {
        let path = git(&["rev-parse", "--git-path", path])?;
        println!("cargo::rerun-if-changed={path}");
    }
    git(&[
        "describe",
        "--always",
        "--dirty",
        "--abbrev=12",
        "--exclude=*",
    ])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}
