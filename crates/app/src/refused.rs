//! How a use case ends when it does not succeed.

use readmark_store::{StoreError, TxError};

/// How an operation must be run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rerun {
    /// In a transaction that may write: it usually only reads, but has to write this time.
    Writing,
    /// With the content of its file stored: all other checks have passed.
    WithContent,
}

/// Why an operation was broken off, which is not the caller's doing.
#[derive(Debug, thiserror::Error)]
pub enum Interrupt {
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] StoreError),
    /// It has to be rerun in another way, by the runner of use cases; it is never shown to callers.
    #[error("the operation has to be run again: {0:?}")]
    Rerun(Rerun),
}

/// A refusal with its reason, or an interrupt.
#[derive(Debug)]
pub enum Refused<E> {
    /// The caller's doing: a documented error.
    Because(E),
    /// Not the caller's doing.
    Interrupted(Interrupt),
}

impl<E> Refused<E> {
    /// The same with another type of reason.
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Refused<F> {
        match self {
            Self::Because(reason) => Refused::Because(f(reason)),
            Self::Interrupted(interrupt) => Refused::Interrupted(interrupt),
        }
    }
}

impl<E> From<StoreError> for Refused<E> {
    fn from(error: StoreError) -> Self {
        Self::Interrupted(Interrupt::Fault(error))
    }
}

impl<E> From<Interrupt> for Refused<E> {
    fn from(interrupt: Interrupt) -> Self {
        Self::Interrupted(interrupt)
    }
}

impl TxError for Interrupt {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Fault(error) => Some(error),
            Self::Rerun(_) => None,
        }
    }
}

impl<E: Send + 'static> TxError for Refused<E> {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Interrupted(interrupt) => interrupt.as_store(),
            Self::Because(_) => None,
        }
    }
}
