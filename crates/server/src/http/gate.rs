//! Which requests are still accepted, and how many are in progress.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::watch;

/// The phases of a server's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Everything is accepted.
    Serving,
    /// New requests are refused; accepted ones are answered.
    Draining,
    /// Connections are closed as soon as they are idle.
    Closing,
}

/// Admits requests.
#[derive(Debug)]
pub struct Gate {
    phase: watch::Sender<Phase>,
    inside: AtomicUsize,
}

/// An admitted request, until it is answered.
#[derive(Debug)]
pub struct Admission(Arc<Gate>);

impl Drop for Admission {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            phase: watch::Sender::new(Phase::Serving),
            inside: AtomicUsize::new(0),
        }
    }
}

impl Gate {
    /// Admits a request; `None` when no more are accepted.
    pub fn enter(self: &Arc<Self>) -> Option<Admission> {
        // Counted first, so that a concurrent shutdown is either seen here or sees this request.
        self.inside.fetch_add(1, Ordering::SeqCst);
        let admission = Admission(Arc::clone(self));
        (*self.phase.borrow() == Phase::Serving).then_some(admission)
    }

    /// Moves on to another phase.
    pub fn set(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    /// Waits for this phase, or a later one.
    pub async fn reached(&self, phase: Phase) {
        let mut changes = self.phase.subscribe();
        // This gate owns the sender, so waiting ends only with the phase.
        drop(changes.wait_for(|now| *now >= phase).await);
    }

    /// Requests in progress.
    #[must_use]
    pub fn inside(&self) -> usize {
        self.inside.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_until_they_are_answered_and_refused_after_the_end() {
        let gate = Arc::new(Gate::default());
        let (first, second) = (gate.enter(), gate.enter());
        assert!(first.is_some() && second.is_some());
        drop(first);
        assert_eq!(gate.inside(), 1);
        gate.set(Phase::Draining);
        assert!(gate.enter().is_none());
        assert_eq!(gate.inside(), 1);
        drop(second);
        assert_eq!(gate.inside(), 0);
    }
}
