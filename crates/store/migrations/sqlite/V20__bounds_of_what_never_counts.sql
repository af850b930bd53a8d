-- After these seqs there is nothing that does not count, so that a cursor at or after them needs no look: in a chat no uncounted
-- seq, for a member no message of one's own. They are bounds: there may be less before them.
ALTER TABLE chats ADD COLUMN uncounted_seq INTEGER NOT NULL DEFAULT 0;
UPDATE chats SET uncounted_seq = last_seq;
ALTER TABLE members ADD COLUMN own_seq INTEGER NOT NULL DEFAULT 0;
UPDATE members SET own_seq = coalesce((SELECT c.last_seq FROM chats c WHERE c.id = members.chat_id), 0);
