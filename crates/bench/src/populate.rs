//! Fills portals with many rows, by statements that generate their rows within the database: ten million messages take a
//! minute. They write what the program itself would have written; the test recounts it.

use anyhow::{Context, Result};
use readmark_app::{
    portal,
    webhook::{self, NewWebhook},
};
use readmark_model::{
    ChatId, ChatKind, MessageKind, PortalInfo, Role, Scopes, SecretHash, Seq, Timestamp, UserId,
    chat::{Entity, Tail},
};
use readmark_store::{Settings, Store, StoreError, Tx, tx::Param};
use readmark_testkit::rows::{
    chat::{self, NewChat},
    import, member, message,
};

use crate::request::SECRET;

/// When everything happened: 2026-01-01T00:00:00Z. Messages are one millisecond apart.
pub(crate) const START: i64 = 1_767_225_600_000;

/// Messages per transaction.
const SLICE: i64 = 500_000;

/// People with ids from `?1` to `?2`.
const PEOPLE: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(?1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ?2) \
     INSERT INTO users (kind, active, admin, extranet, hide_receipts, name, last_name, email, work_position, gender, \
     birthday, color, avatar, external_auth_id, status, time_zone, departments, profile, registered_at, updated_at) \
     SELECT 0, 1, CASE WHEN i = 1 THEN 1 ELSE 0 END, 0, 0, 'Person', CAST(i AS TEXT), '', 'Clerk', '', '', '#df532d', '', \
     'default', 'online', '', '1', '{}', ?3, ?3 FROM n";

/// Members of chat `?1` with ids from `?2` to `?3`, of role `?4`, who have read and viewed up to `?5`.
const MEMBERS: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(?2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ?3) \
     INSERT INTO members (user_id, chat_id, role, joined_at, visible_from_seq, cursor_seq, viewed_seq, marked_seq, \
     unread_flag, muted, changed_at, own_seq) SELECT i, ?1, ?4, ?6, 1, ?5, ?5, 0, 0, 0, ?6, (SELECT c.last_seq FROM chats c \
     WHERE c.id = ?1) FROM n";

/// The views of those members.
const VIEWS: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(?2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ?3) \
     INSERT INTO views (chat_id, user_id, to_seq, from_seq, viewed_at) SELECT ?1, i, ?4, 1, ?5 FROM n";

/// Member `?2` of chat `?1` wrote the messages up to `?3`.
const WROTE: &str = "UPDATE members SET own_seq = ?3 WHERE chat_id = ?1 AND user_id = ?2";

/// Messages `?2` to `?3` of chat `?1` by author `?4`.
const MESSAGES: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(?2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ?3) \
     INSERT INTO messages (chat_id, seq, author_id, kind, deleted, created_at, text, params) \
     SELECT ?1, i, ?4, ?5, 0, ?6 + i, 'Shall we meet at noon, or rather later?', '{}' FROM n";

/// Members of a chat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    /// The first user's id.
    pub(crate) first: i64,
    /// The last user's id.
    pub(crate) last: i64,
    /// The seq up to which they have read and viewed.
    pub(crate) read: i64,
}

/// A portal that is being filled.
pub(crate) struct Filling {
    pub(crate) store: Store,
}

impl Filling {
    /// Opens a new store and writes the portal's row.
    pub(crate) fn begin(settings: &Settings) -> Result<Self> {
        Self::begin_at(settings, "bench", "localhost")
    }

    /// The same for a portal with another name and host.
    pub(crate) fn begin_at(settings: &Settings, name: &str, host: &str) -> Result<Self> {
        let store = Store::open(settings)?;
        let row = PortalInfo {
            name: name.to_owned(),
            host: host.to_owned(),
            member_id: "0123456789abcdef0123456789abcdef".to_owned(),
            time_zone: "UTC".to_owned(),
            created_at: Timestamp(START),
        };
        store.write(move |tx| portal::create(tx, &row))?;
        Ok(Self { store })
    }

    /// Adds people; the very first is the administrator.
    pub(crate) fn people(&self, first: i64, last: i64) -> Result<()> {
        self.run(PEOPLE, vec![first, last, START])
    }

    /// Gives users a webhook, all with the same secret.
    pub(crate) fn webhooks(&self, first: i64, last: i64) -> Result<()> {
        let hash = SecretHash::of(SECRET);
        self.write(move |tx| {
            for user in first..=last {
                let new = NewWebhook {
                    user: UserId(user),
                    scopes: Scopes::all(),
                    title: "bench",
                    expires_at: None,
                };
                let made = webhook::register(tx, &new, &hash, Timestamp(START))?;
                made.map_err(|_| StoreError::Decode("nobody who could have a webhook"))?;
            }
            Ok(())
        })
    }

