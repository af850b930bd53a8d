-- Sending events again, and the tokens that are sent with them.

-- When an event that was given up was told to be sent again, or 0. Its time to be given up counts from there.
ALTER TABLE deliveries ADD COLUMN replayed_at BIGINT NOT NULL DEFAULT 0;

-- What an application was granted last, and the tokens that ended long ago.
CREATE INDEX tokens_by_client ON tokens (client_id, created_at);
CREATE INDEX tokens_by_end ON tokens (expires_at);
