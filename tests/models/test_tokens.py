"""Byte pairs: the worked example of the paper, nothing lost, merges in their order, and what counts as a piece."""

from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_utils.data.text import corpus
from course_utils.models import tokens

PROSE = "".join(document.text for document in corpus())[:20_000]


@pytest.fixture(scope="module")
def learned():
    return tokens.learn(PROSE, 200)


def test_the_first_merges_of_a_text_counted_by_hand():
    """low low lower: 'lo' and 'ow' stand three times each, 'lo' first in order; then 'low'; then ' low'."""
    found = tokens.learn("low low lower", 10).merges
    assert found == [(b"l", b"o"), (b"lo", b"w"), (b" ", b"low")], "no pair is left that stands there twice"


def test_each_merge_is_the_most_frequent_pair_of_what_the_merges_before_leave(learned):
    words = Counter(tokens.WORD.findall(PROSE))
    for step in (0, 1, 17, 100, 199):
        before = learned.first(step)
        counts = tokens.pairs({})
        for word, times in words.items():
            for pair, often in tokens.pairs({tuple(before.pieces(word)): 1}).items():
                counts[pair] += often * times
        assert learned.merges[step] == min(counts, key=lambda pair: (-counts[pair], pair))


@given(st.text(max_size=60))
def test_decoding_gives_the_text_back_whatever_it_is(text):
    encoding = tokens.learn("a text about the text, é and 12 and 12", 30)
    assert encoding.decode(encoding.encode(text)) == text


def test_more_merges_never_make_more_tokens(learned):
    lengths = [len(learned.first(merges).encode(PROSE)) for merges in (0, 1, 10, 50, 200)]
    assert lengths[0] == len(PROSE.encode()) and lengths == sorted(lengths, reverse=True) and lengths[-1] < lengths[0]
    assert len(learned) == 256 + 200 and learned.encode(PROSE).max() < len(learned)


def test_no_token_reaches_over_a_cut(learned):
    for token in learned.vocabulary[256:]:
        assert len(tokens.WORD.findall(token.decode())) == 1
    assert "".join(tokens.WORD.findall(PROSE)) == PROSE


def test_bytes_that_are_no_text_show_as_such():
    encoding = tokens.BytePairs()
    assert encoding.encode("é").tolist() == [0xC3, 0xA9] and encoding.decode(torch.tensor([0xC3])) == "�"


def test_merging_takes_pairs_from_the_left():
    a, b = b"a", b"b"
    assert tokens.merge([a, a, a], (a, a)) == [b"aa", a]
    assert tokens.merge([a, b, b, a, b], (a, b)) == [b"ab", b, b"ab"]
