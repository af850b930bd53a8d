-- Finding chats, users and notifications by the beginnings of words, and what was picked from what was found.

-- The words of the titles of chats.
CREATE TABLE chat_words (
    word    TEXT COLLATE "C" NOT NULL,
    chat_id BIGINT NOT NULL,
    PRIMARY KEY (word, chat_id)
);
CREATE INDEX chat_words_by_chat ON chat_words (chat_id);

-- Part 1 has the words of users' names, 2 those of their positions, 3 the ids of their departments, as text.
CREATE TABLE user_words (
    part    BIGINT NOT NULL,
    word    TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (part, word, user_id)
);
CREATE INDEX user_words_by_user ON user_words (user_id);

CREATE TABLE notification_words (
    user_id         BIGINT NOT NULL,
    word            TEXT COLLATE "C" NOT NULL,
    notification_id BIGINT NOT NULL,
    PRIMARY KEY (user_id, word, notification_id)
);
CREATE INDEX notifications_by_time ON notifications (user_id, created_at, author_id, id);

-- Words are taken apart by the program: what was here before this migration waits for it. Kind 1 are chats, 2 users, 3
-- notifications.
CREATE TABLE words_due (
    kind BIGINT NOT NULL,
    id   BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
INSERT INTO words_due (kind, id) SELECT 1, id FROM chats WHERE title <> '';
INSERT INTO words_due (kind, id) SELECT 2, id FROM users;
INSERT INTO words_due (kind, id) SELECT 3, id FROM notifications;

-- The chat that a user's notifications are said to be in: an id that no other chat has, and that nothing else is known of.
CREATE TABLE notification_chats (
    user_id BIGINT PRIMARY KEY,
    chat_id BIGINT NOT NULL
);
INSERT INTO notification_chats (user_id, chat_id)
    SELECT user_id, nextval(pg_get_serial_sequence('chats', 'id'))
    FROM (SELECT DISTINCT user_id FROM notifications ORDER BY user_id) notified;

-- What users picked from what they had found, either a chat or a user; the greatest place was picked last.
CREATE TABLE search_picks (
    user_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    peer_id BIGINT NOT NULL,
    place   BIGINT NOT NULL,
    PRIMARY KEY (user_id, chat_id, peer_id)
);
