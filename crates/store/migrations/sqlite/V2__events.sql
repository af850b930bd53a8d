-- Streams of events: what a bot, or a user who subscribed, has not acknowledged yet, and what is to be sent to handlers.

-- Whether a member has a stream: the members that a change in a chat is looked up for, however many others there are.
ALTER TABLE members ADD COLUMN listens INTEGER NOT NULL DEFAULT 0;
CREATE INDEX members_listening ON members (chat_id, user_id) WHERE listens >= 1;
UPDATE members SET listens = 1 WHERE user_id IN (SELECT user_id FROM bots);

-- Which generation of the API a bot was registered in, what its handlers know the portal by, and whether it asked to hear of
-- reads.
ALTER TABLE bots ADD COLUMN generation INTEGER NOT NULL DEFAULT 2;
ALTER TABLE bots ADD COLUMN application_token TEXT NOT NULL DEFAULT '';
ALTER TABLE bots ADD COLUMN read_events INTEGER NOT NULL DEFAULT 0;
UPDATE bots SET application_token = lower(hex(randomblob(16)));

-- One row for each bot and for each user who ever subscribed. Whoever reads a stream locks its row against those who write to it,
-- so that no event with a lower id can appear behind the reader.
CREATE TABLE streams (
    user_id    INTEGER PRIMARY KEY,
    subscribed INTEGER NOT NULL
);
INSERT INTO streams (user_id, subscribed) SELECT user_id, 1 FROM bots;

CREATE TABLE stream_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL,
    event      TEXT    NOT NULL,
    data       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX stream_events_by_user ON stream_events (user_id, id);

-- Where a bot's events are sent. A handler of a command names it; others have 0.
CREATE TABLE event_handlers (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    bot_id     INTEGER NOT NULL,
    event      TEXT    NOT NULL,
    command_id INTEGER NOT NULL,
    url        TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX event_handlers_by_bot ON event_handlers (bot_id, event, command_id);

-- Events on their way to handlers, in order for each bot and URL. State 0 waits, 1 is given up. The bot is kept as it was, as it
-- may be gone by the time.
CREATE TABLE deliveries (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    bot_id          INTEGER NOT NULL,
    url             TEXT    NOT NULL,
    handler_id      INTEGER NOT NULL,
    event           TEXT    NOT NULL,
    data            TEXT    NOT NULL,
    bot             TEXT    NOT NULL,
    acting_user_id  INTEGER,
    created_at      INTEGER NOT NULL,
    state           INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL
);
CREATE INDEX deliveries_by_lane ON deliveries (bot_id, url, id) WHERE state = 0;
CREATE INDEX deliveries_dead ON deliveries (id) WHERE state = 1;

-- Every attempt to send an event. The status is that of HTTP, or 0 when there was no answer.
CREATE TABLE delivery_attempts (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id  INTEGER NOT NULL,
    bot_id       INTEGER NOT NULL,
    url          TEXT    NOT NULL,
    event        TEXT    NOT NULL,
    attempt      INTEGER NOT NULL,
    attempted_at INTEGER NOT NULL,
    duration     INTEGER NOT NULL,
    status       INTEGER NOT NULL,
    error        TEXT    NOT NULL
);
CREATE INDEX delivery_attempts_by_delivery ON delivery_attempts (delivery_id, id);
CREATE INDEX delivery_attempts_by_time ON delivery_attempts (attempted_at);
