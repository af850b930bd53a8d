//! What is wrong with an archive.

/// A file of an archive that cannot be imported, and the reason. Nothing is imported in that case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct Damaged {
    /// The file's name within the archive, or the name of the archive itself.
    pub file: String,
    /// The reason, in one line.
    pub reason: String,
}

impl Damaged {
    pub(crate) fn new(file: &str, reason: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            reason: reason.into(),
        }
    }
}
