-- The same keys as on SQLite. Rows are not clustered here; what a read or a send changes is in no index, and with room on its page
-- the new version of a row stays there, so that no index is written at all.
ALTER TABLE members DROP CONSTRAINT members_pkey;
ALTER TABLE members ADD CONSTRAINT members_pkey PRIMARY KEY USING INDEX members_by_chat;
CREATE INDEX members_by_user ON members (user_id, chat_id);
ALTER TABLE members SET (fillfactor = 80);
ALTER TABLE chats SET (fillfactor = 80);
