-- Events that were delivered (state 2) are kept for about a minute, for those who watch a bot. The time of the next attempt is then
-- the time of delivery.
CREATE INDEX deliveries_delivered ON deliveries (next_attempt_at) WHERE state = 2;
