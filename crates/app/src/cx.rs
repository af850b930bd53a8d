//! The context of use cases.

use readmark_model::{Caller, Event, Timestamp, UserId};
use readmark_store::Tx;

/// A source of random bytes: a parameter, so that tests are reproducible.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// Settings of a portal that change the behaviour of operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The caps of the original (rule R18); off by default.
    pub compat_caps: bool,
    /// How long an author may change or delete a message, in milliseconds; `None` for no limit.
    pub edit_period: Option<i64>,
}

impl Rules {
    /// Where a chat's counter stops with the caps of rule R18.
    pub const CAPPED_COUNTER: i64 = 100;
    /// How many chats count into totals with the caps of rule R18.
    pub const CAPPED_CHATS: usize = 1000;
    /// How many messages one read records views of with the caps of rule R18.
    pub const CAPPED_VIEWS: i64 = 100;

    /// A counter as shown.
    #[must_use]
    pub fn cap(self, counter: i64) -> i64 {
        if self.compat_caps {
            counter.min(Self::CAPPED_COUNTER)
        } else {
            counter
        }
    }
}

/// The context of one operation: its transaction, caller and time.
pub struct Cx<'a> {
    /// The open transaction.
    pub tx: &'a mut dyn Tx,
    /// Whether the transaction may write.
    pub writable: bool,
    /// The caller. In a bot's operation the bot is the acting user, see [`Cx::act_as`].
    pub caller: &'a Caller,
    /// The acting user: the caller's user, or a bot of the caller.
    pub user: UserId,
    /// Now.
    pub now: Timestamp,
    /// Random bytes.
    pub random: &'a dyn Random,
    /// The portal's settings.
    pub rules: Rules,
    /// The events so far, see [`Cx::record`].
    pub events: Vec<Event>,
}

impl Cx<'_> {
    /// Records an event. The runner of the use case passes it to the consumers: before the commit to those that store rows,
    /// after it to the others by [`Bus`](crate::bus::Bus) (rule R16). Writes nothing itself.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Whether the acting user is an extranet user, who sees only shared users and chats. Bots belong to the portal.
    #[must_use]
    pub fn is_extranet(&self) -> bool {
        self.caller.extranet && !self.acts_as_bot()
    }

    /// Whether the acting user is a bot of the caller.
    #[must_use]
    pub fn acts_as_bot(&self) -> bool {
        self.user != self.caller.user
    }

    /// Makes a bot of the caller the acting user.
    pub fn act_as(&mut self, user: UserId) {
        self.user = user;
    }

    /// A random token: 32 hexadecimal digits.
    #[must_use]
    pub fn token(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.random.fill(&mut bytes);
        hex::encode(bytes)
    }

    /// A random UUID of version 4.
    #[must_use]
    pub fn uuid(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.random.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }
}
