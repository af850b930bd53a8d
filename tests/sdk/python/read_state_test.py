"""What one user reads, another one's counters, and who has seen what."""

import unittest
from datetime import datetime, timezone

from b24pysdk.errors import BitrixAPIForbidden

from portal import OUTSIDER, OWNER, READER, connect, create_chat, send


class ReadStateTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.author = connect(OWNER)
        cls.member = connect(READER)
        cls.chat_id, cls.dialog_id = create_chat(cls.author, "Bell tower", READER)

    def setUp(self):
        self.read_all()
        self.first, self.second, self.third = send(
            self.author, self.dialog_id, "Rope worn", "Clapper oiled", "Bell rung"
        )

    def read(self, message_id):
        return self.member.im.dialog.read(self.dialog_id, message_id).result

    def read_all(self):
        # The SDK's own method insists on a message, which the API does not.
        params = {"DIALOG_ID": self.dialog_id}
        return self.member.get_token().call_method("im.dialog.read", params)["result"]

    def dialog(self, client):
        return client.im.dialog.get(self.dialog_id).result

    def state(self, last_id, counter):
        return {
            "dialogId": self.dialog_id,
            "chatId": self.chat_id,
            "lastId": last_id,
            "counter": counter,
        }

    def test_the_webhook_says_who_calls(self):
        user_id = str(READER["id"])
        self.assertEqual(self.member.profile().result["ID"], user_id)
        self.assertEqual(self.member.user.current().result["ID"], user_id)

    def test_what_others_wrote_counts_and_what_one_wrote_oneself_does_not(self):
        unread = self.dialog(self.member)
        self.assertEqual(unread["counter"], 3)
        self.assertEqual(unread["unread_id"], self.first)
        self.assertEqual(unread["last_message_id"], self.third)
        self.assertEqual(self.dialog(self.author)["counter"], 0)

    def test_reading_goes_up_to_a_message_or_to_the_end(self):
        self.assertEqual(self.read(self.first), self.state(self.first, 2))
        self.assertEqual(self.dialog(self.member)["unread_id"], self.second)
        self.assertEqual(self.read_all(), self.state(self.third, 0))
        self.assertEqual(self.dialog(self.member)["unread_id"], 0)

    def test_an_empty_message_id_reads_to_the_end(self):
        self.assertEqual(self.read(""), self.state(self.third, 0))

    def test_reading_an_older_message_changes_nothing(self):
        self.read(self.third)
        self.assertEqual(self.read(str(self.first)), self.state(self.third, 0))

    def test_a_message_marked_as_unread_counts_again(self):
        self.read_all()
        self.assertIs(self.member.im.dialog.unread(self.dialog_id, self.second).result, True)
        dialog = self.dialog(self.member)
        self.assertEqual(dialog["counter"], 2)
        self.assertEqual(dialog["unread_id"], self.second)
        self.assertEqual(dialog["marked_id"], self.second)

    def test_the_totals_fall_by_exactly_what_was_read(self):
        unread = self.member.im.counters.get().result
        self.assertEqual(unread["CHAT"][str(self.chat_id)], 3)
        self.read(self.second)
        rest = self.member.im.counters.get().result
        self.assertEqual(rest["CHAT"][str(self.chat_id)], 1)
        self.assertEqual(unread["TYPE"]["CHAT"] - rest["TYPE"]["CHAT"], 2)
        self.assertEqual(unread["TYPE"]["ALL"] - rest["TYPE"]["ALL"], 2)
        self.read_all()
        self.assertNotIn(str(self.chat_id), self.member.im.counters.get().result["CHAT"])

    def test_a_muted_chat_is_counted_apart(self):
        before = self.member.im.counters.get().result
        self.assertIs(self.member.im.chat.mute(chat_id=self.chat_id, mute=True).result, True)
        try:
            muted = self.member.im.counters.get().result
        finally:
            self.member.im.chat.mute(chat_id=self.chat_id, mute=False).call()
        self.assertNotIn(str(self.chat_id), muted["CHAT"])
        self.assertEqual(muted["CHAT_MUTED"][str(self.chat_id)], 3)
        self.assertEqual(before["TYPE"]["CHAT"] - muted["TYPE"]["CHAT"], 3)

    def test_the_author_sees_who_has_viewed_the_last_message(self):
        nobody = {"message_id": self.third, "first_viewers": [], "count_of_viewers": 0}
        self.assertEqual(self.dialog(self.author)["last_message_views"], nobody)
        self.read_all()
        dialog = self.dialog(self.author)
        views = dialog["last_message_views"]
        self.assertEqual(views["count_of_viewers"], 1)
        self.assertEqual([viewer["user_id"] for viewer in views["first_viewers"]], [READER["id"]])
        [receipt] = dialog["readed_list"]
        self.assertEqual(receipt["user_id"], READER["id"])
        self.assertEqual(receipt["message_id"], self.third)
        self.assertLessEqual(datetime.fromisoformat(receipt["date"]), datetime.now(timezone.utc))

    def test_a_deleted_unviewed_message_no_longer_counts(self):
        self.assertIs(self.author.im.message.delete(self.second).result, True)
        dialog = self.dialog(self.member)
        self.assertEqual(dialog["counter"], 2)
        self.assertEqual(self.read(self.first), self.state(self.first, 1))

    def test_the_recent_list_shows_the_counter(self):
        items = self.member.im.recent.list(unread_only=True).result["items"]
        [item] = [item for item in items if item["id"] == self.dialog_id]
        self.assertEqual(item["counter"], 3)
        self.assertEqual(item["message"]["id"], self.third)
        self.assertIs(item["unread"], False)

    def test_a_chat_can_be_flagged_as_unread(self):
        self.read_all()
        total = self.member.im.counters.get().result["TYPE"]["ALL"]
        self.assertIs(self.member.im.recent.unread(self.dialog_id, True).result, True)
        flagged = self.member.im.counters.get().result
        self.assertEqual(flagged["TYPE"]["ALL"] - total, 1)
        self.assertEqual(self.dialog(self.member)["counter"], 0)
        self.read_all()
        self.assertEqual(self.member.im.counters.get().result["TYPE"]["ALL"], total)

    def test_everything_is_read_at_once(self):
        self.assertIs(self.member.im.dialog.read.all().result, True)
        self.assertEqual(self.dialog(self.member)["counter"], 0)
        self.assertEqual(self.member.im.counters.get().result["TYPE"]["ALL"], 0)

    def test_who_is_no_member_reads_nothing(self):
        stranger = connect(OUTSIDER)
        self.assertIs(stranger.im.dialog.read(self.dialog_id, self.third).result, False)
        with self.assertRaises(BitrixAPIForbidden) as refused:
            stranger.im.dialog.get(self.dialog_id).call()
        self.assertEqual(refused.exception.error, "ACCESS_ERROR")
