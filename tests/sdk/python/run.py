"""Runs all tests of this folder and ends with `N passed, N failed`."""

import sys
import unittest
from pathlib import Path


class CountingResult(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    suite = unittest.defaultTestLoader.discover(str(Path(__file__).parent), pattern="*_test.py")
    runner = unittest.TextTestRunner(stream=sys.stdout, resultclass=CountingResult)
    result = runner.run(suite)
    failed = len(result.errors) + len(result.failures)
    print(f"{result.passed} passed, {failed} failed")
    return 0 if result.passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
