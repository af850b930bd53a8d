//! How a use case ends when it does not succeed.

use readmark_store::{StoreError, TxError};

/// Not the caller's doing.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operation reads as a rule but must write this time, and runs in a transaction that only reads: run it again in
    /// one that writes.
    #[error("the operation has to write")]
    NeedsWrite,
    /// Nothing else speaks against the operation, but the content of its file is not stored yet: store it, and run the
    /// operation again.
    #[error("the content of a file has to be stored first")]
    NeedsContent,
}

/// A refusal with its reason, or a fault.
#[derive(Debug)]
pub enum Refused<E> {
    /// The caller's doing: a documented error.
    Because(E),
    /// Not the caller's doing.
    Fault(Fault),
}

impl<E> Refused<E> {
    /// The same with another type of reason.
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Refused<F> {
        match self {
            Self::Because(reason) => Refused::Because(f(reason)),
            Self::Fault(fault) => Refused::Fault(fault),
        }
    }
}

impl<E> From<StoreError> for Refused<E> {
    fn from(error: StoreError) -> Self {
        Self::Fault(Fault::Store(error))
    }
}

impl<E> From<Fault> for Refused<E> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl TxError for Fault {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::NeedsWrite | Self::NeedsContent => None,
        }
    }
}

impl<E: Send + 'static> TxError for Refused<E> {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Fault(fault) => fault.as_store(),
            Self::Because(_) => None,
        }
    }
}
