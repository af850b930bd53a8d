"""The example bots, run as their readers would run them: each in both modes. Ends with `N passed, N failed`."""

import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
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
DEMO = json.loads(os.environ["READMARK_DEMO"])
PERSON = DEMO["users"][1]
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


def settings(**changes):
    """The environment of a bot: what its readme names and nothing else that has to do with the portal."""
    foreign = re.compile("READMARK_|BOT_|PORTAL_|NODE_EXTRA_CA_CERTS$|REQUESTS_CA_BUNDLE$|SSL_CERT_FILE$")
    environment = {name: value for name, value in os.environ.items() if not foreign.match(name)}
    environment |= {"PORTAL_WEBHOOK": WEBHOOK, "PORTAL_CA": DEMO["ca"], **changes}
    return {name: value for name, value in environment.items() if value is not None}


def start(language, environment, **streams):
    return subprocess.Popen(
        COMMANDS[language], cwd=EXAMPLES / f"echo-bot-{language}", env=environment, text=True, **streams
    )


def secrets_of(token):
    """What a bot must not print."""
    return [token, hashlib.sha256(token.encode()).hexdigest(), WEBHOOK.rstrip("/").split("/")[-1]]


class Forwarder:
    """A way to the portal that can be closed and opened."""

    def __init__(self, portal_port):
        self.portal = ("127.0.0.1", portal_port)
        self.is_open = True
        self.connections = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.is_open:
                near.close()
                continue
            far = socket.create_connection(self.portal)
            self.connections += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.copy, args=(source, sink), daemon=True).start()

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.is_open = False
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It has ended already.

    def open(self):
        self.is_open = True

    def end(self):
        self.close()
        self.listener.close()


