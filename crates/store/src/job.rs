//! Closures waiting for their transaction.

use crate::{error::StoreError, tx::Tx};

/// The error of a closure that runs in a transaction: a [`StoreError`], or one that can contain it.
pub trait TxError: From<StoreError> + Send + 'static {
    /// The store's error in it, by which a lost race is told from a refusal.
    fn as_store(&self) -> Option<&StoreError>;
}

impl TxError for StoreError {
    fn as_store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// What to do with a job's transaction.
#[derive(Debug)]
pub enum Verdict {
    /// Keep the changes.
    Commit,
    /// Undo the changes: the closure refused.
    Rollback,
    /// Undo the changes, then run again: the closure lost a race.
    Retry,
}

/// One queued transaction, with its types erased.
pub trait Job: Send {
    /// Runs the closure.
    fn run(&mut self, tx: &mut dyn Tx) -> Verdict;
    /// Answers the caller. `Ok` once the transaction is durable, or undone as the job wanted; `Err` when the store failed.
    fn finish(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// A job that runs a closure and passes its result on.
pub(crate) struct ClosureJob<F, D, T, E> {
    f: F,
    done: Option<D>,
    result: Option<Result<T, E>>,
}

impl<F, D, T, E> ClosureJob<F, D, T, E> {
    /// Runs `f`, and calls `done` with its result when the transaction is over.
    pub(crate) const fn new(f: F, done: D) -> Self {
        Self {
            f,
            done: Some(done),
            result: None,
        }
    }
}

impl<F, D, T, E> Job for ClosureJob<F, D, T, E>
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    D: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: TxError,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Verdict {
        // What an earlier run left goes before anything new is made.
        self.result = None;
        let result = (self.f)(tx);
        let verdict = match &result {
            Ok(_) => Verdict::Commit,
            Err(error) if matches!(error.as_store(), Some(StoreError::Retry(_))) => Verdict::Retry,
            Err(_) => Verdict::Rollback,
        };
        self.result = Some(result);
        verdict
    }

    fn finish(mut self: Box<Self>, outcome: Result<(), StoreError>) {
        let Some(done) = self.done.take() else { return };
        done(match (outcome, self.result.take()) {
            (Ok(()), Some(result)) => result,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => {
                Err(StoreError::Unavailable("the transaction was not run".into()).into())
            }
        });
    }
}
