-- The members of a chat side by side: reads of one chat share pages. What a user's chats are is told by an index that neither
-- reads nor sends change.
CREATE TABLE members_of_chats (
    chat_id          INTEGER NOT NULL,
    user_id          INTEGER NOT NULL,
    role             INTEGER NOT NULL,
    joined_at        INTEGER NOT NULL,
    visible_from_seq INTEGER NOT NULL,
    cursor_seq       INTEGER NOT NULL,
    viewed_seq       INTEGER NOT NULL,
    marked_seq       INTEGER NOT NULL,
    unread_flag      INTEGER NOT NULL,
    muted            INTEGER NOT NULL,
    pinned_at        INTEGER,
    hidden_seq       INTEGER,
    changed_at       INTEGER NOT NULL,
    listens          INTEGER NOT NULL DEFAULT 0,
    own_seq          INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (chat_id, user_id)
) WITHOUT ROWID;
-- In the order of the new key, which the index has: rows are appended and nothing is sorted.
INSERT INTO members_of_chats (chat_id, user_id, role, joined_at, visible_from_seq, cursor_seq, viewed_seq, marked_seq,
    unread_flag, muted, pinned_at, hidden_seq, changed_at, listens, own_seq)
    SELECT chat_id, user_id, role, joined_at, visible_from_seq, cursor_seq, viewed_seq, marked_seq, unread_flag, muted,
        pinned_at, hidden_seq, changed_at, listens, own_seq
    FROM members INDEXED BY members_by_chat ORDER BY chat_id, user_id;
DROP TABLE members;
ALTER TABLE members_of_chats RENAME TO members;
CREATE INDEX members_by_user ON members (user_id, chat_id);
-- As before: the owner and the managers of a chat, who listens to it, and who is told of reads. The second column makes such an
-- index narrower for SQLite than the table, which begins with the chat, too.
CREATE INDEX members_managers ON members (chat_id, role, user_id) WHERE role >= 2;
CREATE INDEX members_listening ON members (chat_id, listens, user_id) WHERE listens >= 1;
CREATE INDEX members_told_of_reads ON members (chat_id, listens, user_id) WHERE listens >= 2;
