//! Statements that damage events on their way, the log of attempts, and handlers.

use readmark_app::verify::Check;

use super::Damage;

/// Damage to events on their way, as `on_their_way` leaves them. Nothing but what is named is found then.
pub const DAMAGES_ON_THE_WAY: &[Damage] = &[
    (
        Check::Delivery,
        "UPDATE deliveries SET state = 9 WHERE id = 2",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET attempts = -1 WHERE id = 2",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET event = 'ONIMBOTV2NOTHING', replayed_at = 1 WHERE id = 5",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET bot_id = 99 WHERE id = 5",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET acting_user_id = 99 WHERE id = 3",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET handler_id = 99 WHERE id = 1",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET url = 'http://elsewhere.example/' WHERE id = 1",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET bot_id = (SELECT bot_id FROM deliveries WHERE id = 1) WHERE id = 5",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET event = 'ONIMBOTV2JOINCHAT' WHERE id = 2",
    ),
    (
        Check::Delivery,
        "UPDATE deliveries SET event = 'ONREADMARKMESSAGEREAD' WHERE id = 5",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET bot_id = 99 WHERE delivery_id = 7",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET event = 'ONIMBOTNOTHING' WHERE delivery_id = 7",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET attempt = 0 WHERE delivery_id = 7",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET duration = -1 WHERE delivery_id = 7",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET status = 500 WHERE delivery_id = 7",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET status = 204 WHERE delivery_id = 3",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET bot_id = 1 WHERE delivery_id = 3",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET event = 'ONIMBOTV2DELETE' WHERE delivery_id = 3",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET attempt = 1 WHERE delivery_id = 1",
    ),
    (
        Check::Attempt,
        "UPDATE deliveries SET attempts = 1 WHERE id = 1",
    ),
    (
        Check::Attempt,
        "UPDATE delivery_attempts SET status = 200, error = '' WHERE delivery_id = 3",
    ),
    (
        Check::Handlers,
        "DELETE FROM event_handlers WHERE event = 'ONIMBOTV2JOINCHAT'",
    ),
    (
        Check::Handlers,
        "UPDATE event_handlers SET url = 'http://elsewhere.example/' WHERE event = 'ONIMBOTV2JOINCHAT'",
    ),
    (
        Check::Handlers,
        "UPDATE bots SET event_mode = 'fetch' WHERE code = 'keen'",
    ),
    (
        Check::Handlers,
        "INSERT INTO event_handlers (bot_id, event, command_id, url, created_at) \
         SELECT user_id, 'ONIMBOTCONTEXTGET', 0, 'http://calm.example/', 0 FROM bots WHERE code = 'calm'",
    ),
    (
        Check::Handlers,
        "INSERT INTO event_handlers (bot_id, event, command_id, url, created_at) \
         SELECT user_id, 'ONIMBOTJOINCHAT', 0, '', 0 FROM bots WHERE code = 'calm'",
    ),
    (
        Check::Handlers,
        "INSERT INTO commands (id, bot_id, name, folded, common, hidden, extranet_support, created_at) \
         SELECT 50, user_id, 'ebb', 'ebb', 0, 0, 0, 0 FROM bots WHERE code = 'keen'; \
         INSERT INTO event_handlers (bot_id, event, command_id, url, created_at) \
         SELECT user_id, 'ONIMCOMMANDADD', 50, 'http://calm.example/', 0 FROM bots WHERE code = 'calm'",
    ),
];
