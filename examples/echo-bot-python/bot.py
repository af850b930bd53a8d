"""A bot that marks messages as read and replies with the same text. See ../README.md for its settings."""

import hashlib
import os
import re
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from b24pysdk import BitrixWebhook, Client
from b24pysdk.errors import BitrixAPIError

MODE = os.environ.get("BOT_MODE") or "fetch"
TOKEN = os.environ.get("BOT_TOKEN") or ""
PATH = "/" + hashlib.sha256(TOKEN.encode()).hexdigest()

# What does not concern the message that is being answered: a webhook that is being replaced, too many calls.
TEMPORARY = {401, 408, 429}


def say(problem):
    """Prints a problem in one line. Errors can quote URLs and parameters, which are secret."""
    if isinstance(problem, BitrixAPIError):
        problem = f"{problem.json_response['error']}: {problem}"
    line = " ".join(str(problem).split())
    for secret in [TOKEN, PATH[1:], *os.environ.get("PORTAL_WEBHOOK", "").split("/")[5:]]:
        line = line.replace(secret, "***") if secret else line
    print(line, file=sys.stderr, flush=True)


def end(status, problem):
    """Says why in one line, and ends the bot."""
    say(problem)
    sys.exit(status)


def check_settings():
    missing = [name for name in ("PORTAL_WEBHOOK", "BOT_TOKEN") if not os.environ.get(name)]
    if missing:
        end(2, f"{' and '.join(missing)} must be set: see examples/README.md")
    if MODE not in ("fetch", "webhook"):
        end(2, "BOT_MODE must be fetch or webhook")
    if not re.fullmatch(r"([1-9]\d*)?", os.environ.get("BOT_MESSAGES", "")):
        end(2, "BOT_MESSAGES must be a number")
    if not re.fullmatch(r"([^:]+:\d{1,5})?", os.environ.get("BOT_LISTEN", "")):
        end(2, "BOT_LISTEN must be an address and a port such as 127.0.0.1:8080")
    authority = os.environ.get("PORTAL_CA")
    if authority and not os.access(authority, os.R_OK):
        end(2, f"PORTAL_CA names a file that cannot be read: {authority}")
    if authority:
        # Where the HTTP library of the SDK looks.
        os.environ["REQUESTS_CA_BUNDLE"] = authority


def connect():
    """The SDK's client for an incoming webhook, `https://HOST/rest/USER/SECRET/`."""
    url = urlsplit(os.environ["PORTAL_WEBHOOK"])
    parts = re.fullmatch(r"/rest/(\d+)/([^/]+)/?", url.path)
    if url.scheme != "https" or not parts:
        end(2, "PORTAL_WEBHOOK must be the URL of an incoming webhook such as https://localhost:8443/rest/1/SECRET/")
    return Client(BitrixWebhook(domain=url.netloc, webhook_token=f"{parts[1]}/{parts[2]}"))


check_settings()
portal = connect().imbot.v2


class Echo:
    """The registered bot."""

    stopped = False

    def __init__(self, **events):
        """Registers the bot and its event mode."""
        code = os.environ.get("BOT_CODE") or "echo-python"
        fields = {"code": code, "botToken": TOKEN, "properties": {"name": "Echo"}, **events}
        self.id = portal.bot.register(fields).result["bot"]["id"]
        # Registering does not change an existing bot.
        portal.bot.update(self.id, events, bot_token=TOKEN).call()
        self.left = int(os.environ.get("BOT_MESSAGES") or 0) or float("inf")

    def answer(self, dialog_id, message_id, text):
        """Marks a message in a private chat as read, then replies.

        The order matters: a reply marks all earlier messages as read, but leaves no receipt for their author. A message that
        is gone, or has no text, is passed over: whoever could stop the bot at it would stop it for everybody.
        """
        message = portal.chat.message
        try:
            message.read(self.id, dialog_id, message_id, bot_token=TOKEN).call()
            message.send(self.id, dialog_id, {"message": text}, bot_token=TOKEN).call()
        except BitrixAPIError as error:
            status = error.response.status_code
            if not 400 <= status < 500 or status in TEMPORARY:
                raise
            say(f"message {message_id} is passed over: {error.json_response['error']}: {error}")
            return
        self.left -= 1

    @property
    def goes_on(self):
        return self.left > 0 and not Echo.stopped


def fetch_events():
    """Polls for events; each request acknowledges those already handled."""
    bot = Echo(eventMode="fetch")
    print(f"bot {bot.id} asks for its events", flush=True)
    known = {}
    while bot.goes_on:
        try:
            events = portal.event.get(bot.id, bot_token=TOKEN, **known).result["events"]
            for event in events:
                data = event["data"]
                if event["type"] == "ONIMBOTV2MESSAGEADD" and data["chat"]["messageType"] == "P":
                    message = data["message"]
                    bot.answer(data["chat"]["dialogId"], message["id"], message["text"])
                known = {"offset": event["eventId"] + 1}
                if not bot.goes_on:
                    break
            if events:
                continue  # It acknowledges them, and asks for more.
        except Exception as error:  # The portal may be restarting: ask again.
            say(error)
        time.sleep(0.5)
    if known:
        portal.event.get(bot.id, bot_token=TOKEN, limit=1, **known).call()


class Handler(BaseHTTPRequestHandler):
    """The endpoint to which the portal sends events."""

    # Nobody keeps the others waiting for longer, in seconds.
    timeout = 10
    application_token = None
    bot = None

    def do_POST(self):
        status = 500  # The portal sends the event again.
        try:
            status = self.handle_event()
        except Exception as error:
            say(error)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def handle_event(self):
        if self.path != PATH:
            return 404
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        token = form.get("auth[application_token]")
        if Handler.application_token is None:
            Handler.application_token = token
        if not token or token != self.application_token:
            return 403
        is_message = form.get("event") == "ONIMBOTV2MESSAGEADD"
        if is_message and form["data[chat][messageType]"] == "P":
            message_id = int(form["data[message][id]"])
            self.bot.answer(form["data[chat][dialogId]"], message_id, form["data[message][text]"])
        return 200

    def log_message(self, *_):
        """Logs no requests: the path is a secret."""


def receive_events():
    """Receives events until the bot stops."""
    host, port = (os.environ.get("BOT_LISTEN") or "127.0.0.1:0").split(":")
    # Events that arrive before the response to the registration wait until they are accepted below.
    with HTTPServer((host, int(port)), Handler) as server:
        url = os.environ.get("BOT_URL") or f"http://{host}:{server.server_port}"
        Handler.bot = Echo(eventMode="webhook", webhookUrl=url + PATH)
        print(f"bot {Handler.bot.id} is sent its events at {url}", flush=True)
        server.timeout = 0.5  # So that a signal is heard.
        while Handler.bot.goes_on:
            server.handle_request()


def stop(*_):
    """Stops the bot after the current event."""
    Echo.stopped = True


def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        receive_events() if MODE == "webhook" else fetch_events()
    except Exception as error:
        end(1, error)


if __name__ == "__main__":
    main()
