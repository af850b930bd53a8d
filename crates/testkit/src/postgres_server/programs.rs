//! The installed PostgreSQL.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

const MISSING: &str = "PostgreSQL is missing: install the Debian package `postgresql`";

/// The programs of an installed PostgreSQL, and the user to run them as.
pub(super) struct Programs {
    pub(super) directory: PathBuf,
    /// Set if this process is root, as which PostgreSQL refuses to run.
    user: Option<User>,
}

struct User {
    name: String,
    uid: u32,
    gid: u32,
}

impl Programs {
    pub(super) fn find() -> Result<Self, String> {
        let mut candidates: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((
                    entry.file_name().to_str()?.parse().ok()?,
                    entry.path().join("bin"),
                ))
            })
            .collect();
        candidates.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let installed = candidates.into_iter().map(|(_, directory)| directory);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut directories = installed.chain(std::env::split_paths(&path));
        let complete = |directory: &PathBuf| {
            ["initdb", "postgres", "pg_isready"]
                .iter()
                .all(|program| directory.join(program).is_file())
        };
        let directory = directories.find(complete).ok_or(MISSING)?;
        let user = if id("-u", None)? == 0 {
            Some(User::unprivileged()?)
        } else {
            None
        };
        Ok(Self { directory, user })
    }

    pub(super) fn command(&self, program: &str) -> Command {
        let program = self.directory.join(program);
        let Some(user) = &self.user else {
            return Command::new(program);
        };
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid",
            &user.name,
            "--regid",
            &user.gid.to_string(),
            "--clear-groups",
            "--",
        ]);
        command.arg(program).current_dir("/");
        command
    }

    /// Changes the owner of a directory to the user who runs the server.
    pub(super) fn give(&self, directory: &Path) -> Result<(), String> {
        #[cfg(unix)]
        if let Some(user) = &self.user {
            std::os::unix::fs::chown(directory, Some(user.uid), Some(user.gid))
                .map_err(|error| format!("{}: {error}", directory.display()))?;
        }
        Ok(())
    }
}

impl User {
    fn unprivileged() -> Result<Self, String> {
        for name in ["postgres", "nobody"] {
            if let (Ok(uid), Ok(gid)) = (id("-u", Some(name)), id("-g", Some(name))) {
                return Ok(Self {
                    name: name.to_owned(),
                    uid,
                    gid,
                });
            }
        }
        Err(
            "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`"
                .to_owned(),
        )
    }
}

/// A numeric id of the user `name`, or of the current user.
fn id(which: &str, name: Option<&str>) -> Result<u32, String> {
    let output = Command::new("id")
        .arg(which)
        .args(name)
        .output()
        .map_err(|error| format!("id: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .map_err(|_| format!("id {which} {} answers no number", name.unwrap_or_default()))
}
