"""Tests of ours that run among the candidate's: their outcomes are known beforehand.

Where one comes out otherwise, something patched the test machinery and no outcome is believed.
"""

import unittest


class GraderCanary(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(1, 1)

    def test_fails(self):
        self.assertEqual(1, 2)

    def test_raises(self):
        raise ValueError("on purpose")

    @unittest.skip("on purpose")
    def test_skips(self):
        self.fail("ran all the same")
