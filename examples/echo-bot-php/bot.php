<?php

// A bot that marks messages as read and replies with the same text. See ../README.md for its settings.

declare(strict_types=1);

define('MODE', getenv('BOT_MODE') ?: 'fetch');
define('TOKEN', (string) getenv('BOT_TOKEN'));
define('WEBHOOK', rtrim((string) getenv('PORTAL_WEBHOOK'), '/'));
define('PATH', '/' . hash('sha256', TOKEN));

$bot = 0;
$left = (int) getenv('BOT_MESSAGES') ?: PHP_INT_MAX;

/** Calls a bot method and returns its result. */
function call(string $method, array $params): array
{
    $context = stream_context_create([
        'http' => [
            'method' => 'POST',
            'header' => 'Content-Type: application/json',
            'content' => json_encode($params + ['botToken' => TOKEN], JSON_THROW_ON_ERROR),
            'ignore_errors' => true,
            'timeout' => 30,
        ],
        'ssl' => array_filter(['cafile' => getenv('SSL_CERT_FILE')]),
    ]);
    $body = @file_get_contents(WEBHOOK . "/imbot.v2.$method", false, $context);
    if ($body === false) {
        // The URL is a secret, and PHP's own message contains it.
        throw new RuntimeException("$method: the portal cannot be reached");
    }
    $answer = json_decode($body, true, flags: JSON_THROW_ON_ERROR);
    if (isset($answer['error'])) {
        throw new RuntimeException("$method: {$answer['error']}: {$answer['error_description']}");
    }
    return (array) $answer['result'];
}

/** Registers the bot and its event mode; returns its id. */
function register(array $events): int
{
    $code = getenv('BOT_CODE') ?: 'echo-php';
    $fields = ['code' => $code, 'botToken' => TOKEN, 'properties' => ['name' => 'Echo']] + $events;
    $id = call('Bot.register', ['fields' => $fields])['bot']['id'];
    // Registering does not change an existing bot.
    call('Bot.update', ['botId' => $id, 'fields' => $events]);
    return $id;
}

/**
 * Marks a message in a private chat as read, then replies; other events are ignored. The order matters: a reply marks all earlier
 * messages as read, but leaves no receipt for their author.
 */
function handle(string $event, array $data): void
{
    global $bot, $left;
    if ($event !== 'ONIMBOTV2MESSAGEADD' || $data['chat']['messageType'] !== 'P') {
        return;
    }
    $dialog = ['botId' => $bot, 'dialogId' => $data['chat']['dialogId']];
    call('Chat.Message.read', $dialog + ['messageId' => $data['message']['id']]);
    call('Chat.Message.send', $dialog + ['fields' => ['message' => $data['message']['text']]]);
    $left--;
}

/** Polls for events; each request acknowledges those already handled. */
function fetchEvents(): void
{
    global $bot, $left;
    $bot = register(['eventMode' => 'fetch']);
    echo "bot $bot asks for its events\n";
    $known = ['botId' => $bot];
    while ($left > 0) {
        try {
            $events = call('Event.get', $known)['events'];
            foreach ($events as ['eventId' => $id, 'type' => $event, 'data' => $data]) {
                handle($event, $data);
                $known['offset'] = $id + 1;
                if ($left <= 0) {
                    break;
                }
            }
            if ($events) {
                continue; // It acknowledges them, and asks for more.
            }
        } catch (Exception $error) { // The portal may be restarting: ask again.
            fwrite(STDERR, $error->getMessage() . "\n");
        }
        usleep(500_000);
    }
    if (isset($known['offset'])) {
        call('Event.get', $known + ['limit' => 1]);
    }
}

/** Reads the path and the form of a request. */
function readRequest($connection): array
{
    stream_set_timeout($connection, 10);
    $path = explode(' ', (string) fgets($connection))[1] ?? '';
    $length = 0;
    while (($line = trim((string) fgets($connection))) !== '') {
        [$name, $value] = explode(':', $line, 2) + [1 => ''];
        if (strcasecmp($name, 'Content-Length') === 0) {
            $length = (int) $value;
        }
    }
    $body = $length > 0 ? (string) stream_get_contents($connection, $length) : '';
    parse_str($body, $form);
    return [$path, $form];
}

/** Handles a request and returns the status of the response. */
function receive(string $path, array $form): int
{
    static $applicationToken = null;
    if ($path !== PATH) {
        return 404;
    }
    $token = $form['auth']['application_token'] ?? '';
    $applicationToken ??= $token ?: null;
    if ($token === '' || $token !== $applicationToken) {
        return 403;
    }
    try {
        handle($form['event'], $form['data'] ?? []);
    } catch (Exception $error) {
        fwrite(STDERR, $error->getMessage() . "\n");
        return 500; // The portal sends the event again.
    }
    return 200;
}

/** Runs the server to which the portal sends events. */
function receiveEvents(): void
{
    global $bot, $left;
    $server = stream_socket_server('tcp://' . (getenv('BOT_LISTEN') ?: '127.0.0.1:0'));
    $url = getenv('BOT_URL') ?: 'http://' . stream_socket_get_name($server, false);
    // Events that arrive before the response to the registration wait until they are accepted below.
    $bot = register(['eventMode' => 'webhook', 'webhookUrl' => $url . PATH]);
    echo "bot $bot is sent its events at $url\n";
    while ($left > 0) {
        // Returns periodically even without a connection, so that signals are handled.
        $connection = @stream_socket_accept($server, 1);
        if ($connection !== false) {
            $status = receive(...readRequest($connection));
            fwrite($connection, "HTTP/1.1 $status Answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            fclose($connection);
        }
    }
}

/** Stops the bot after the current event. */
function stop(): void
{
    global $left;
    $left = 0;
}

pcntl_async_signals(true);
pcntl_signal(SIGINT, stop(...));
pcntl_signal(SIGTERM, stop(...));
MODE === 'webhook' ? receiveEvents() : fetchEvents();
