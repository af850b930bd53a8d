-- Kind 4 of what is due to the program are messages from before mentions were kept that may mention somebody: neither tombstones
-- nor notices.
INSERT INTO words_due (kind, id)
    SELECT 4, m.id FROM messages m
    WHERE m.deleted = 0 AND m.kind <> 2 AND m.text LIKE '%[%'
      AND NOT EXISTS (SELECT 1 FROM mentions n WHERE n.chat_id = m.chat_id AND n.seq = m.seq)
      AND NOT EXISTS (SELECT 1 FROM chat_mentions n WHERE n.chat_id = m.chat_id AND n.seq = m.seq);
