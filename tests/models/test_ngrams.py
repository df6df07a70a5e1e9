"""N-grams: Witten and Bell's formula counted by hand, probabilities that sum to 1, draws that follow them."""

import itertools
import math
from collections import Counter, defaultdict

import pytest
import torch

from course_utils.models.ngrams import NGram
from course_utils.training import seeded

V = 4


def sequences():
    return [torch.randint(3, (size,), generator=seeded(size)) for size in (1, 2, 40, 70)]  # token 3 never comes


def by_hand(order, past, token, parts):
    """The formula of the docstring, with dictionaries and recursion."""
    if order == 0:
        return 1 / V
    followers = defaultdict(Counter)
    for x in parts:
        x = x.tolist()
        for t in range(order - 1, len(x)):
            followers[tuple(x[t - order + 1 : t])][x[t]] += 1
    past = tuple(past)[len(past) - order + 1 :]
    counts, shorter = followers[past], by_hand(order - 1, past[1:], token, parts)
    kinds, total = len(counts), sum(counts.values())
    return (counts[token] + kinds * shorter) / (total + kinds) if total else shorter


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_it_is_the_formula_by_hand(order):
    parts = sequences()
    model, x = NGram(order, V).fit(parts), torch.randint(V, (5, 8), generator=seeded(1))
    log_p = model.log_prob_tokens(x)
    assert log_p.shape == x.shape and log_p.dtype == torch.float64
    for row in range(5):
        for t in range(8):
            known = min(order, t + 1)
            expected = by_hand(known, x[row, t - known + 1 : t].tolist(), int(x[row, t]), parts)
            assert math.isclose(log_p[row, t].exp(), expected, rel_tol=1e-12)
    torch.testing.assert_close(model.log_prob(x), log_p.sum(1))
    torch.testing.assert_close(model.log_prob_tokens(x[0]), log_p[0])
    logits = model.logits(x)
    torch.testing.assert_close(logits.gather(-1, x[..., None])[..., 0], log_p)
    torch.testing.assert_close(logits.logsumexp(-1), torch.zeros(5, 8, dtype=torch.float64))


def test_one_token_by_hand():
    """a a b: p(a) = (2 + 2 · 1/4) / (3 + 2) = 1/2, and after a, p(b) = (1 + 2 · 3/10) / (2 + 2) = 2/5."""
    model = NGram(2, V).fit([torch.tensor([0, 0, 1])])
    p = model.log_prob_tokens(torch.tensor([0, 1])).exp()
    torch.testing.assert_close(p, torch.tensor([1 / 2, 2 / 5], dtype=torch.float64))


@pytest.mark.parametrize("order", [1, 2, 4])
def test_the_probabilities_of_all_sequences_sum_to_1(order):
    model = NGram(order, V).fit(sequences())
    every = torch.tensor(list(itertools.product(range(V), repeat=5)))
    assert abs(model.log_prob(every).exp().sum() - 1) < 1e-12


@pytest.mark.parametrize("order", [1, 3])
def test_the_next_token_has_the_distribution_that_scores_it(order):
    model, past = NGram(order, V).fit(sequences()), torch.randint(V, (6, 4), generator=seeded(2))
    p = model.next(past)
    for token in range(V):
        x = torch.cat([past, torch.full((6, 1), token)], 1)
        torch.testing.assert_close(p[:, token], model.log_prob_tokens(x)[:, -1].exp())
    torch.testing.assert_close(
        model.next(past[:, :0]), model.log_prob_tokens(torch.arange(V)[:, None]).exp().T.expand(6, V)
    )


def test_draws_follow_the_likelihood_and_repeat_with_the_seed():
    model, n = NGram(3, V, length=3).fit(sequences()), 40_000
    drawn = model.sample(n, rng=seeded())
    counts = torch.bincount(drawn @ torch.tensor([V * V, V, 1]), minlength=V**3)
    expected = n * model.log_prob(torch.tensor(list(itertools.product(range(V), repeat=3)))).exp()
    assert ((counts - expected).abs() < 5 * expected.sqrt() + 5).all()
    assert torch.equal(drawn, model.sample(n, rng=seeded())) and drawn.dtype == torch.long
    cold = model.sample(3, prompt=torch.tensor([0, 1]), length=1, temperature=0)
    assert torch.equal(cold[:, 0], model.next(torch.tensor([[0, 1]])).argmax(1).expand(3))
    with pytest.raises(ValueError, match="no classes"):
        model.sample(2, y=torch.zeros(2))


def test_more_past_never_costs_on_what_was_counted():
    """On the counted text itself longer pasts only help; where the text is random they do not on new text."""
    x, new = torch.randint(V, (2, 400), generator=seeded())
    seen = [-NGram(n, V).fit([x]).log_prob_tokens(x).mean() for n in (1, 3, 5)]
    unseen = [-NGram(n, V).fit([x]).log_prob_tokens(new).mean() for n in (1, 3, 5)]
    assert seen[0] > seen[1] > seen[2] and unseen[0] < unseen[1] < unseen[2]


@pytest.mark.parametrize(("order", "vocabulary"), [(0, 4), (10, 93)])
def test_orders_that_cannot_be_counted_are_refused(order, vocabulary):
    with pytest.raises(ValueError, match="order of 1 or more"):
        NGram(order, vocabulary)
