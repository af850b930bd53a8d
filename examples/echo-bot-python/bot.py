"""A bot that marks messages as read and replies with the same text. See ../README.md for its settings."""

import hashlib
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from b24pysdk import BitrixWebhook, Client

MODE = os.environ.get("BOT_MODE") or "fetch"
TOKEN = os.environ["BOT_TOKEN"]


def connect(webhook):
    """The SDK's client for an incoming webhook, `https://HOST/rest/USER/SECRET/`."""
    url = urlsplit(webhook)
    _, _, user_id, secret = url.path.rstrip("/").split("/")
    return Client(BitrixWebhook(domain=url.netloc, webhook_token=f"{user_id}/{secret}"))


portal = connect(os.environ["PORTAL_WEBHOOK"]).imbot.v2


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

        The order matters: a reply marks all earlier messages as read, but leaves no receipt for their author.
        """
        message = portal.chat.message
        message.read(self.id, dialog_id, message_id, bot_token=TOKEN).call()
        message.send(self.id, dialog_id, {"message": text}, bot_token=TOKEN).call()
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
            print(error, file=sys.stderr, flush=True)
        time.sleep(0.5)
    if known:
        portal.event.get(bot.id, bot_token=TOKEN, limit=1, **known).call()


class Handler(BaseHTTPRequestHandler):
    """The endpoint to which the portal sends events."""

    path_of_events = "/" + hashlib.sha256(TOKEN.encode()).hexdigest()
    application_token = None
    bot = None

    def do_POST(self):
        status = 500  # The portal sends the event again.
        try:
            status = self.handle_event()
        except Exception as error:
            print(error, file=sys.stderr, flush=True)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def handle_event(self):
        if self.path != self.path_of_events:
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
        Handler.bot = Echo(eventMode="webhook", webhookUrl=url + Handler.path_of_events)
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
    if MODE == "webhook":
        receive_events()
    else:
        fetch_events()


if __name__ == "__main__":
    main()
