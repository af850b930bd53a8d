<?php

// A bot that marks messages as read and replies with the same text. See ../README.md for its settings.

declare(strict_types=1);

define('MODE', getenv('BOT_MODE') ?: 'fetch');
define('TOKEN', (string) getenv('BOT_TOKEN'));
define('WEBHOOK', rtrim((string) getenv('PORTAL_WEBHOOK'), '/'));
define('PATH', '/' . hash('sha256', TOKEN));

$bot = 0;
$left = (int) getenv('BOT_MESSAGES') ?: PHP_INT_MAX;

/** The portal refused a call, and would refuse it again: the message or the chat is gone, or there is nothing to send. */
class Refused extends RuntimeException
{
}

/** Says why in one line, and ends the bot. */
function finish(int $status, string $problem): never
{
    say($problem);
    exit($status);
}

/** Prints a problem in one line. Errors can quote URLs and parameters, which are secret. */
function say(string $problem): void
{
    $secrets = array_filter([TOKEN, substr(PATH, 1), ...array_slice(explode('/', WEBHOOK), 5)]);
    fwrite(STDERR, str_replace($secrets, '***', preg_replace('/\s+/', ' ', $problem)) . "\n");
}

function checkSettings(): void
{
    $missing = array_filter(['PORTAL_WEBHOOK', 'BOT_TOKEN'], fn ($name) => (string) getenv($name) === '');
    if ($missing) {
        finish(2, implode(' and ', $missing) . ' must be set: see examples/README.md');
    }
    if (!in_array(MODE, ['fetch', 'webhook'], true)) {
        finish(2, 'BOT_MODE must be fetch or webhook');
    }
    if (!preg_match('/^([1-9]\d*)?$/D', (string) getenv('BOT_MESSAGES'))) {
        finish(2, 'BOT_MESSAGES must be a number');
    }
    if (!preg_match('/^([^:]+:\d{1,5})?$/D', (string) getenv('BOT_LISTEN'))) {
        finish(2, 'BOT_LISTEN must be an address and a port such as 127.0.0.1:8080');
    }
    $authority = (string) getenv('PORTAL_CA');
    if ($authority !== '' && !is_readable($authority)) {
        finish(2, "PORTAL_CA names a file that cannot be read: $authority");
    }
    if (!preg_match('~^https?://[^/]+/rest/\d+/[^/]+$~D', WEBHOOK)) {
        finish(2, 'PORTAL_WEBHOOK must be the URL of an incoming webhook such as https://localhost:8443/rest/1/SECRET/');
    }
}

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
        'ssl' => array_filter(['cafile' => getenv('PORTAL_CA')]),
    ]);
    $body = @file_get_contents(WEBHOOK . "/imbot.v2.$method", false, $context);
    if ($body === false) {
        throw new RuntimeException("$method: the portal cannot be reached, or its certificate is not trusted: see PORTAL_CA");
    }
    $status = (int) (explode(' ', $http_response_header[0])[1] ?? 0);
    $answer = json_decode($body, true);
    if (!is_array($answer)) {
        throw new RuntimeException("$method: the answer, with status $status, is not from a portal");
    }
    if (isset($answer['error'])) {
        $problem = "$method: {$answer['error']}: {$answer['error_description']}";
        // Whatever else goes wrong may go right later: too many calls, a webhook that is being replaced.
        $isFinal = $status >= 400 && $status < 500 && !in_array($status, [401, 408, 429], true);
        throw $isFinal ? new Refused($problem) : new RuntimeException($problem);
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
 * messages as read, but leaves no receipt for their author. A message that is gone, or has no text, is passed over: whoever could
 * stop the bot at it would stop it for everybody.
 */
function handle(string $event, array $data): void
{
    global $bot, $left;
    if ($event !== 'ONIMBOTV2MESSAGEADD' || $data['chat']['messageType'] !== 'P') {
        return;
    }
    $dialog = ['botId' => $bot, 'dialogId' => $data['chat']['dialogId']];
    try {
        call('Chat.Message.read', $dialog + ['messageId' => $data['message']['id']]);
        call('Chat.Message.send', $dialog + ['fields' => ['message' => $data['message']['text']]]);
    } catch (Refused $error) {
        say("message {$data['message']['id']} is passed over: {$error->getMessage()}");
        return;
    }
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
            say($error->getMessage());
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
    } catch (Throwable $error) {
        say($error->getMessage());
        return 500; // The portal sends the event again.
    }
    return 200;
}

/** Runs the server to which the portal sends events. */
function receiveEvents(): void
{
    global $bot, $left;
    $listen = getenv('BOT_LISTEN') ?: '127.0.0.1:0';
    $server = @stream_socket_server("tcp://$listen", $number, $problem);
    if ($server === false) {
        throw new RuntimeException("the bot cannot listen on $listen: $problem");
    }
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
checkSettings();
try {
    MODE === 'webhook' ? receiveEvents() : fetchEvents();
} catch (Throwable $error) {
    finish(1, $error->getMessage());
}
