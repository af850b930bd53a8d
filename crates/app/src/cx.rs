//! What every use case works with.

use readmark_model::{Caller, Event, Timestamp, UserId};
use readmark_store::Tx;

/// A source of random bytes: a parameter, so that tests can repeat themselves.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// Settings of a portal that change what operations do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The caps of the original (rule R18); off by default.
    pub compat_caps: bool,
    /// For how long an author may change or delete a message, in milliseconds; `None` for ever.
    pub edit_period: Option<i64>,
}

impl Rules {
    /// Where a chat's counter stops with the caps of rule R18.
    pub const CAPPED_COUNTER: i64 = 100;
    /// Of how many chats totals are made with the caps of rule R18.
    pub const CAPPED_CHATS: usize = 1000;
    /// Of how many messages one read records views with the caps of rule R18.
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

/// The context of one operation: its transaction, who calls, and when.
pub struct Cx<'a> {
    /// The open transaction.
    pub tx: &'a mut dyn Tx,
    /// Whether the transaction may write.
    pub writable: bool,
    /// Who calls; for a bot's operation the bot acts, see [`Cx::act_as`].
    pub caller: &'a Caller,
    /// On whose behalf: the caller's user, or a bot of the caller.
    pub user: UserId,
    /// Now.
    pub now: Timestamp,
    /// Random bytes.
    pub random: &'a dyn Random,
    /// The portal's settings.
    pub rules: Rules,
    /// What happened so far, see [`Cx::record`].
    pub events: Vec<Event>,
}

impl Cx<'_> {
    /// Records what happened. Whoever runs the use case hands it to the consumers: to those that keep rows of it before the
    /// commit, to the others by [`Bus`](crate::bus::Bus) after it (rule R16). Writes nothing itself.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Whether the one who acts comes from outside and sees only users and chats that are shared. Bots belong to the portal.
    #[must_use]
    pub fn is_extranet(&self) -> bool {
        self.caller.extranet && !self.acts_as_bot()
    }

    /// Whether a bot of the caller acts.
    #[must_use]
    pub fn acts_as_bot(&self) -> bool {
        self.user != self.caller.user
    }

    /// Goes on as another user: a bot of the caller.
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
