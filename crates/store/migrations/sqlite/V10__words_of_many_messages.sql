-- Words are written for many messages at once: those of a chat up to this seq are in message_words, later ones are not.
ALTER TABLE chats ADD COLUMN indexed_seq INTEGER NOT NULL DEFAULT 0;
UPDATE chats SET indexed_seq = last_seq;
