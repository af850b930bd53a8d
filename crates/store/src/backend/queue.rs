//! A bounded queue between callers and the threads of a store.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Jobs that wait for a thread, in the order of their arrival.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
    closed: Condvar,
    capacity: usize,
}

struct State<T> {
    waiting: VecDeque<Waiting<T>>,
    idle: usize,
    closed: bool,
}

/// A queued item and the time of its arrival.
pub(super) struct Waiting<T> {
    pub(super) item: T,
    pub(super) since: Instant,
}

/// Why an item was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// As many items as the queue may hold are waiting.
    Full,
    /// The queue was closed.
    Closed,
}

impl<T> Queue<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                idle: 0,
                closed: false,
            }),
            arrived: Condvar::new(),
            closed: Condvar::new(),
            capacity,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code of ours can panic while it holds the lock, and the state is consistent at any time.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends an item, or gives it back.
    pub(super) fn push(&self, item: T) -> Result<(), (T, Refused)> {
        let mut state = self.lock();
        if state.closed {
            return Err((item, Refused::Closed));
        }
        if state.waiting.len() >= self.capacity {
            return Err((item, Refused::Full));
        }
        state.waiting.push_back(Waiting {
            item,
            since: Instant::now(),
        });
        let wake = state.idle > 0;
        drop(state);
        if wake {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// The oldest item; waits for one. `None` once the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<Waiting<T>> {
        let mut state = self.lock();
        loop {
            if let Some(next) = state.waiting.pop_front() {
                return Some(next);
            }
            if state.closed {
                return None;
            }
            state.idle += 1;
            state = self
                .arrived
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    /// The oldest item, if there is one now.
    pub(super) fn try_pop(&self) -> Option<Waiting<T>> {
        self.lock().waiting.pop_front()
    }

    /// Takes out all items that have waited for `age` or longer.
    pub(super) fn take_older_than(&self, age: Duration) -> Vec<Waiting<T>> {
        let mut state = self.lock();
        let fresh = state
            .waiting
            .iter()
            .position(|waiting| waiting.since.elapsed() < age);
        let old = fresh.unwrap_or(state.waiting.len());
        state.waiting.drain(..old).collect()
    }

    /// Accepts no more items; the threads end when those accepted are done.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
        self.closed.notify_all();
    }

    /// Waits until the queue is closed, at most for `limit`, and tells whether it is.
    pub(super) fn wait_closed(&self, limit: Duration) -> bool {
        let state = self.lock();
        let waited = self
            .closed
            .wait_timeout_while(state, limit, |state| !state.closed);
        waited.unwrap_or_else(PoisonError::into_inner).0.closed
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;

    #[test]
    fn items_leave_in_the_order_of_arrival() {
        let queue = Queue::new(3);
        for item in 1..=3 {
            queue.push(item).unwrap();
        }
        assert_eq!(queue.push(4).unwrap_err(), (4, Refused::Full));
        assert_eq!(queue.pop().unwrap().item, 1);
        assert_eq!(queue.try_pop().unwrap().item, 2);
        queue.push(4).unwrap();
        queue.close();
        assert_eq!(queue.push(5).unwrap_err(), (5, Refused::Closed));
        assert_eq!(queue.pop().unwrap().item, 3);
        assert_eq!(queue.pop().unwrap().item, 4);
        assert!(queue.pop().is_none());
    }

    #[test]
    fn closing_wakes_every_waiting_thread() {
        let queue = Arc::new(Queue::<u8>::new(1));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || queue.pop().is_none())
            })
            .collect();
        assert!(!queue.wait_closed(Duration::from_millis(20)));
        queue.close();
        assert!(queue.wait_closed(Duration::from_secs(60)));
        for thread in threads {
            assert!(thread.join().unwrap());
        }
    }

    #[test]
    fn only_old_items_are_taken_out() {
        let queue = Queue::new(4);
        queue.push("old").unwrap();
        thread::sleep(Duration::from_millis(60));
        queue.push("new").unwrap();
        let old = queue.take_older_than(Duration::from_millis(50));
        assert_eq!(
            old.iter().map(|waiting| waiting.item).collect::<Vec<_>>(),
            ["old"]
        );
        assert_eq!(queue.pop().unwrap().item, "new");
    }
}
