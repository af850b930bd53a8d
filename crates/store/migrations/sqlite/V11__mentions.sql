-- Who is mentioned where. User 0 stands for everybody in the chat.
CREATE TABLE mentions (
    user_id    INTEGER NOT NULL,
    chat_id    INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    author_id  INTEGER NOT NULL,
    PRIMARY KEY (user_id, chat_id, seq)
) WITHOUT ROWID;
CREATE INDEX mentions_by_message ON mentions (chat_id, seq);

-- Which chats are mentioned where.
CREATE TABLE chat_mentions (
    mentioned_id INTEGER NOT NULL,
    chat_id      INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    message_id   INTEGER NOT NULL,
    PRIMARY KEY (mentioned_id, message_id)
) WITHOUT ROWID;
CREATE INDEX chat_mentions_by_message ON chat_mentions (chat_id, seq);
