"""Runs all tests of this folder and ends with `N passed, N failed`."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import counting


def main():
    suite = unittest.defaultTestLoader.discover(str(Path(__file__).parent), pattern="*_test.py")
    return counting.run(suite)


if __name__ == "__main__":
    sys.exit(main())
