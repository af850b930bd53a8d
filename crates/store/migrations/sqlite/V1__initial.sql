-- The first schema. Booleans are 0 and 1, times are milliseconds since 1970, ids are never reused.
-- Tables on the hot path have no foreign keys: `readmark verify` finds orphans.

CREATE TABLE portal (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    name        TEXT    NOT NULL,
    host        TEXT    NOT NULL,
    member_id   TEXT    NOT NULL,
    time_zone   TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
);

CREATE TABLE users (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    kind             INTEGER NOT NULL,
    active           INTEGER NOT NULL,
    admin            INTEGER NOT NULL,
    extranet         INTEGER NOT NULL,
    hide_receipts    INTEGER NOT NULL,
    name             TEXT    NOT NULL,
    last_name        TEXT    NOT NULL,
    email            TEXT    NOT NULL,
    work_position    TEXT    NOT NULL,
    gender           TEXT    NOT NULL,
    birthday         TEXT    NOT NULL,
    color            TEXT    NOT NULL,
    avatar           TEXT    NOT NULL,
    external_auth_id TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    time_zone        TEXT    NOT NULL,
    departments      TEXT    NOT NULL,
    profile          TEXT    NOT NULL,
    registered_at    INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    last_login_at    INTEGER,
    last_activity_at INTEGER,
    idle_since       INTEGER,
    absent_until     INTEGER
);
CREATE UNIQUE INDEX users_email ON users (email) WHERE email <> '' AND kind = 0;
CREATE INDEX users_bots ON users (id) WHERE kind = 1;

-- The tree of departments. The root is department 1, made with the portal; its parent is 0.
CREATE TABLE departments (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL,
    sort      INTEGER NOT NULL,
    parent_id INTEGER NOT NULL,
    head_id   INTEGER NOT NULL
);

CREATE TABLE chats (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    kind                INTEGER NOT NULL,
    title               TEXT    NOT NULL,
    description         TEXT    NOT NULL,
    color               TEXT    NOT NULL,
    avatar              TEXT    NOT NULL,
    owner_id            INTEGER NOT NULL,
    private_low         INTEGER,
    private_high        INTEGER,
    entity_type         TEXT    NOT NULL,
    entity_id           TEXT    NOT NULL,
    entity_data_1       TEXT    NOT NULL,
    entity_data_2       TEXT    NOT NULL,
    entity_data_3       TEXT    NOT NULL,
    parent_chat_id      INTEGER NOT NULL,
    parent_message_id   INTEGER NOT NULL,
    manage_users_add    INTEGER NOT NULL,
    manage_users_delete INTEGER NOT NULL,
    manage_ui           INTEGER NOT NULL,
    manage_settings     INTEGER NOT NULL,
    manage_messages     INTEGER NOT NULL,
    can_post            INTEGER NOT NULL,
    text_field_enabled  INTEGER NOT NULL,
    background_id       TEXT,
    created_at          INTEGER NOT NULL,
    -- Of the messages: the greatest seq ever given, the greatest seq of one that is no notice, the last one that exists.
    last_seq            INTEGER NOT NULL,
    last_post_seq       INTEGER NOT NULL,
    last_message_id     INTEGER NOT NULL,
    last_message_seq    INTEGER NOT NULL,
    last_activity_at    INTEGER NOT NULL,
    message_count       INTEGER NOT NULL,
    member_count        INTEGER NOT NULL,
    extranet_count      INTEGER NOT NULL
);
CREATE UNIQUE INDEX chats_private ON chats (private_low, private_high) WHERE private_low IS NOT NULL;
CREATE INDEX chats_entity ON chats (entity_type, entity_id) WHERE entity_type <> '';

