-- Who is mentioned where. User 0 stands for everybody in the chat.
CREATE TABLE mentions (
    user_id    BIGINT NOT NULL,
    chat_id    BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    author_id  BIGINT NOT NULL,
    PRIMARY KEY (user_id, chat_id, seq)
);
CREATE INDEX mentions_by_message ON mentions (chat_id, seq);

-- Which chats are mentioned where.
CREATE TABLE chat_mentions (
    mentioned_id BIGINT NOT NULL,
    chat_id      BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    message_id   BIGINT NOT NULL,
    PRIMARY KEY (mentioned_id, message_id)
);
CREATE INDEX chat_mentions_by_message ON chat_mentions (chat_id, seq);
