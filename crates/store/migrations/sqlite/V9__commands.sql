-- Slash commands of bots. The folded name is what they are compared by.
CREATE TABLE commands (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    bot_id           INTEGER NOT NULL,
    name             TEXT    NOT NULL,
    folded           TEXT    NOT NULL,
    common           INTEGER NOT NULL,
    hidden           INTEGER NOT NULL,
    extranet_support INTEGER NOT NULL,
    created_at       INTEGER NOT NULL
);
CREATE UNIQUE INDEX commands_by_bot ON commands (bot_id, folded);
CREATE INDEX commands_by_name ON commands (folded);

-- What a command is called in a language, and what its parameters are.
CREATE TABLE command_texts (
    command_id INTEGER NOT NULL,
    language   TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    params     TEXT    NOT NULL,
    PRIMARY KEY (command_id, language)
) WITHOUT ROWID;

-- Calls that may be answered: until then the command's bot may write to the chat, whether it is a member or not.
CREATE TABLE command_calls (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL,
    command_id INTEGER NOT NULL,
    chat_id    INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX command_calls_by_message ON command_calls (message_id, command_id);
CREATE INDEX command_calls_by_command ON command_calls (command_id);
CREATE INDEX command_calls_by_time ON command_calls (expires_at);

-- Applications that bots add to the window of a chat: a command for the client, or a page in a frame.
CREATE TABLE chat_apps (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    bot_id           INTEGER NOT NULL,
    code             TEXT    NOT NULL,
    js_method        TEXT    NOT NULL,
    js_param         TEXT    NOT NULL,
    iframe           TEXT    NOT NULL,
    iframe_width     INTEGER NOT NULL,
    iframe_height    INTEGER NOT NULL,
    iframe_popup     INTEGER NOT NULL,
    hash             TEXT    NOT NULL,
    icon             TEXT    NOT NULL,
    context          TEXT    NOT NULL,
    hidden           INTEGER NOT NULL,
    extranet_support INTEGER NOT NULL,
    livechat_support INTEGER NOT NULL,
    created_at       INTEGER NOT NULL
);
CREATE UNIQUE INDEX chat_apps_by_bot ON chat_apps (bot_id, code);

CREATE TABLE chat_app_texts (
    app_id      INTEGER NOT NULL,
    language    TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    copyright   TEXT    NOT NULL,
    PRIMARY KEY (app_id, language)
) WITHOUT ROWID;
