//! Statements that damage a portal.

#![allow(unreachable_pub, reason = "test programs use it")]

mod on_their_way;

use readmark_app::verify::Check;

pub use on_their_way::DAMAGES_ON_THE_WAY;

/// A statement that damages a portal as `lived_in` leaves it, and a check that must find it.
pub type Damage = (Check, &'static str);

/// Damage to anything but events on their way.
pub const DAMAGES: &[Damage] = &[
    (Check::Tail, "UPDATE chats SET last_seq = 8 WHERE id = 1"),
    (
        Check::Tail,
        "UPDATE chats SET last_post_seq = 6 WHERE id = 1",
    ),
    (
        Check::Tail,
        "UPDATE chats SET last_message_id = 1 WHERE id = 1",
    ),
    (
        Check::Tail,
        "UPDATE chats SET last_message_seq = 6 WHERE id = 1",
    ),
    (
        Check::Tail,
        "UPDATE chats SET last_activity_at = last_activity_at + 1 WHERE id = 1",
    ),
    (
        Check::MessageCount,
        "UPDATE chats SET message_count = message_count + 1 WHERE id = 1",
    ),
    (
        Check::MemberCount,
        "UPDATE chats SET member_count = 3 WHERE id = 1",
    ),
    (
        Check::ExtranetCount,
        "UPDATE chats SET extranet_count = 0 WHERE id = 1",
    ),
    (
        Check::ExtranetCount,
        "UPDATE users SET extranet = 1 WHERE id = 3",
    ),
    (
        Check::Order,
        "UPDATE messages SET created_at = created_at + 3600000 WHERE chat_id = 1 AND seq = 2",
    ),
    (
        Check::Order,
        "UPDATE messages SET id = id + 100 WHERE chat_id = 1 AND seq = 2",
    ),
    (
        Check::Order,
        "UPDATE messages SET seq = 0 WHERE chat_id = 1 AND seq = 1",
    ),
    (
        Check::Uncounted,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (
        Check::Uncounted,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 5",
    ),
    (
        Check::Uncounted,
        "INSERT INTO uncounted (chat_id, seq) VALUES (1, 2)",
    ),
    (
        Check::Uncounted,
        "INSERT INTO uncounted (chat_id, seq) VALUES (1, 0)",
    ),
    (
        Check::Uncounted,
        "UPDATE messages SET kind = 2 WHERE chat_id = 1 AND seq = 6",
    ),
    (
        Check::Author,
        "UPDATE messages SET author_id = 99 WHERE chat_id = 1 AND seq = 1",
    ),
    (
        Check::Tombstone,
        "UPDATE messages SET deleted = 1 WHERE chat_id = 1 AND seq = 1",
    ),
    (
        Check::Member,
        "UPDATE members SET user_id = 99 WHERE chat_id = 1 AND user_id = 3",
    ),
    (Check::Owner, "UPDATE chats SET owner_id = 2 WHERE id = 1"),
    (
        Check::Owner,
        "UPDATE members SET role = 1 WHERE chat_id = 1 AND user_id = 1",
    ),
    (
        Check::Owner,
        "UPDATE members SET role = 3 WHERE chat_id = 1 AND user_id = 2",
    ),
    (
        Check::Owner,
        "DELETE FROM members WHERE chat_id = 1 AND user_id = 1",
    ),
    (
        Check::PrivateChat,
        "DELETE FROM members WHERE chat_id = 2 AND user_id = 2",
    ),
    (
        Check::PrivateChat,
        "UPDATE chats SET private_high = 3 WHERE id = 2",
    ),
    (Check::PrivateChat, "UPDATE chats SET kind = 2 WHERE id = 2"),
    (Check::PrivateChat, "UPDATE chats SET kind = 1 WHERE id = 1"),
    (
        Check::ReadState,
        "UPDATE members SET cursor_seq = 8 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET cursor_seq = -1 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET viewed_seq = 9 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET visible_from_seq = 7 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET visible_from_seq = 0 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET marked_seq = 2 WHERE chat_id = 1 AND user_id = 2",
    ),
    (
        Check::ReadState,
        "UPDATE members SET hidden_seq = 8 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::Notification,
        "INSERT INTO notifications (user_id, author_id, kind, application, tag, sub_tag, text, created_at, is_read) \
         VALUES (99, 0, 4, '', '', '', 'Lost', 1, 0)",
    ),
    (
        Check::Notification,
        "INSERT INTO notifications (user_id, author_id, kind, application, tag, sub_tag, text, created_at, is_read) \
         VALUES (1, 99, 2, '', '', '', 'Of nobody', 1, 0)",
    ),
    (
        Check::Notification,
        "INSERT INTO notifications (user_id, author_id, kind, application, tag, sub_tag, text, created_at, is_read) \
         VALUES (1, 0, 4, '', '', '', 'Half read', 1, 2)",
    ),
    (
        Check::Notification,
        "INSERT INTO notification_chats (user_id, chat_id) VALUES (1, 1)",
    ),
    (
        Check::Notification,
        "INSERT INTO notification_chats (user_id, chat_id) VALUES (99, 99)",
    ),
    (
        Check::NotificationWords,
        "INSERT INTO notification_words (user_id, word, notification_id) VALUES (1, 'lost', 1)",
    ),
    (
        Check::NotificationWords,
        "INSERT INTO notifications (user_id, author_id, kind, application, tag, sub_tag, text, created_at, is_read) \
         VALUES (1, 0, 4, '', '', '', 'Never found', 1, 0)",
    ),
    (
        Check::ChatWords,
        "UPDATE chats SET title = 'finders' WHERE id = 1",
    ),
    (Check::ChatWords, "DELETE FROM chat_words WHERE chat_id = 1"),
    (
        Check::UserWords,
        "UPDATE users SET last_name = 'Otherwise' WHERE id = 2",
    ),
    (
        Check::UserWords,
        "UPDATE user_words SET part = 2 WHERE user_id = 2 AND part = 1",
    ),
    (
        Check::UserWords,
        "INSERT INTO user_words (part, word, user_id) VALUES (3, '7', 2)",
    ),
    (
        Check::Orphan,
        "INSERT INTO chat_words (word, chat_id) VALUES ('lost', 99)",
    ),
    (
        Check::Orphan,
        "INSERT INTO search_picks (user_id, chat_id, peer_id, place) VALUES (1, 99, 0, 1)",
    ),
    (
        Check::Orphan,
        "INSERT INTO recent_views (chat_id, user_id, to_seq, from_seq, viewed_at) VALUES (99, 2, 1, 1, 0)",
    ),
    (
        Check::Counter,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (Check::Counter, "UPDATE chats SET last_seq = 8 WHERE id = 1"),
    (
        Check::Counter,
        "DELETE FROM messages WHERE chat_id = 1 AND seq = 7",
    ),
    (
        Check::FirstUnread,
        "UPDATE members SET visible_from_seq = 2 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::Totals,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (
        Check::Totals,
        "UPDATE members SET hidden_seq = 6 WHERE chat_id = 1 AND user_id = 3; \
                     UPDATE chats SET last_post_seq = 6 WHERE id = 1",
    ),
    (
        Check::Recent,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (
        Check::Recent,
        "UPDATE chats SET message_count = 0 WHERE id = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET from_seq = 1 WHERE chat_id = 1 AND from_seq = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET from_seq = 3 WHERE chat_id = 1 AND from_seq = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET to_seq = 9 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET user_id = 99 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewRange,
        "INSERT INTO recent_views (chat_id, user_id, to_seq, from_seq, viewed_at) \
         SELECT chat_id, user_id, to_seq, from_seq, viewed_at FROM views WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::RecentViews,
        "INSERT INTO recent_views (chat_id, user_id, to_seq, from_seq, viewed_at) \
         SELECT chat_id, user_id, to_seq, from_seq, viewed_at FROM views WHERE chat_id = 1 AND to_seq = 2; \
         UPDATE views SET from_seq = 6, to_seq = 6 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::RecentViews,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1024) \
         INSERT INTO recent_views (chat_id, user_id, to_seq, from_seq, viewed_at) SELECT 1, 2, 100 + i, 100 + i, 0 FROM n",
    ),
    (
        Check::ViewEnd,
        "UPDATE views SET to_seq = 3 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewEnd,
        "UPDATE views SET to_seq = 4 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewEnd,
        "UPDATE views SET viewed_at = 5 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::Viewed,
        "UPDATE members SET viewed_seq = 1 WHERE chat_id = 1 AND user_id = 2",
    ),
    (
        Check::Viewed,
        "DELETE FROM views WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::Bounds,
        "UPDATE chats SET uncounted_seq = 4 WHERE id = 1",
    ),
    (
        Check::Bounds,
        "UPDATE members SET own_seq = 6 WHERE chat_id = 1 AND user_id = 1",
    ),
    (
        Check::Words,
        "DELETE FROM message_words WHERE chat_id = 3 AND word = 'find' AND seq = 7",
    ),
    (
        Check::Words,
        "UPDATE message_words SET word = 'lose' WHERE chat_id = 3 AND word = 'find' AND seq = 64",
    ),
    (
        Check::Words,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (3, 'more', 7)",
    ),
    (
        Check::Words,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (3, 'some', 65)",
    ),
    (
        Check::Words,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (3, 'some', 90)",
    ),
    (
        Check::Words,
        "UPDATE chats SET indexed_seq = 63 WHERE id = 3",
    ),
    (
        Check::Words,
        "UPDATE chats SET indexed_seq = 65 WHERE id = 3",
    ),
    (
        Check::Words,
        "UPDATE chats SET indexed_seq = 2 WHERE id = 2",
    ),
    (
        Check::Words,
        "UPDATE chats SET indexed_seq = 0 WHERE id = 3; DELETE FROM message_words WHERE chat_id = 3",
    ),
    (
        Check::Mention,
        "DELETE FROM mentions WHERE chat_id = 1 AND seq = 7",
    ),
    (
        Check::Mention,
        "UPDATE mentions SET user_id = 0 WHERE chat_id = 1 AND seq = 7",
    ),
    (
        Check::Mention,
        "UPDATE mentions SET author_id = 3 WHERE chat_id = 1 AND seq = 7",
    ),
    (
        Check::Mention,
        "INSERT INTO mentions (user_id, chat_id, seq, message_id, author_id) VALUES (3, 1, 3, 3, 1)",
    ),
    (
        Check::Mention,
        "DELETE FROM chat_mentions WHERE chat_id = 1 AND seq = 2",
    ),
    (
        Check::Mention,
        "UPDATE chat_mentions SET mentioned_id = 2 WHERE chat_id = 1 AND seq = 2",
    ),
    (Check::Department, "DELETE FROM departments WHERE id = 1"),
    (
        Check::Department,
        "UPDATE departments SET parent_id = 1 WHERE id = 1",
    ),
    (
        Check::Department,
        "INSERT INTO departments (name, sort, parent_id, head_id) VALUES ('Second', 500, 0, 0)",
    ),
    (
        Check::Department,
        "INSERT INTO departments (name, sort, parent_id, head_id) VALUES ('Lost', 500, 77, 0)",
    ),
    (
        Check::Department,
        "INSERT INTO departments (name, sort, parent_id, head_id) VALUES ('Headless', 500, 1, 99)",
    ),
    (
        Check::Department,
        "INSERT INTO departments (id, name, sort, parent_id, head_id) VALUES (50, 'Hen', 500, 51, 0), \
         (51, 'Egg', 500, 50, 0)",
    ),
    (
        Check::Department,
        "UPDATE users SET departments = '1,77' WHERE id = 2",
    ),
    (
        Check::Stream,
        "INSERT INTO streams (user_id, subscribed) VALUES (99, 1)",
    ),
    (
        Check::Stream,
        "INSERT INTO streams (user_id, subscribed) VALUES (2, 1)",
    ),
    (
        Check::Stream,
        "UPDATE members SET listens = 1 WHERE chat_id = 1 AND user_id = 2",
    ),
    (
        Check::Stream,
        "INSERT INTO bots (user_id, owner, registrar, code, kind, event_mode, webhook_url, hidden, reactions_enabled, openline, \
         language, created_at, count_message) VALUES (2, 'app:a', '', 'deaf', 'bot', 'fetch', '', 0, 0, 0, 'en', 0, 0)",
    ),
    (
        Check::Handlers,
        "INSERT INTO bots (user_id, owner, registrar, code, kind, event_mode, webhook_url, hidden, reactions_enabled, openline, \
         language, created_at, count_message) VALUES (2, 'app:a', '', 'mute', 'bot', 'webhook', 'http://a/', 0, 0, 0, 'en', 0, 0)",
    ),
    (
        Check::Handlers,
        "INSERT INTO bots (user_id, owner, registrar, code, kind, event_mode, webhook_url, hidden, reactions_enabled, openline, \
         language, created_at, count_message) VALUES (2, 'app:a', '', 'odd', 'bot', 'fetch', '', 0, 0, 0, 'en', 0, 0); \
         INSERT INTO event_handlers (bot_id, event, command_id, url, created_at) \
         VALUES (2, 'ONIMBOTV2MESSAGEADD', 0, 'http://a/', 0)",
    ),
    (
        Check::File,
        "INSERT INTO contents (name, size, media_type, hash, created_at) VALUES ('lone', 1, 'text/plain', '', 0)",
    ),
    (
        Check::File,
        "INSERT INTO disk_files (content, user_id, name, created_at) VALUES ('none', 1, 'a.txt', 0)",
    ),
    (
        Check::File,
        "INSERT INTO contents (name, size, media_type, hash, created_at) VALUES ('some', 1, 'text/plain', '', 0);\
         INSERT INTO disk_files (content, user_id, chat_id, message_id, name, created_at) VALUES \
         ('some', 1, 1, 5000, 'a.txt', 0)",
    ),
    (
        Check::File,
        "INSERT INTO contents (name, size, media_type, hash, created_at) VALUES ('some', 1, 'text/plain', '', 0);\
         INSERT INTO disk_files (content, user_id, name, created_at) VALUES ('some', 900, 'a.txt', 0)",
    ),
    (
        Check::File,
        "INSERT INTO contents (name, size, media_type, hash, created_at, discarded_at) VALUES \
         ('some', 1, 'text/plain', '', 0, 1);\
         INSERT INTO disk_files (content, user_id, name, created_at) VALUES ('some', 1, 'a.txt', 0)",
    ),
    (
        Check::File,
        "INSERT INTO contents (name, size, media_type, hash, created_at) VALUES ('some', 1, 'text/plain', '', 0);\
         INSERT INTO disk_files (content, user_id, chat_id, message_id, name, created_at) VALUES \
         ('some', 1, 2, 1, 'a.txt', 0)",
    ),
    (
        Check::File,
        "INSERT INTO contents (name, size, media_type, hash, created_at) VALUES ('some', 1, 'text/plain', '', 0);\
         INSERT INTO disk_files (content, user_id, chat_id, message_id, name, created_at) VALUES \
         ('some', 1, 1, NULL, 'a.txt', 0)",
    ),
    (Check::Orphan, "DELETE FROM chats WHERE id = 2"),
    (
        Check::Orphan,
        "INSERT INTO mentions (user_id, chat_id, seq, message_id, author_id) VALUES (3, 50, 1, 1, 1)",
    ),
    (
        Check::Orphan,
        "INSERT INTO chat_mentions (mentioned_id, chat_id, seq, message_id) VALUES (1, 5000, 1, 5000)",
    ),
    (
        Check::Orphan,
        "INSERT INTO uncounted (chat_id, seq) VALUES (50, 1)",
    ),
    (
        Check::Orphan,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (50, 'some', 1)",
    ),
    (
        Check::Orphan,
        "UPDATE views SET chat_id = 50 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::Orphan,
        "UPDATE members SET chat_id = 50 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::Orphan,
        "UPDATE messages SET chat_id = 50 WHERE chat_id = 1 AND seq = 7",
    ),
    (
        Check::Orphan,
        "INSERT INTO commands (bot_id, name, folded, common, hidden, extranet_support, created_at) \
         VALUES (50, 'tide', 'tide', 0, 0, 0, 0)",
    ),
    (
        Check::Orphan,
        "INSERT INTO command_texts (command_id, language, title, params) VALUES (50, 'en', 'Tide', '')",
    ),
    (
        Check::Orphan,
        "INSERT INTO command_calls (message_id, command_id, chat_id, user_id, expires_at) VALUES (1, 50, 1, 1, 0)",
    ),
    (
        Check::Orphan,
        "INSERT INTO chat_apps (bot_id, code, js_method, js_param, iframe, iframe_width, iframe_height, iframe_popup, \
         hash, icon, context, hidden, extranet_support, livechat_support, created_at) \
         VALUES (50, 'a', 'PUT', 'x', '', 0, 0, 0, '', '', 'ALL', 0, 0, 0, 0)",
    ),
    (
        Check::Orphan,
        "INSERT INTO chat_app_texts (app_id, language, title, description, copyright) VALUES (50, 'en', '', '', '')",
    ),
    (
        Check::Orphan,
        "INSERT INTO event_handlers (bot_id, event, command_id, url, created_at) VALUES (50, 'X', 0, 'http://a/', 0)",
    ),
];
