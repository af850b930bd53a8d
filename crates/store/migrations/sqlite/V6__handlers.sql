-- Bots that were registered before they had handlers and streams get them.

UPDATE bots SET application_token = lower(hex(randomblob(16))) WHERE application_token = '';
INSERT INTO streams (user_id, subscribed)
    SELECT user_id, 1 FROM bots WHERE user_id NOT IN (SELECT user_id FROM streams);
UPDATE members SET listens = 1
    WHERE listens = 0 AND user_id IN (SELECT user_id FROM streams WHERE subscribed >= 1);

INSERT INTO event_handlers (bot_id, event, command_id, url, created_at)
    SELECT bots.user_id, names.event, 0, bots.webhook_url, bots.created_at
    FROM bots CROSS JOIN (
        SELECT 'ONIMBOTV2MESSAGEADD' AS event
        UNION ALL SELECT 'ONIMBOTV2MESSAGEUPDATE'
        UNION ALL SELECT 'ONIMBOTV2MESSAGEDELETE'
        UNION ALL SELECT 'ONIMBOTV2JOINCHAT'
        UNION ALL SELECT 'ONIMBOTV2DELETE'
        UNION ALL SELECT 'ONIMBOTV2CONTEXTGET'
        UNION ALL SELECT 'ONIMBOTV2COMMANDADD'
        UNION ALL SELECT 'ONIMBOTV2REACTIONCHANGE'
    ) AS names
    WHERE bots.generation = 2 AND bots.event_mode = 'webhook'
        AND bots.user_id NOT IN (SELECT bot_id FROM event_handlers)
    ORDER BY bots.user_id;
