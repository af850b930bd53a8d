//! Which requests are still accepted, and how many are being answered.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::watch;

/// What the server is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Everything is accepted.
    Serving,
    /// New requests are refused, those that were accepted are answered.
    Draining,
    /// Connections are closed as soon as they are idle.
    Closing,
}

/// Lets requests in, or not.
#[derive(Debug)]
pub struct Gate {
    phase: watch::Sender<Phase>,
    inside: AtomicUsize,
}

/// A request that was let in, until it is answered.
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
    /// Lets a request in; `None` when no more are accepted.
    pub fn enter(self: &Arc<Self>) -> Option<Admission> {
        // Counted first, so that whoever ends the serving either sees it or is seen by it.
        self.inside.fetch_add(1, Ordering::SeqCst);
        let admission = Admission(Arc::clone(self));
        (*self.phase.borrow() == Phase::Serving).then_some(admission)
    }

    /// Goes on to another phase.
    pub fn set(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    /// Waits until this phase, or a later one, has come.
    pub async fn reached(&self, phase: Phase) {
        let mut changes = self.phase.subscribe();
        // The sender is this very gate, so that waiting ends only with the phase.
        drop(changes.wait_for(|now| *now >= phase).await);
    }

    /// How many requests are being answered.
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
