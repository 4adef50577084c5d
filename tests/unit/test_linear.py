"""The measure of linear time can fail."""

from __future__ import annotations

import pytest

from tests.linear import assert_linear


def test_what_grows_with_the_square_is_told() -> None:
    with pytest.raises(AssertionError, match="times as long"):
        assert_linear(lambda text: [[s.upper() for s in text] for _ in text], "ab", length=3_000)


def test_what_grows_with_the_text_passes() -> None:
    assert_linear(lambda text: [sign.upper() for sign in text], "ab", length=2_000_000)
