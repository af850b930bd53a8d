//! What both adapters do with a job: run it, decide about its transaction, and answer it.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{
    backend::queue::{Queue, Refused},
    error::StoreError,
    job::{Job, Verdict},
    tx::Tx,
};

/// Why a transaction cannot be committed: its first statement that failed.
///
/// PostgreSQL undoes the whole transaction then. SQLite would go on, but both refuse further statements, so that code
/// that works on one store works on the other.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// It lost a race and may be run again.
    Race(String),
    /// The connection is gone.
    Lost(String),
    /// The database refused the statement.
    Refused(String),
}

impl Failure {
    pub(super) fn of(error: &StoreError) -> Self {
        match error {
            StoreError::Retry(text) => Self::Race(text.clone()),
            StoreError::Unavailable(text) => Self::Lost(text.clone()),
            other => Self::Refused(other.to_string()),
        }
    }

    /// The error of every further statement of the same transaction.
    pub(super) fn repeated(&self) -> StoreError {
        match self {
            Self::Race(text) => StoreError::Retry(text.clone()),
            Self::Lost(text) => StoreError::Unavailable(text.clone()),
            Self::Refused(text) => StoreError::Database(format!(
                "an earlier statement of this transaction failed: {text}"
            )),
        }
    }
}

/// What to do with a transaction after its closure has run.
#[derive(Debug)]
pub(super) enum Fate {
    /// Commit it.
    Keep,
    /// Undo it and answer this.
    Undo(Result<(), StoreError>),
    /// Undo it and run it again.
    Again(String),
}

/// Runs a job's closure; `Err` is the text of its panic.
pub(super) fn run(job: &mut dyn Job, tx: &mut dyn Tx) -> Result<Verdict, String> {
    // A closure that panicked is never run again, and its transaction is undone, so that nothing half-done becomes visible.
    catch_unwind(AssertUnwindSafe(|| job.run(tx))).map_err(|payload| panic_text(&*payload))
}

pub(super) fn fate(ran: Result<Verdict, String>, failure: Option<Failure>) -> Fate {
    match (ran, failure) {
        (Err(panic), _) => Fate::Undo(Err(StoreError::Database(format!(
            "a transaction panicked: {panic}"
        )))),
        (Ok(_), Some(Failure::Race(text))) => Fate::Again(text),
        (Ok(Verdict::Commit), Some(Failure::Lost(text))) => {
            Fate::Undo(Err(StoreError::Unavailable(text)))
        }
        (Ok(Verdict::Commit), Some(Failure::Refused(text))) => {
            Fate::Undo(Err(StoreError::Database(format!(
                "a transaction went on after a failed statement, so it was undone: {text}"
            ))))
        }
        (Ok(Verdict::Commit), None) => Fate::Keep,
        (Ok(Verdict::Rollback), _) => Fate::Undo(Ok(())),
        (Ok(Verdict::Retry), _) => Fate::Again("the transaction asked to be run again".to_owned()),
    }
}

/// The answer to a job that lost too many races.
pub(super) fn gave_up(attempts: u32, reason: &str) -> StoreError {
    StoreError::Unavailable(format!("gave up after {attempts} attempts: {reason}"))
}

/// Answers a job. A panic in the caller's code must not end the store's thread.
pub(super) fn answer(job: Box<dyn Job>, outcome: Result<(), StoreError>) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| job.finish(outcome))) {
        tracing::error!(
            "a callback panicked after its transaction: {}",
            panic_text(&*payload)
        );
    }
}

/// Queues an item, or answers its job that the store is overloaded or closed.
pub(super) fn submit<T>(queue: &Queue<T>, item: T, job_of: impl FnOnce(T) -> Box<dyn Job>) {
    if let Err((item, refused)) = queue.push(item) {
        let text = match refused {
            Refused::Full => "too many transactions are waiting",
            Refused::Closed => "the store is closed",
        };
        answer(job_of(item), Err(StoreError::Unavailable(text.to_owned())));
    }
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no text").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Option<Failure> {
        Some(Failure::of(&StoreError::Conflict("taken".into())))
    }

    #[test]
    fn only_an_unspoilt_transaction_is_kept() {
        assert!(matches!(fate(Ok(Verdict::Commit), None), Fate::Keep));
        assert!(matches!(
            fate(Ok(Verdict::Commit), refused()),
            Fate::Undo(Err(StoreError::Database(_)))
        ));
        assert!(matches!(
            fate(Ok(Verdict::Rollback), refused()),
            Fate::Undo(Ok(()))
        ));
        assert!(matches!(fate(Ok(Verdict::Retry), None), Fate::Again(_)));
    }

    #[test]
    fn a_lost_race_is_run_again_whatever_the_closure_made_of_it() {
        for verdict in [Verdict::Commit, Verdict::Rollback, Verdict::Retry] {
            let failure = Some(Failure::of(&StoreError::Retry("deadlock".into())));
            assert!(matches!(fate(Ok(verdict), failure), Fate::Again(_)));
        }
    }

    #[test]
    fn a_panic_is_never_run_again() {
        let failure = Some(Failure::of(&StoreError::Retry("deadlock".into())));
        assert!(matches!(
            fate(Err("oops".into()), failure),
            Fate::Undo(Err(StoreError::Database(_)))
        ));
    }
}
