-- Applications that an administrator registered, and what they were granted. Of secrets, codes and tokens only hashes are stored.

CREATE TABLE applications (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id    TEXT    NOT NULL,
    secret_hash  BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    handler_url  TEXT    NOT NULL,
    install_url  TEXT    NOT NULL,
    scopes       TEXT    NOT NULL,
    has_ui       INTEGER NOT NULL,
    audience     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    installed_at INTEGER
);
CREATE UNIQUE INDEX applications_by_client ON applications (client_id);

-- The users for whom an application is, where they were chosen.
CREATE TABLE application_users (
    application_id INTEGER NOT NULL REFERENCES applications (id),
    user_id        INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (application_id, user_id)
) WITHOUT ROWID;

-- What an application was granted once: the family of the tokens that come from it, which end together. It ends with the last refresh token.
CREATE TABLE grants (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    application_id INTEGER NOT NULL REFERENCES applications (id),
    user_id        INTEGER NOT NULL REFERENCES users (id),
    scopes         TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL
);
CREATE INDEX grants_by_user ON grants (application_id, user_id, id);
CREATE INDEX grants_by_end ON grants (expires_at);

-- A code is exchanged once; the grant that it was exchanged for ends when it is tried again.
CREATE TABLE authorization_codes (
    code_hash      BLOB    PRIMARY KEY,
    application_id INTEGER NOT NULL REFERENCES applications (id),
    user_id        INTEGER NOT NULL REFERENCES users (id),
    scopes         TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    grant_id       INTEGER
) WITHOUT ROWID;
CREATE INDEX authorization_codes_by_user ON authorization_codes (application_id, user_id, created_at);
CREATE INDEX authorization_codes_by_end ON authorization_codes (expires_at);

-- A refresh token is replaced by its first use; how long others are taken after that is up to the program.
CREATE TABLE refresh_tokens (
    token_hash  BLOB    PRIMARY KEY,
    grant_id    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    replaced_at INTEGER,
    uses        INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id, created_at);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);

-- The registered application of an access token, which may have been removed since, and its grant. Tokens made by hand have no grant, and no
-- application where none is registered under their client id.
ALTER TABLE tokens ADD COLUMN application_id INTEGER;
ALTER TABLE tokens ADD COLUMN grant_id INTEGER;
CREATE INDEX tokens_by_grant ON tokens (grant_id, created_at) WHERE grant_id IS NOT NULL;
