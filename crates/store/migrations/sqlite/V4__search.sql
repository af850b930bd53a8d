-- Finding chats, users and notifications by the beginnings of words, and what was picked from what was found.

-- The words of the titles of chats.
CREATE TABLE chat_words (
    word    TEXT    NOT NULL,
    chat_id INTEGER NOT NULL,
    PRIMARY KEY (word, chat_id)
) WITHOUT ROWID;
CREATE INDEX chat_words_by_chat ON chat_words (chat_id);

-- Part 1 has the words of users' names, 2 those of their positions, 3 the ids of their departments, as text.
CREATE TABLE user_words (
    part    INTEGER NOT NULL,
    word    TEXT    NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (part, word, user_id)
) WITHOUT ROWID;
CREATE INDEX user_words_by_user ON user_words (user_id);

CREATE TABLE notification_words (
    user_id         INTEGER NOT NULL,
    word            TEXT    NOT NULL,
    notification_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, word, notification_id)
) WITHOUT ROWID;
CREATE INDEX notifications_by_time ON notifications (user_id, created_at, author_id, id);

-- Words are taken apart by the program: what was here before this migration waits for it. Kind 1 are chats, 2 users, 3
-- notifications.
CREATE TABLE words_due (
    kind INTEGER NOT NULL,
    id   INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
INSERT INTO words_due (kind, id) SELECT 1, id FROM chats WHERE title <> '';
INSERT INTO words_due (kind, id) SELECT 2, id FROM users;
INSERT INTO words_due (kind, id) SELECT 3, id FROM notifications;

-- The chat that a user's notifications are said to be in: an id that no other chat has, and that nothing else is known of.
CREATE TABLE notification_chats (
    user_id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL
);
INSERT INTO notification_chats (user_id, chat_id)
    SELECT user_id, (SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'chats') + row_number() OVER (ORDER BY user_id)
    FROM (SELECT DISTINCT user_id FROM notifications);
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'chats', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'chats');
UPDATE sqlite_sequence SET seq = MAX(seq, (SELECT COALESCE(MAX(chat_id), 0) FROM notification_chats)) WHERE name = 'chats';

-- What users picked from what they had found, either a chat or a user; the greatest place was picked last.
CREATE TABLE search_picks (
    user_id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    peer_id INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    PRIMARY KEY (user_id, chat_id, peer_id)
) WITHOUT ROWID;
