-- Views that are not in the table of views yet: so few that reads of all chats share their pages. Ids begin with 1 again whenever
-- the table is empty, and are the number of rows.
CREATE TABLE recent_views (
    id        INTEGER PRIMARY KEY,
    chat_id   INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    to_seq    INTEGER NOT NULL,
    from_seq  INTEGER NOT NULL,
    viewed_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX recent_views_by_user ON recent_views (chat_id, user_id, to_seq);