class Bot:
    """A running bot."""

    def __init__(self, language, mode, code, token, messages=None, webhook=WEBHOOK):
        environment = settings(
            PORTAL_WEBHOOK=webhook,
            BOT_TOKEN=token,
            BOT_CODE=code,
            BOT_MODE=mode,
            BOT_MESSAGES=str(messages or ""),
        )
        self.problems = tempfile.TemporaryFile("w+")
        self.process = start(language, environment, stdout=subprocess.PIPE, stderr=self.problems)
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

    def said_of_problems(self):
        """The lines that it has written to standard error so far."""
        self.problems.seek(0)
        return self.problems.read().splitlines()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.problems.close()


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
        self.addCleanup(lambda: self.assert_no_secrets("\n".join(bot.said_of_problems())))
        return bot

    def assert_no_secrets(self, text):
        for secret in secrets_of(self.token):
            self.assertNotIn(secret, text)

    def failure(self, **changes):
        """Starts a bot that cannot run; its exit code and the line that says why."""
        usual = {"BOT_TOKEN": self.token, "BOT_CODE": self.code, "BOT_MODE": self.mode}
        environment = settings(**{**usual, **changes})
        bot = start(self.language, environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            said, problem = bot.communicate(timeout=PATIENCE)
        finally:
            bot.kill()
        self.assertEqual(said, "")
        self.assert_no_secrets(problem)
        self.assertEqual(len(problem.splitlines()), 1, problem)
        return bot.returncode, problem.strip()

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


    def test_it_goes_on_past_what_is_gone_and_what_cannot_be_echoed(self):
        bot = self.start()
        first = self.write(bot.id, "before")
        self.wait_for_answers(bot.id, ["before"])
        self.wait_until_read(bot.id, first, first)
        self.assertEqual(bot.stop(), 0)

        gone = self.write(bot.id, "gone")
        method = person.get_token().call_method
        self.assertTrue(method("im.message.delete", {"MESSAGE_ID": gone})["result"])
        file = {"name": "notes.txt", "content": base64.b64encode(b"no text beside it").decode()}
        method("im.v2.File.upload", {"dialogId": str(bot.id), "fields": file})
        last = self.write(bot.id, "still there")

        again = self.start()
        self.wait_for_answers(bot.id, ["before", "still there"])
        self.wait_until_read(bot.id, first, last)
        said = again.said_of_problems()
        self.assertEqual(len(said), 2, said)
        self.assertIn(f"message {gone} is passed over", said[0])
        self.assertIn("MESSAGE_NOT_FOUND", said[0])
        self.assertIn("EMPTY_MESSAGE", said[1])
        self.assertEqual(again.stop(), 0)

    def test_it_waits_for_a_portal_that_is_away(self):
        url = urllib.parse.urlsplit(WEBHOOK)
        way = Forwarder(url.port)
        self.addCleanup(way.end)
        bot = self.start(webhook=WEBHOOK.replace(f":{url.port}/", f":{way.port}/", 1))
        way.close()
        self.write(bot.id, "meanwhile")
        until(bot.said_of_problems, "that it notices")
        self.assertEqual(self.answers(bot.id), [])
        way.open()
        self.wait_for_answers(bot.id, ["meanwhile"])
        self.assertEqual(bot.stop(), 0)

    def test_what_is_wrong_at_the_start_is_said_in_one_line_without_secrets(self):
        self.assertEqual(
            self.failure(PORTAL_WEBHOOK=None),
            (2, "PORTAL_WEBHOOK must be set: see examples/README.md"),
        )
        self.assertEqual(
            self.failure(PORTAL_WEBHOOK=None, BOT_TOKEN=None),
            (2, "PORTAL_WEBHOOK and BOT_TOKEN must be set: see examples/README.md"),
        )
        secret = secrets_of(self.token)[-1]
        for name, value in [
            ("PORTAL_WEBHOOK", WEBHOOK.replace("/rest/", "/wrong/")),
            ("PORTAL_WEBHOOK", secret),
            ("PORTAL_CA", "/nowhere/ca.pem"),
            ("BOT_MESSAGES", "few"),
            ("BOT_LISTEN", "8080"),
        ]:
            code, problem = self.failure(**{name: value})
            self.assertEqual(code, 2)
            self.assertIn(name, problem)
        for changes, expected in [
            # Nobody listens there.
            ({"PORTAL_WEBHOOK": re.sub(r":\d+/", ":1/", WEBHOOK, count=1)}, "Bot.register|register"),
            # Nothing says whom to trust.
            ({"PORTAL_CA": None}, "certificate|CERTIFICATE"),
            ({"PORTAL_WEBHOOK": WEBHOOK.rstrip("/") + "0"}, "INVALID_CREDENTIALS"),
        ]:
            code, problem = self.failure(**changes)
            self.assertEqual(code, 1)
            self.assertRegex(problem, expected)


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


class Readme(unittest.TestCase):
    """What the readme says of writing to a bot."""

    def test_the_commands_for_writing_to_a_bot_do_it(self):
        bot = Bot("python", "fetch", f"readme-{time.time_ns():x}", "readme-token", messages=1)
        self.addCleanup(bot.end)
        readme = (EXAMPLES / "README.md").read_text()
        [commands] = [block for block in re.findall("```sh\n(.*?)```", readme, re.S) if "curl" in block]
        write, show = [line for line in commands.splitlines() if line.startswith("curl")]
        environment = settings(PORTAL_WEBHOOK=PERSON["webhook"])

        def run(command):
            command = command.replace("DIALOG_ID=12", f"DIALOG_ID={bot.id}")
            command = ["sh", "-c", command]
            return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)

        self.assertGreater(run(write)["result"], 0)
        self.assertEqual(bot.wait(), 0)
        messages = run(show)["result"]["messages"]
        texts = [(message["author_id"] == bot.id, message["text"]) for message in messages]
        self.assertEqual(sorted(texts), [(False, "Hello"), (True, "Hello")])


def load():
    """A class of tests for each bot in each mode."""
    suite = unittest.TestSuite()
    suite.addTest(unittest.defaultTestLoader.loadTestsFromTestCase(Readme))
    for language in COMMANDS:
        for kind in (FetchingBot, SentBot):
            name = f"{language}_{kind.mode}"
            tests = type(name, (kind, unittest.TestCase), {"language": language})
            suite.addTest(unittest.defaultTestLoader.loadTestsFromTestCase(tests))
    return suite


if __name__ == "__main__":
    sys.exit(counting.run(load()))
