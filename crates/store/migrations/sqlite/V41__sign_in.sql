-- How people sign in to the pages of the portal. Of passwords there are slow salted hashes, of the tokens of sessions and invitations fast
-- ones, as they are long and random.

CREATE TABLE passwords (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id),
    hash       TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
);

-- A session ends with its row.
CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB    NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    agent      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Whoever has an invitation sets the password of its user, once. A user has one at most.
CREATE TABLE invitations (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id),
    token_hash BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX invitations_by_token ON invitations (token_hash);
