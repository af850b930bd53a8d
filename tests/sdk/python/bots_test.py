"""A bot of a webhook: it writes, reads, and learns what its reads have newly viewed."""

import unittest

from b24pysdk.errors import BitrixAPIError

from portal import OWNER, READER, connect, create_chat, send, unique


class BotsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = connect(OWNER)
        cls.bot_token = unique("token")
        cls.code = unique("verger")
        cls.bot_id = cls.register("Verger")["bot"]["id"]
        cls.chat_id, cls.dialog_id = create_chat(cls.client, "Vestry", READER)
        cls.client.im.chat.user.add(cls.chat_id, [cls.bot_id]).call()

    @classmethod
    def register(cls, name):
        return cls.client.imbot.v2.bot.register({
            "code": cls.code,
            "botToken": cls.bot_token,
            "properties": {"name": name},
        }).result

    def read(self, message_id, **options):
        options = {"bot_token": self.bot_token, **options}
        message = self.client.imbot.v2.chat.message
        return message.read(self.bot_id, self.dialog_id, message_id, **options).result

    def assert_refused(self, code, call):
        with self.assertRaises(BitrixAPIError) as refused:
            call()
        self.assertEqual(refused.exception.error, code)

    def test_a_code_stands_for_one_bot(self):
        again = self.register("Another")
        self.assertEqual(again["bot"]["id"], self.bot_id)
        self.assertEqual([user["name"] for user in again["users"]], ["Verger"])

    def test_a_message_of_a_bot_counts_for_the_members(self):
        member = connect(READER)
        before = member.im.dialog.get(self.dialog_id).result["counter"]
        sent = self.client.imbot.v2.chat.message.send(
            self.bot_id, self.dialog_id, {"message": "Candles lit"}, bot_token=self.bot_token
        ).result
        after = member.im.dialog.get(self.dialog_id).result
        self.assertEqual(after["last_message_id"], sent["id"])
        self.assertEqual(after["counter"], before + 1)

    def test_a_read_tells_the_messages_that_it_has_newly_viewed(self):
        [before] = send(self.client, self.dialog_id, "Doors open")
        self.read(before)
        first, second, third = send(self.client, self.dialog_id, "One", "Two", "Three")

        expected = {"chatId": self.chat_id, "lastId": second, "counter": 1}
        self.assertEqual(self.read(second), {**expected, "viewedMessages": [first, second]})
        self.assertEqual(self.read(first), {**expected, "viewedMessages": []})
        self.assertEqual(self.read(third)["viewedMessages"], [third])

    def test_a_message_that_is_not_there_is_not_read(self):
        self.assert_refused("MESSAGE_NOT_FOUND", lambda: self.read(2_000_000_000))

    def test_a_bot_is_refused_without_its_own_token(self):
        [message_id] = send(self.client, self.dialog_id, "Doors closed")
        without_token = {"bot_token": ""}
        self.assert_refused(
            "BOT_TOKEN_NOT_SPECIFIED", lambda: self.read(message_id, **without_token)
        )
        foreign_token = {"bot_token": "somebody-else"}
        self.assert_refused("BOT_OWNERSHIP_ERROR", lambda: self.read(message_id, **foreign_token))
