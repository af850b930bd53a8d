//! Tables that facts are made of, and which of them a statement changes.

use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tables(u16);

impl Tables {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const USERS: Self = Self(1);
    pub(crate) const BOTS: Self = Self(1 << 1);
    pub(crate) const WEBHOOKS: Self = Self(1 << 2);
    pub(crate) const TOKENS: Self = Self(1 << 3);
    pub(crate) const CHATS: Self = Self(1 << 4);
    pub(crate) const MEMBERS: Self = Self(1 << 5);
    pub(crate) const MESSAGES: Self = Self(1 << 6);
    pub(crate) const UNCOUNTED: Self = Self(1 << 7);
    pub(crate) const NOTIFICATIONS: Self = Self(1 << 8);
    pub(crate) const RECENT_VIEWS: Self = Self(1 << 9);
    pub(crate) const ALL: Self = Self((1 << 10) - 1);

    /// Tables where a new row changes facts that are known: lists of rows, and rows with what another table adds to them. A new row
    /// of the others changes none, as it is not kept in memory that there was none.
    const LISTED: Self = Self::MEMBERS
        .and(Self::MESSAGES)
        .and(Self::BOTS)
        .and(Self::UNCOUNTED)
        .and(Self::NOTIFICATIONS)
        .and(Self::RECENT_VIEWS);

    /// Both sets together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is any.
    pub(crate) const fn is_any(self) -> bool {
        self.0 != 0
    }

    /// The table with this name.
    fn named(name: &str) -> Self {
        match name {
            "users" => Self::USERS,
            "bots" => Self::BOTS,
            "webhooks" => Self::WEBHOOKS,
            "tokens" => Self::TOKENS,
            "chats" => Self::CHATS,
            "members" => Self::MEMBERS,
            "messages" => Self::MESSAGES,
            "uncounted" => Self::UNCOUNTED,
            "notifications" => Self::NOTIFICATIONS,
            "recent_views" => Self::RECENT_VIEWS,
            _ => Self::NONE,
        }
    }

    /// The tables in which a statement that writes can change what is known. One that is neither `INSERT`, `UPDATE` nor `DELETE`
    /// can change everything.
    pub(crate) fn changed_by(sql: &str) -> Self {
        let mut words = sql
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| !word.is_empty());
        let mut changed = Self::NONE;
        let mut inserted = Self::NONE;
        let mut understood = false;
        while let Some(word) = words.next() {
            match word {
                "INSERT" if words.next() == Some("INTO") => {
                    inserted = words.next().map_or(Self::ALL, Self::named);
                    changed |= inserted & Self::LISTED;
                    understood = true;
                }
                "DELETE" if words.next() == Some("FROM") => {
                    changed |= words.next().map_or(Self::ALL, Self::named);
                    understood = true;
                }
                "UPDATE" => match words.next() {
                    // `ON CONFLICT … DO UPDATE SET`.
                    Some("SET") => changed |= inserted,
                    Some(table) => {
                        changed |= Self::named(table);
                        understood = true;
                    }
                    None => {}
                },
                // `INSERT OR REPLACE`, `REPLACE INTO`.
                "REPLACE" | "INSERT" | "DELETE" => return Self::ALL,
                _ => {}
            }
        }
        if understood { changed } else { Self::ALL }
    }
}

impl BitOr for Tables {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitOrAssign for Tables {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl BitAnd for Tables {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Tables {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_changes_the_tables_that_it_names() {
        for (sql, changed) in [
            (
                "UPDATE members SET muted = ?3 WHERE user_id = ?1",
                Tables::MEMBERS,
            ),
            ("DELETE FROM chats WHERE id = ?1", Tables::CHATS),
            ("INSERT INTO members (user_id) VALUES (?1)", Tables::MEMBERS),
            (
                "INSERT INTO users (id) VALUES (?1) RETURNING id",
                Tables::NONE,
            ),
            (
                "INSERT INTO users (id) VALUES (?1) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                Tables::USERS,
            ),
            (
                "WITH viewed AS (INSERT INTO views (a) VALUES (?1)) UPDATE members SET cursor_seq = ?2",
                Tables::MEMBERS,
            ),
            (
                "UPDATE members SET own_seq = (SELECT c.last_seq FROM chats c WHERE c.id = members.chat_id)",
                Tables::MEMBERS,
            ),
            ("UPDATE portal SET name = ?1", Tables::NONE),
            ("DELETE FROM tokens WHERE expires_at < ?1", Tables::TOKENS),
            ("INSERT OR REPLACE INTO users (id) VALUES (?1)", Tables::ALL),
            ("ALTER TABLE users ADD COLUMN x", Tables::ALL),
            ("DROP TABLE members", Tables::ALL),
        ] {
            assert_eq!(Tables::changed_by(sql), changed, "{sql}");
        }
    }
}
