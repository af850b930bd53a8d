-- Files of messages and of users' own drives. Their contents are outside of the database, under random names.

CREATE TABLE contents (
    name         TEXT PRIMARY KEY,
    size         INTEGER NOT NULL,
    media_type   TEXT    NOT NULL,
    width        INTEGER,
    height       INTEGER,
    -- SHA-256, hexadecimal.
    hash         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- Since when no file has it; it is deleted outside of the database first, here afterwards.
    discarded_at INTEGER
) WITHOUT ROWID;
CREATE INDEX contents_discarded ON contents (discarded_at) WHERE discarded_at IS NOT NULL;

-- A file of a message has its chat and message; one of a user's own drive has neither. Several files may have one content.
CREATE TABLE disk_files (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    content    TEXT    NOT NULL,
    user_id    INTEGER NOT NULL,
    chat_id    INTEGER,
    message_id INTEGER,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX disk_files_by_message ON disk_files (message_id, id) WHERE message_id IS NOT NULL;
CREATE INDEX disk_files_by_content ON disk_files (content);

-- What links to files are signed with, made when the portal is first served.
CREATE TABLE link_keys (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    secret BLOB    NOT NULL
);
