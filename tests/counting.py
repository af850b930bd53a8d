"""Runs tests and prints `N passed, N failed`, for the runners of the folders beside this file."""

import sys
import unittest


class CountingResult(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def run(suite):
    """The exit code: 0 when there were tests and none failed."""
    runner = unittest.TextTestRunner(stream=sys.stdout, resultclass=CountingResult)
    result = runner.run(suite)
    failed = len(result.errors) + len(result.failures)
    print(f"{result.passed} passed, {failed} failed")
    return 0 if result.passed and not failed else 1
