"""Lists longer than a page, read with each of the SDK's helpers."""

import unittest

from portal import ADMIN, connect, unique

COUNT = 120


class ListsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = connect(ADMIN)
        cls.surname = unique("Ringer")
        requests = [
            cls.client.user.add({
                "EMAIL": f"{cls.surname}.{index}@towers.example".lower(),
                "NAME": f"Ringer {index}",
                "LAST_NAME": cls.surname,
                "UF_DEPARTMENT": [1],
            })
            for index in range(COUNT)
        ]
        batches = cls.client.call_batches(requests, halt=True).result
        cls.created = [str(user_id) for user_id in batches.result.values()]

    def users(self, **options):
        return self.client.user.get(filter={"LAST_NAME": self.surname}, **options)

    def test_a_page_has_fifty_and_says_the_total_and_where_the_next_begins(self):
        first = self.users(sort="ID", order="ASC").response
        self.assertEqual([user["ID"] for user in first.result], self.created[:50])
        self.assertEqual((first.total, first.next), (COUNT, 50))
        last = self.users(sort="ID", order="ASC", start=100).response
        self.assertEqual([user["ID"] for user in last.result], self.created[100:])
        self.assertEqual((last.total, last.next), (COUNT, None))

    def test_a_list_is_read_whole(self):
        users = self.users(sort="ID", order="ASC").as_list().result
        self.assertEqual([user["ID"] for user in users], self.created)

    def test_a_list_is_read_by_its_ids(self):
        users = self.users().as_list_fast().result
        self.assertEqual([user["ID"] for user in users], self.created)

    def test_a_list_is_read_backwards_by_its_ids(self):
        users = self.users().as_list_fast(descending=True).result
        self.assertEqual([user["ID"] for user in users], self.created[::-1])

    def test_a_list_ends_at_a_limit(self):
        users = self.users(sort="ID", order="ASC").as_list(limit=60).result
        self.assertEqual([user["ID"] for user in users], self.created[:60])