    /// Creates chats with consecutive ids and returns the first id.
    pub(crate) fn chats(&self, count: i64, owner: i64) -> Result<i64> {
        let first = self.store.write(move |tx| {
            let mut first = None;
            for _ in 0..count {
                let made = chat::insert(
                    tx,
                    &NewChat {
                        kind: ChatKind::Group,
                        title: "Harbour office",
                        description: "",
                        color: "#df532d",
                        avatar: "",
                        owner: UserId(owner),
                        pair: None,
                        entity: &Entity::default(),
                        now: Timestamp(START),
                    },
                )?;
                first = first.or(made);
            }
            Ok::<_, StoreError>(first)
        })?;
        Ok(first.context("no chat was made")?.get())
    }

    /// Adds members to a chat.
    pub(crate) fn members(&self, chat: i64, crowd: Crowd) -> Result<()> {
        self.write(move |tx| {
            let Crowd { first, last, read } = crowd;
            let role = Role::Member.code();
            execute(tx, MEMBERS, &[chat, first, last, role, read, START])?;
            if read > 0 {
                execute(tx, VIEWS, &[chat, first, last, read, START + read])?;
            }
            let owner = chat::find(tx, ChatId(chat))?.map(|found| found.owner);
            if let Some(owner) = owner.filter(|owner| (first..=last).contains(&owner.get())) {
                member::update_role(tx, ChatId(chat), owner, Role::Owner, Timestamp(START))?;
            }
            chat::count_members(tx, ChatId(chat), last - first + 1, 0)
        })
    }

    /// Adds the first `count` messages of a chat. Their ids continue from the messages added before.
    pub(crate) fn messages(
        &self,
        chat: i64,
        author: i64,
        count: i64,
        mut each_slice: impl FnMut(i64),
    ) -> Result<()> {
        let kind = MessageKind::Post.code();
        let mut done = 0;
        while done < count {
            let to = count.min(done + SLICE);
            self.run(MESSAGES, vec![chat, done + 1, to, author, kind, START])?;
            each_slice(to - done);
            done = to;
        }
        self.write(move |tx| {
            let last = message::find_by_seq(tx, ChatId(chat), Seq(count))?
                .ok_or(StoreError::Decode("the last message is missing"))?;
            let tail = Tail {
                last_seq: last.seq,
                last_post_seq: last.seq,
                last_message: last.id,
                last_message_seq: last.seq,
                last_activity_at: last.created_at,
            };
            import::update_tail(tx, ChatId(chat), &tail, count)?;
            execute(tx, WROTE, &[chat, author, count])
        })
    }

    fn run(&self, sql: &'static str, values: Vec<i64>) -> Result<()> {
        self.write(move |tx| execute(tx, sql, &values))
    }

    pub(crate) fn write(
        &self,
        mut f: impl FnMut(&mut dyn Tx) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<()> {
        Ok(self.store.write(move |tx| f(tx))?)
    }
}

/// Runs a statement with integer parameters.
pub(crate) fn execute(
    tx: &mut dyn Tx,
    sql: &'static str,
    values: &[i64],
) -> Result<(), StoreError> {
    let values: Vec<Param<'_>> = values.iter().map(|value| Param::from(*value)).collect();
    tx.execute(sql, &values).map(drop)
}

#[cfg(test)]
mod tests {
    use readmark_app::verify::{Check, verify};
    use readmark_store::HotMemory;
    use readmark_testkit::postgres_server::PostgresServer;

    use super::*;

    #[test]
    fn what_is_generated_is_what_the_program_would_have_written() {
        let folder = tempfile::tempdir().unwrap();
        let sqlite = Settings::Sqlite {
            path: folder.path().join("portal.db"),
            readers: 1,
            memory: HotMemory::default(),
        };
        for settings in [sqlite, PostgresServer::shared_settings(1)] {
            let filling = Filling::begin(&settings).unwrap();
            filling.people(1, 9).unwrap();
            filling.webhooks(1, 3).unwrap();
            let first = filling.chats(2, 5).unwrap();
            for chat in first..first + 2 {
                let crowd = |first, last, read| Crowd { first, last, read };
                filling.members(chat, crowd(1, 5, 0)).unwrap();
                filling.members(chat, crowd(6, 9, 12)).unwrap();
                filling.messages(chat, 5, 20, |_| {}).unwrap();
            }
            let report = filling.store.read(|tx| verify(tx, &mut |_, _| {})).unwrap();
            // Nothing is searched for: messages, people and chats are left out of the indexes of words.
            let drift: Vec<_> = report
                .drift
                .iter()
                .filter(|drift| {
                    !matches!(
                        drift.check,
                        Check::Words | Check::UserWords | Check::ChatWords
                    )
                })
                .collect();
            assert!(drift.is_empty(), "{drift:?}");
            assert_eq!((report.messages, report.members), (40, 18));
        }
    }
}