-- One row a member: everything that a read writes, clustered by user for the totals.
CREATE TABLE members (
    user_id          INTEGER NOT NULL,
    chat_id          INTEGER NOT NULL,
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
    PRIMARY KEY (user_id, chat_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX members_by_chat ON members (chat_id, user_id);
-- The owner and the managers of a chat, however many members it has.
CREATE INDEX members_managers ON members (chat_id, user_id) WHERE role >= 2;

CREATE TABLE messages (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id     INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    author_id   INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    deleted     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    edited_at   INTEGER,
    reply_id    INTEGER,
    text        TEXT    NOT NULL,
    params      TEXT    NOT NULL,
    uuid        TEXT
);
CREATE UNIQUE INDEX messages_by_chat ON messages (chat_id, seq);
CREATE INDEX messages_by_author ON messages (chat_id, author_id, seq) WHERE kind <> 2;

-- Seqs that never count: completely deleted messages and automatic notices.
CREATE TABLE uncounted (
    chat_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (chat_id, seq)
) WITHOUT ROWID;

-- One row an act of viewing (rule R13): the ranges of one member do not overlap and grow.
CREATE TABLE views (
    chat_id   INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    to_seq    INTEGER NOT NULL,
    from_seq  INTEGER NOT NULL,
    viewed_at INTEGER NOT NULL,
    PRIMARY KEY (chat_id, user_id, to_seq)
) WITHOUT ROWID;
CREATE INDEX views_by_time ON views (chat_id, viewed_at);

CREATE TABLE message_words (
    chat_id INTEGER NOT NULL,
    word    TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (chat_id, word, seq)
) WITHOUT ROWID;

CREATE TABLE reactions (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    user_id    INTEGER NOT NULL REFERENCES users (id),
    kind       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, user_id, kind)
) WITHOUT ROWID;

-- The owner is an application, or the hash of the token that stands for one; the registrar is the application or webhook that
-- made the bot, and stays what it was when the token is changed.
CREATE TABLE bots (
    user_id           INTEGER PRIMARY KEY REFERENCES users (id),
    owner             TEXT NOT NULL,
    registrar         TEXT NOT NULL,
    code              TEXT NOT NULL,
    kind              TEXT NOT NULL,
    event_mode        TEXT NOT NULL,
    webhook_url       TEXT NOT NULL,
    hidden            INTEGER NOT NULL,
    reactions_enabled INTEGER NOT NULL,
    openline          INTEGER NOT NULL,
    background_id     TEXT,
    language          TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    count_message     INTEGER NOT NULL
);
CREATE UNIQUE INDEX bots_by_code ON bots (code);
CREATE INDEX bots_by_owner ON bots (owner, user_id);
CREATE INDEX bots_by_registrar ON bots (registrar);

CREATE TABLE webhooks (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    secret_hash BLOB    NOT NULL,
    scopes      TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
);
CREATE UNIQUE INDEX webhooks_by_secret ON webhooks (user_id, secret_hash);

CREATE TABLE tokens (
    token_hash BLOB    PRIMARY KEY,
    client_id  TEXT    NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) WITHOUT ROWID;

-- The outbox (rule R16): what happened, written in the same commit as the change.
CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    chat_id    INTEGER,
    user_id    INTEGER,
    message_id INTEGER,
    value      INTEGER,
    payload    TEXT
);

CREATE TABLE files (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    media_type TEXT    NOT NULL,
    content    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    token      TEXT    NOT NULL
);
CREATE UNIQUE INDEX files_by_token ON files (token);

-- Notifications, each with a read flag of its own. An application's tag stands on one notification at most.
CREATE TABLE notifications (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL,
    author_id   INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    application TEXT NOT NULL,
    tag         TEXT NOT NULL,
    sub_tag     TEXT NOT NULL,
    text        TEXT NOT NULL,
    params      TEXT,
    created_at  INTEGER NOT NULL,
    is_read     INTEGER NOT NULL
);
CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE is_read = 0;
CREATE UNIQUE INDEX notifications_by_tag ON notifications (application, tag) WHERE tag <> '';
CREATE INDEX notifications_by_sub_tag ON notifications (application, sub_tag) WHERE sub_tag <> '';

-- What was brought in from other messengers, so that nothing is brought in twice.
CREATE TABLE imports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    users       INTEGER NOT NULL,
    chats       INTEGER NOT NULL,
    messages    INTEGER NOT NULL
);
CREATE UNIQUE INDEX imports_by_fingerprint ON imports (source, fingerprint);
