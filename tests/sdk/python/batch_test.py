"""Several commands in one request."""

import unittest

from portal import OWNER, READER, connect, create_chat


class BatchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = connect(OWNER)

    def test_named_commands_are_answered_under_their_names_and_follow_references(self):
        im = self.client.im
        batch = self.client.call_batch({
            "chat": im.chat.add(title="Clock makers", users=[READER["id"]]),
            "message": im.message.add("chat$result[chat]", message="Half past 3 & a bit + more"),
            "dialog": im.dialog.get("chat$result[chat]"),
            "written": im.dialog.messages.get("chat$result[dialog][id]"),
        }).result

        self.assertEqual(list(batch.result), ["chat", "message", "dialog", "written"])
        self.assertFalse(batch.result_error)
        chat_id, message_id = batch.result["chat"], batch.result["message"]
        self.assertEqual(batch.result["dialog"]["id"], chat_id)
        self.assertEqual(batch.result["dialog"]["last_message_id"], message_id)
        texts = {message["id"]: message["text"] for message in batch.result["written"]["messages"]}
        self.assertEqual(texts[message_id], "Half past 3 & a bit + more")

    def test_a_list_of_commands_is_answered_in_its_order(self):
        batch = self.client.call_batch([
            self.client.im.revision.get(),
            self.client.user.get(filter={"ID": READER["id"]}),
        ]).result
        revision, users = batch.result
        self.assertIsInstance(revision["rest"], int)
        self.assertEqual([user["ID"] for user in users], [str(READER["id"])])
        self.assertEqual(batch.result_total["1"], 1)

    def test_a_batch_stops_at_the_first_failure_when_told_to(self):
        requests = {
            "before": self.client.profile(),
            "wrong": self.client.im.dialog.unread(str(READER["id"]), 0),
            "after": self.client.profile(),
        }

        halted = self.client.call_batch(requests, halt=True).result
        self.assertEqual(list(halted.result), ["before"])
        self.assertEqual(halted.result_error["wrong"]["error"], "MESSAGE_ID_ERROR")

        complete = self.client.call_batch(requests, halt=False).result
        self.assertEqual(list(complete.result), ["before", "after"])
        self.assertEqual(list(complete.result_error), ["wrong"])

    def test_more_than_fifty_commands_go_in_several_batches(self):
        chat_id, dialog_id = create_chat(self.client, "Chimes", READER)
        requests = [
            self.client.im.message.add(dialog_id, message=f"Stroke {index}") for index in range(70)
        ]

        batches = self.client.call_batches(requests, halt=True).result

        self.assertFalse(batches.result_error)
        ids = list(batches.result.values())
        self.assertEqual(len(ids), 70)
        self.assertEqual(ids, sorted(ids))
        dialog = connect(READER).im.dialog.get(dialog_id).result
        self.assertEqual(dialog["counter"], 70)
        self.assertEqual(dialog["id"], chat_id)
        self.assertEqual(dialog["unread_id"], ids[0])
