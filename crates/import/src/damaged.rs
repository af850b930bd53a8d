//! What is wrong with an archive.

/// A file of an archive that cannot be imported, and why; then nothing is imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct Damaged {
    /// The file, by its name within the archive; of the archive as a whole its own name.
    pub file: String,
    /// Why, in one line.
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
