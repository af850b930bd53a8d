//! Publishes events to in-process subscribers once they are durable.
//!
//! The runner of a use case stages its events at the end of the transaction, which fixes their place in the order, and
//! publishes them when the commit is durable. Places are taken while the transaction still holds its locks: of two that
//! changed the same thing, the one that commits first has the earlier place. So a subscriber sees counters and cursors in
//! commit order (rule R14), even with concurrent writers.
//!
//! When the connection to the database is lost during a commit, its outcome is unknown: the caller gets an error, and nothing
//! is published.

use std::{
    collections::VecDeque,
    fmt, mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
};

use readmark_model::Event;

/// How many commits a subscriber may be behind before it is dropped.
pub const BACKLOG: usize = 4096;

/// The events of one commit, in the order in which they happened; never empty.
pub type Commit = Arc<[Event]>;

/// Hands the events of each commit to every subscriber.
#[derive(Default)]
pub struct Bus {
    queue: Arc<Mutex<Queue>>,
}

/// The events of a transaction that is about to commit. They hold back those of later transactions until they are published,
/// or dropped because the transaction failed.
#[must_use = "dropped events are never published"]
pub struct Staged {
    events: Vec<Event>,
    /// Their place in the queue; `None` without events.
    place: Option<(Arc<Mutex<Queue>>, u64)>,
}

#[derive(Default)]
struct Queue {
    /// The place of the first entry.
    first: u64,
    entries: VecDeque<Entry>,
    subscribers: Vec<Subscriber>,
}

enum Entry {
    /// The transaction has not ended yet.
    Open,
    /// To be published once it is first.
    Durable(Vec<Event>),
    /// The transaction failed.
    Dropped,
}

enum Subscriber {
    Channel(SyncSender<Commit>),
    Callback(Box<dyn Fn(&Commit) + Send>),
}

impl Bus {
    /// Receives every commit that is published from now on. Publishing never waits: a subscriber that is [`BACKLOG`] commits
    /// behind is dropped, sees its channel close after what it was sent, and must reload the state.
    #[must_use]
    pub fn subscribe(&self) -> Receiver<Commit> {
        let (sender, receiver) = sync_channel(BACKLOG);
        lock(&self.queue)
            .subscribers
            .push(Subscriber::Channel(sender));
        receiver
    }

    /// Calls `callback` with every commit that is published from now on, on the thread that publishes: it must neither block
    /// nor use the bus.
    pub fn listen(&self, callback: impl Fn(&Commit) + Send + 'static) {
        lock(&self.queue)
            .subscribers
            .push(Subscriber::Callback(Box::new(callback)));
    }

    /// Takes a place for the events of a transaction: after its last statement, before its commit.
    pub fn stage(&self, events: Vec<Event>) -> Staged {
        let place = (!events.is_empty()).then(|| {
            let mut queue = lock(&self.queue);
            let place = queue.first + queue.entries.len() as u64;
            queue.entries.push_back(Entry::Open);
            (Arc::clone(&self.queue), place)
        });
        Staged { events, place }
    }
}

impl Staged {
    /// Publishes the events, now that they are durable: at once, or as soon as all earlier places are settled.
    pub fn publish(mut self) {
        let events = mem::take(&mut self.events);
        self.settle(Entry::Durable(events));
    }

    fn settle(&mut self, outcome: Entry) {
        if let Some((queue, place)) = self.place.take() {
            lock(&queue).settle(place, outcome);
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        self.settle(Entry::Dropped);
    }
}

impl Queue {
    /// Records the outcome of a place, and publishes everything that waited only for it.
    fn settle(&mut self, place: u64, outcome: Entry) {
        let index = usize::try_from(place - self.first).ok();
        if let Some(entry) = index.and_then(|index| self.entries.get_mut(index)) {
            *entry = outcome;
        }
        while let Some(Entry::Durable(_) | Entry::Dropped) = self.entries.front() {
            let entry = self.entries.pop_front();
            self.first += 1;
            if let Some(Entry::Durable(events)) = entry
                && !self.subscribers.is_empty()
            {
                self.publish(&events.into());
            }
        }
    }

    fn publish(&mut self, commit: &Commit) {
        self.subscribers.retain(|subscriber| match subscriber {
            Subscriber::Channel(sender) => match sender.try_send(Arc::clone(commit)) {
                Ok(()) => true,
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
            },
            Subscriber::Callback(callback) => {
                callback(commit);
                true
            }
        });
    }
}

/// Ignores poisoning: every change leaves the queue consistent, even when a callback panics.
fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").finish_non_exhaustive()
    }
}

impl fmt::Debug for Staged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Staged")
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::TryRecvError;

    use readmark_model::UserId;

    use super::*;

    fn event(user: i64) -> Event {
        Event::UserUpdated { user: UserId(user) }
    }

    fn received(receiver: &Receiver<Commit>) -> Vec<Vec<Event>> {
        receiver.try_iter().map(|commit| commit.to_vec()).collect()
    }

    #[test]
    fn a_subscriber_gets_each_commit_that_is_published_from_then_on() {
        let bus = Bus::default();
        bus.stage(vec![event(1)]).publish();
        let receiver = bus.subscribe();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = Arc::clone(&heard);
        bus.listen(move |commit| hears.lock().unwrap().push(commit.to_vec()));
        bus.stage(vec![event(2), event(3)]).publish();
        bus.stage(Vec::new()).publish();
        bus.stage(vec![event(4)]).publish();
        let expected = [vec![event(2), event(3)], vec![event(4)]];
        assert_eq!(received(&receiver), expected);
        assert_eq!(*heard.lock().unwrap(), expected);
    }

    #[test]
    fn r14_commits_are_published_in_the_order_in_which_they_were_staged() {
        let bus = Bus::default();
        let receiver = bus.subscribe();
        let [first, second, third] = [1, 2, 3].map(|user| bus.stage(vec![event(user)]));
        third.publish();
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
        first.publish();
        assert_eq!(received(&receiver), [[event(1)]]);
        let fourth = bus.stage(vec![event(4)]);
        second.publish();
        assert_eq!(received(&receiver), [[event(2)], [event(3)]]);
        fourth.publish();
        assert_eq!(received(&receiver), [[event(4)]]);
    }

    #[test]
    fn r16_what_came_to_nothing_is_never_published_and_holds_nothing_back() {
        let bus = Bus::default();
        let receiver = bus.subscribe();
        let [undone, kept, late] = [1, 2, 3].map(|user| bus.stage(vec![event(user)]));
        kept.publish();
        drop(undone);
        assert_eq!(received(&receiver), [[event(2)]]);
        drop(late);
        bus.stage(vec![event(4)]).publish();
        assert_eq!(received(&receiver), [[event(4)]]);
    }

    #[test]
    fn a_subscriber_that_does_not_keep_up_is_dropped_and_the_others_go_on() {
        let bus = Bus::default();
        let (slow, quick) = (bus.subscribe(), bus.subscribe());
        for _ in 0..=BACKLOG {
            bus.stage(vec![event(1)]).publish();
            assert_eq!(*quick.recv().unwrap(), [event(1)]);
        }
        assert_eq!(slow.iter().count(), BACKLOG);
    }
}
