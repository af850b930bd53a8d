//! The kinds of facts.

use std::{mem::size_of, sync::Arc};

use readmark_model::{
    ApplicationId, ChatId, Scopes, SecretHash, Seq, Timestamp, UserId, bot::Bot, chat::Chat,
    member::Member, user::User,
};

use super::{fact::Fact, tables::Tables};

/// Calls a macro with the field and the type of each kind of fact.
macro_rules! with_kinds {
    ($macro:ident) => {
        $macro! {
            users: crate::memory::UserRow,
            bots: crate::memory::BotRow,
            webhooks: crate::memory::WebhookRow,
            tokens: crate::memory::TokenRow,
            chats: crate::memory::ChatRow,
            private_chats: crate::memory::PrivateChat,
            members: crate::memory::MemberRow,
            chats_of_users: crate::memory::ChatsOfUser,
            listeners: crate::memory::Listeners,
            uncounted: crate::memory::Uncounted,
            notices: crate::memory::UnreadNotifications,
            recent_views: crate::memory::RecentViews,
            ends: crate::memory::ChatEnd,
        }
    };
}
pub(crate) use with_kinds;

/// A user or bot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UserRow(pub(crate) Arc<User>);

impl Fact for UserRow {
    type Key = UserId;
    const TABLES: Tables = Tables::USERS.and(Tables::BOTS);

    fn heap(&self) -> usize {
        let user = &*self.0;
        let texts = [
            &user.name,
            &user.last_name,
            &user.email,
            &user.work_position,
            &user.gender,
            &user.birthday,
            &user.color,
            &user.avatar,
            &user.external_auth_id,
            &user.status,
            &user.time_zone,
            &user.profile,
        ];
        let bot = user.bot.as_ref().map_or(0, |bot| {
            bot.code.len() + bot.kind.len() + bot.background_id.as_ref().map_or(0, String::len)
        });
        texts.iter().map(|text| text.len()).sum::<usize>()
            + user.departments.len() * size_of::<i64>()
            + bot
            + size_of::<User>()
    }
}

/// What a bot has in addition to its user.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BotRow(pub(crate) Arc<Bot>);

impl Fact for BotRow {
    type Key = UserId;
    const TABLES: Tables = Tables::BOTS.and(Tables::USERS);

    fn heap(&self) -> usize {
        let bot = &*self.0;
        let texts = [
            &bot.code,
            &bot.webhook_url,
            &bot.language,
            &bot.application_token,
        ];
        texts.iter().map(|text| text.len()).sum::<usize>()
            + bot.background.as_ref().map_or(0, String::len)
            + size_of::<Bot>()
    }
}

/// An incoming webhook. Its user is a fact of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WebhookRow {
    pub(crate) id: i64,
    pub(crate) scopes: Scopes,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked: bool,
}

impl Fact for WebhookRow {
    type Key = (UserId, SecretHash);
    const TABLES: Tables = Tables::WEBHOOKS;
}

/// An access token. Its user is a fact of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TokenRow {
    pub(crate) client_id: Arc<str>,
    pub(crate) user: UserId,
    pub(crate) scopes: Scopes,
    pub(crate) expires_at: Timestamp,
    pub(crate) revoked: bool,
    /// The registered application that it was issued to.
    pub(crate) application: Option<ApplicationId>,
}

impl Fact for TokenRow {
    type Key = SecretHash;
    const TABLES: Tables = Tables::TOKENS;

    fn heap(&self) -> usize {
        self.client_id.len()
    }
}

/// A chat.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChatRow {
    pub(crate) chat: Arc<Chat>,
    /// There are neither notices nor gaps after it.
    pub(crate) uncounted: Seq,
}

impl Fact for ChatRow {
    type Key = ChatId;
    const TABLES: Tables = Tables::CHATS;

    fn heap(&self) -> usize {
        let chat = &*self.chat;
        let texts = [&chat.title, &chat.description, &chat.color, &chat.avatar];
        let entity = [&chat.entity.kind, &chat.entity.id];
        let texts = texts.into_iter().chain(entity).chain(&chat.entity.data);
        texts.map(String::len).sum::<usize>()
            + chat.background.as_ref().map_or(0, String::len)
            + size_of::<Chat>()
    }
}

/// The private chat of two users, the smaller id first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PrivateChat(pub(crate) ChatId);

impl Fact for PrivateChat {
    type Key = (UserId, UserId);
    const TABLES: Tables = Tables::CHATS;
}

/// A member of a chat.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MemberRow {
    pub(crate) member: Member,
    /// There are no messages of the member after it.
    pub(crate) own: Seq,
}

impl Fact for MemberRow {
    type Key = (ChatId, UserId);
    const TABLES: Tables = Tables::MEMBERS;
}

/// The chats that a user is a member of, in the order of ids.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChatsOfUser(pub(crate) Arc<Vec<ChatId>>);

impl Fact for ChatsOfUser {
    type Key = UserId;
    const TABLES: Tables = Tables::MEMBERS;

    fn heap(&self) -> usize {
        self.0.capacity() * size_of::<ChatId>()
    }
}

/// The number of unread notifications of a user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UnreadNotifications(pub(crate) i64);

impl Fact for UnreadNotifications {
    type Key = UserId;
    const TABLES: Tables = Tables::NOTIFICATIONS;
}

/// The number of rows of `recent_views`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RecentViews(pub(crate) i64);

impl Fact for RecentViews {
    type Key = ();
    const TABLES: Tables = Tables::RECENT_VIEWS;
}

/// The members of a chat who listen to its events, each with the level, in the order of ids.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listeners(pub(crate) Arc<Vec<(UserId, i64)>>);

impl Fact for Listeners {
    type Key = ChatId;
    const TABLES: Tables = Tables::MEMBERS;

    fn heap(&self) -> usize {
        self.0.capacity() * size_of::<(UserId, i64)>()
    }
}
