//! What happened, published inside the process after the commit.

use std::{
    fmt,
    sync::{
        Mutex, PoisonError, RwLock,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
};

use readmark_model::Event;

/// How many events a subscriber may be behind before it is dropped.
const BACKLOG: usize = 4096;

/// Hands events to subscribers, in the order in which the store answers: on PostgreSQL two calls that commit at the same time may
/// be published the other way round, so who needs the order of commits reads the outbox. Publishing never waits: a subscriber that is too far behind is dropped, sees its channel
/// close and must catch up from the outbox.
#[derive(Default)]
pub struct Bus {
    subscribers: Mutex<Vec<SyncSender<Event>>>,
    listeners: RwLock<Vec<Listener>>,
}

type Listener = Box<dyn Fn(&[Event]) + Send + Sync>;

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus")
            .field("subscribers", &self.subscribers)
            .finish_non_exhaustive()
    }
}

impl Bus {
    /// Receives every event that is published from now on.
    #[must_use]
    pub fn subscribe(&self) -> Receiver<Event> {
        let (sender, receiver) = sync_channel(BACKLOG);
        self.subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sender);
        receiver
    }

    /// Calls `listener` with what is published from now on, on the thread that publishes: it must not wait, nor publish.
    pub fn listen(&self, listener: impl Fn(&[Event]) + Send + Sync + 'static) {
        self.listeners
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::new(listener));
    }

    /// Hands events to every listener and subscriber, in order.
    pub fn publish(&self, events: &[Event]) {
        if events.is_empty() {
            return;
        }
        let listeners = self
            .listeners
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        for listener in listeners.iter() {
            listener(events);
        }
        drop(listeners);
        let mut subscribers = self
            .subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| {
            events
                .iter()
                .all(|event| match subscriber.try_send(event.clone()) {
                    Ok(()) => true,
                    Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
                })
        });
    }
}

#[cfg(test)]
mod tests {
    use readmark_model::{EventKind, UserId};

    use super::*;

    #[test]
    fn a_listener_hears_what_is_published_from_then_on() {
        let bus = Bus::default();
        let event = |user| Event::of_user(EventKind::UserAdded, UserId(user));
        bus.publish(&[event(1)]);
        let heard = std::sync::Arc::new(Mutex::new(Vec::new()));
        let hears = std::sync::Arc::clone(&heard);
        bus.listen(move |events| hears.lock().unwrap().extend_from_slice(events));
        bus.publish(&[event(2), event(3)]);
        bus.publish(&[event(4)]);
        assert_eq!(*heard.lock().unwrap(), [event(2), event(3), event(4)]);
    }

    #[test]
    fn a_subscriber_that_does_not_keep_up_is_dropped_and_the_others_go_on() {
        let bus = Bus::default();
        let (slow, quick) = (bus.subscribe(), bus.subscribe());
        let event = Event::of_user(EventKind::UserAdded, UserId(1));
        for _ in 0..=BACKLOG {
            bus.publish(std::slice::from_ref(&event));
            assert_eq!(quick.recv().unwrap(), event);
        }
        assert_eq!(slow.iter().count(), BACKLOG);
    }
}
