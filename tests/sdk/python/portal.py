"""The portal under test, as `readmark demo --json` describes it, and short ways to call it."""

import json
import os
import time
from urllib.parse import urlsplit

from b24pysdk import BitrixWebhook, Client


def _required(name):
    value = os.environ.get(name)
    if not value:
        raise SystemExit(f"{name} is not set: these tests are run by `cargo xtask test --only sdk`")
    return value


# Demonstration users in the parts that they play here.
ADMIN, OWNER, READER, OUTSIDER = json.loads(_required("READMARK_DEMO"))["users"][:4]

# A webhook that may do nothing but what the scope `im` allows.
LIMITED_WEBHOOK = _required("READMARK_LIMITED_WEBHOOK")


def token(webhook, *, user_id=None, secret=None):
    """The SDK's token for a webhook URL, if wished with another user or secret."""
    url = urlsplit(webhook)
    _, _, url_user_id, url_secret = url.path.rstrip("/").split("/")
    return BitrixWebhook(
        domain=url.netloc,
        webhook_token=f"{user_id or url_user_id}/{secret or url_secret}",
    )


def connect(user):
    """The SDK's client for a user."""
    return Client(token(user["webhook"]))


def unique(word):
    """A word that no earlier run has used, so that the tests can be repeated on one portal."""
    return f"{word}{time.time_ns():x}"


def create_chat(client, title, *members):
    """A new chat; its id and its dialog id."""
    users = [member["id"] for member in members]
    chat_id = client.im.chat.add(title=title, users=users).result
    return chat_id, f"chat{chat_id}"


def send(client, dialog_id, *texts):
    """Sends messages in one batch; their ids, in order."""
    requests = [client.im.message.add(dialog_id, message=text) for text in texts]
    return client.call_batch(requests, halt=True).result.result
