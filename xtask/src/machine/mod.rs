//! What the steps need from the machine: found when it is there, else installed.

mod apt;
pub(crate) mod cargo_tool;
pub(crate) mod node;
mod php;
mod postgres;
pub(crate) mod python;

use anyhow::Result;

use crate::workspace::Workspace;

/// Something that a step cannot do without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The checker of licences, bans, sources and advisories.
    CargoDeny,
    /// The checker of unused dependencies.
    CargoShear,
    /// The programs of a PostgreSQL server, which tests start for themselves.
    PostgreSql,
    /// Node.js with npm, new enough for the JavaScript SDK.
    Node,
    /// Python with virtual environments, new enough for the Python SDK.
    Python,
    /// PHP for the command line, with TLS and signals.
    Php,
}

/// Makes sure that something is there.
///
/// # Errors
/// One line that says what is missing and how to get it.
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

/// A version such as `v20.11.1` or `Python 3.11.2` as major and minor number.
fn version(text: &str) -> Option<(u32, u32)> {
    let number = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = number.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        assert_eq!(version("v20.11.1"), Some((20, 11)));
        assert_eq!(version("Python 3.12.0rc1"), Some((3, 12)));
        assert_eq!(version("not a version"), None);
    }
}
