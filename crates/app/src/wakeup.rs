//! Waking the workers that process rows of the database.

use std::{
    fmt,
    sync::{PoisonError, RwLock},
};

/// A hint that there is work to do; it carries no data and is not stored. Listeners look up the work in the database, and
/// also poll now and then.
#[derive(Default)]
pub struct Wakeup {
    listeners: RwLock<Vec<Box<dyn Fn() + Send + Sync>>>,
}

impl Wakeup {
    /// Calls `listener` on every wake-up, on the waking thread: it must not block.
    pub fn listen(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.listeners
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::new(listener));
    }

    /// Wakes all listeners.
    pub fn wake(&self) {
        let listeners = self
            .listeners
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        listeners.iter().for_each(|listener| listener());
    }
}

impl fmt::Debug for Wakeup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wakeup").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[test]
    fn everybody_who_listens_is_woken_each_time_from_then_on() {
        let wakeup = Wakeup::default();
        wakeup.wake();
        let counts = [Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0))];
        for count in counts.clone() {
            wakeup.listen(move || {
                count.fetch_add(1, Ordering::Relaxed);
            });
            wakeup.wake();
        }
        assert_eq!(counts.map(|count| count.load(Ordering::Relaxed)), [2, 1]);
    }
}
