-- Telling bots of reads. Of what has the same subject only the latest is kept while it waits.
ALTER TABLE stream_events ADD COLUMN subject TEXT;
CREATE INDEX stream_events_by_subject ON stream_events (user_id, subject) WHERE subject IS NOT NULL;
ALTER TABLE deliveries ADD COLUMN subject TEXT;
CREATE INDEX deliveries_by_subject ON deliveries (bot_id, subject) WHERE subject IS NOT NULL;

-- Whether a bot is told of reads is the level at which it listens.
ALTER TABLE bots DROP COLUMN read_events;

-- Who is told of reads, so that a read does not look at everybody who is told of anything.
CREATE INDEX members_told_of_reads ON members (chat_id, user_id) WHERE listens >= 2;
