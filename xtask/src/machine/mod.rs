//! What steps require of the machine: used if installed, installed otherwise.

mod apt;
pub(crate) mod cargo_tool;
pub(crate) mod node;
mod php;
mod postgres;
pub(crate) mod python;

use anyhow::Result;

use crate::workspace::Workspace;

/// A requirement of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// cargo-deny.
    CargoDeny,
    /// cargo-shear.
    CargoShear,
    /// The programs of a PostgreSQL server; tests start their own.
    PostgreSql,
    /// Node.js and npm, recent enough for the JavaScript SDK.
    Node,
    /// Python with virtual environments, recent enough for the Python SDK.
    Python,
    /// The PHP command line, with TLS and signals.
    Php,
}

/// Makes sure that a requirement is met.
///
/// # Errors
/// One line that says what is missing and how to install it.
pub(crate) fn provide(need: Need, workspace: &Workspace) -> Result<()> {
    match need {
        Need::CargoDeny => cargo_tool::DENY.provide(workspace).map(drop),
        Need::CargoShear => cargo_tool::SHEAR.provide(workspace).map(drop),
        Need::PostgreSql => postgres::provide(),
        Need::Node => node::provide(workspace).map(|_| ()),
        Need::Python => python::provide(),
        Need::Php => php::provide(),
    }
}

/// The major and minor number of a version such as `v20.11.1` or `Python 3.11.2`.
fn version(text: &str) -> Option<(u32, u32)> {
    let number = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = number.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_parsed_from_program_output() {
        assert_eq!(version("v20.11.1"), Some((20, 11)));
        assert_eq!(version("Python 3.12.0rc1"), Some((3, 12)));
        assert_eq!(version("not a version"), None);
    }
}
