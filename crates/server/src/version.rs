//! Which program this is.

/// The commit that it was built from; empty for a build under development.
pub const COMMIT: &str = env!("BUILD_COMMIT");

/// Its version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Version and commit, as `readmark --version` prints them.
pub const FULL: &str = if COMMIT.is_empty() {
    concat!(env!("CARGO_PKG_VERSION"), " (development build)")
} else {
    concat!(
        env!("CARGO_PKG_VERSION"),
        " (commit ",
        env!("BUILD_COMMIT"),
        ")"
    )
};

/// Name, version and commit.
#[must_use]
pub fn program() -> String {
    format!("readmark {FULL}")
}

/// The machine that it runs on, as the owner of a portal is told to others.
#[must_use]
pub fn host() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    name
}
