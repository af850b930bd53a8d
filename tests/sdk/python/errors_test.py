"""Which of the SDK's exceptions a refused call raises."""

import unittest

from b24pysdk import Client
from b24pysdk.errors import (
    BitrixAPIBadRequest,
    BitrixAPIInsufficientScope,
    BitrixAPIInvalidCredentials,
    BitrixAPINotFound,
)

from portal import LIMITED_WEBHOOK, OWNER, READER, connect, token


class ErrorsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = connect(OWNER)

    def assert_refused(self, exception, code, status, request):
        with self.assertRaises(exception) as refused:
            request()
        self.assertEqual(refused.exception.error, code)
        self.assertEqual(refused.exception.response.status_code, status)
        self.assertTrue(refused.exception.error_description)

    def test_a_wrong_secret_is_refused(self):
        stranger = Client(token(OWNER["webhook"], secret="wrongsecret"))
        expected = (BitrixAPIInvalidCredentials, "INVALID_CREDENTIALS", 401)
        self.assert_refused(*expected, stranger.profile().call)
        unknown = lambda: stranger.get_token().call_method("no.such.method")
        self.assert_refused(*expected, unknown)

    def test_the_secret_of_another_user_is_refused(self):
        stranger = Client(token(OWNER["webhook"], user_id=READER["id"]))
        self.assert_refused(
            BitrixAPIInvalidCredentials, "INVALID_CREDENTIALS", 401, stranger.profile().call
        )

    def test_a_webhook_does_only_what_its_scopes_allow(self):
        limited = Client(token(LIMITED_WEBHOOK))
        self.assertEqual(limited.scope().result, ["im"])
        self.assertIn("TYPE", limited.im.counters.get().result)
        self.assert_refused(
            BitrixAPIInsufficientScope, "insufficient_scope", 401, limited.user.get().call
        )

    def test_a_method_that_is_not_there_is_not_found(self):
        unknown = lambda: self.client.get_token().call_method("im.no.such.method")
        self.assert_refused(BitrixAPINotFound, "ERROR_METHOD_NOT_FOUND", 404, unknown)

    def test_a_missing_or_wrong_parameter_is_named_by_its_code(self):
        dialog = self.client.im.dialog
        self.assert_refused(BitrixAPIBadRequest, "DIALOG_ID_EMPTY", 400, dialog.get("").call)
        self.assert_refused(
            BitrixAPIBadRequest, "DIALOG_ID_EMPTY", 400, dialog.read("chat", 1).call
        )
        self.assert_refused(
            BitrixAPIBadRequest,
            "MESSAGE_ID_ERROR",
            400,
            dialog.unread(str(READER["id"]), 0).call,
        )

    def test_a_success_carries_its_time(self):
        time = self.client.server.time().response.time
        self.assertGreaterEqual(time.finish, time.start)
        self.assertIsNotNone(time.operating)
