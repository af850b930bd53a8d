"""The example bots, run as their readers would run them: each in both modes. Ends with `N passed, N failed`."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from b24pysdk import BitrixWebhook, Client

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import counting

# Longer than anything takes that happens at all.
PATIENCE = 120

EXAMPLES = Path(__file__).parents[2] / "examples"
AUTHORITY = os.environ["REQUESTS_CA_BUNDLE"]
PERSON = json.loads(os.environ["READMARK_DEMO"])["users"][1]
# It has the scope `imbot` and no other.
WEBHOOK = os.environ["READMARK_BOT_WEBHOOK"]

COMMANDS = {
    "js": [os.environ["READMARK_NODE"], "bot.js"],
    "python": [os.environ["READMARK_PYTHON"], "-B", "bot.py"],
    "php": ["php", "bot.php"],
}


def connect(webhook):
    url = urllib.parse.urlsplit(webhook)
    _, _, user_id, secret = url.path.rstrip("/").split("/")
    return Client(BitrixWebhook(domain=url.netloc, webhook_token=f"{user_id}/{secret}"))


person = connect(PERSON["webhook"])
owner = connect(WEBHOOK)


def until(look, what):
    """Looks again and again until it finds something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} does not happen")


class Bot:
    """A running bot."""

    def __init__(self, language, mode, code, token, messages=None):
        environment = {
            **os.environ,
            "NODE_EXTRA_CA_CERTS": AUTHORITY,
            "SSL_CERT_FILE": AUTHORITY,
            "PORTAL_WEBHOOK": WEBHOOK,
            "BOT_TOKEN": token,
            "BOT_CODE": code,
            "BOT_MODE": mode,
            "BOT_MESSAGES": str(messages or ""),
        }
        self.process = subprocess.Popen(
            COMMANDS[language],
            cwd=EXAMPLES / f"echo-bot-{language}",
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        # A bot that hangs would otherwise be waited for without end.
        self.limit = threading.Timer(PATIENCE, self.process.kill)
        self.limit.start()
        line = self.process.stdout.readline()
        self.limit.cancel()
        said = re.fullmatch(r"bot (\d+) (?:asks for its events|is sent its events at (\S+))\n", line)
        if not said:
            self.end()
            raise AssertionError(f"the bot said {line!r}")
        self.id = int(said[1])
        self.url = said[2]

    def wait(self):
        """Waits until the bot has ended by itself; its exit code."""
        return self.process.wait(PATIENCE)

    def stop(self):
        """Tells the bot to end; its exit code."""
        self.process.terminate()
        return self.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class EchoBot:
    """What every bot does in every mode."""

    language = None
    mode = None

    def setUp(self):
        self.token = f"token-{time.time_ns():x}"
        self.code = f"{self.language}-{self.mode}-{time.time_ns():x}"

    def start(self, **options):
        bot = Bot(self.language, self.mode, self.code, self.token, **options)
        self.addCleanup(bot.end)
        return bot

    def write(self, bot_id, text):
        return person.im.message.add(str(bot_id), message=text).result

    def answers(self, bot_id):
        """The texts that the bot wrote, in order."""
        params = {"DIALOG_ID": str(bot_id), "LIMIT": 50}
        found = person.get_token().call_method("im.dialog.messages.get", params)["result"]
        messages = sorted(found["messages"], key=lambda message: message["id"])
        return [message["text"] for message in messages if message["author_id"] == bot_id]

    def wait_for_answers(self, bot_id, texts):
        until(lambda: len(self.answers(bot_id)) >= len(texts), f"the answer {texts[-1]!r}")
        self.assertEqual(self.answers(bot_id), texts)

    def state(self, bot_id, read_message_id):
        """What the bot has read, learnt by reading again what it has read long ago."""
        message = owner.imbot.v2.chat.message
        dialog_id = str(PERSON["id"])
        return message.read(bot_id, dialog_id, read_message_id, bot_token=self.token).result

    def wait_until_read(self, bot_id, first, last):
        """Waits until the bot has read its chat: `first` is a message of the person's, `last` the newest one."""
        def is_read():
            state = self.state(bot_id, first)
            return state["counter"] == 0 and state["lastId"] >= last
        until(is_read, "that the bot reads")

        # The person sees that. Answering alone would make the counter 0 and leave no receipt.
        dialog = person.im.dialog.get(str(bot_id)).result
        [receipt] = [entry for entry in dialog["readed_list"] if entry["user_id"] == bot_id]
        self.assertGreaterEqual(receipt["message_id"], last)

    def test_it_answers_and_reads_and_ends_after_as_many_messages_as_it_was_told(self):
        bot = self.start(messages=2)
        texts = ["Grüße & 50% + [b]more[/b] = ½ 🚢", "second\nline"]
        first = self.write(bot.id, texts[0])
        self.wait_for_answers(bot.id, texts[:1])
        last = self.write(bot.id, texts[1])
        self.wait_for_answers(bot.id, texts)
        self.wait_until_read(bot.id, first, last)
        self.assertEqual(bot.wait(), 0)

    def test_it_ends_when_told_and_begins_again_as_the_same_bot_with_what_it_missed(self):
        bot = self.start()
        first = self.write(bot.id, "before")
        self.wait_for_answers(bot.id, ["before"])
        self.wait_until_read(bot.id, first, first)
        self.assertEqual(bot.stop(), 0)

        missed = self.write(bot.id, "missed")
        again = self.start()
        self.assertEqual(again.id, bot.id)
        # It had finished with the first one before it ended, so it answers that once.
        self.wait_for_answers(bot.id, ["before", "missed"])
        self.wait_until_read(bot.id, first, missed)
        self.assertEqual(again.stop(), 0)


class FetchingBot(EchoBot):
    mode = "fetch"


class SentBot(EchoBot):
    mode = "webhook"

    def post(self, url, token, text):
        """What somebody who is not the portal may send; the status of the answer."""
        fields = {
            "event": "ONIMBOTV2MESSAGEADD",
            "data[chat][messageType]": "P",
            "data[chat][dialogId]": PERSON["id"],
            "data[message][id]": 1,
            "data[message][text]": text,
            "auth[application_token]": token,
        }
        form = urllib.parse.urlencode(fields).encode()
        try:
            with urllib.request.urlopen(url, form, PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_it_believes_nobody_but_the_portal(self):
        bot = self.start()
        path = hashlib.sha256(self.token.encode()).hexdigest()
        self.write(bot.id, "genuine")
        self.wait_for_answers(bot.id, ["genuine"])
        self.assertEqual(self.post(f"{bot.url}/{path}", "guessed", "forged"), 403)
        self.assertEqual(self.post(f"{bot.url}/{path}", "", "forged"), 403)
        self.assertEqual(self.post(f"{bot.url}/", "guessed", "forged"), 404)
        self.write(bot.id, "genuine, too")
        self.wait_for_answers(bot.id, ["genuine", "genuine, too"])


def load():
    """A class of tests for each bot in each mode."""
    suite = unittest.TestSuite()
    for language in COMMANDS:
        for kind in (FetchingBot, SentBot):
            name = f"{language}_{kind.mode}"
            tests = type(name, (kind, unittest.TestCase), {"language": language})
            suite.addTest(unittest.defaultTestLoader.loadTestsFromTestCase(tests))
    return suite


if __name__ == "__main__":
    sys.exit(counting.run(load()))
