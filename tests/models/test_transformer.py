"""The transformer: attention against torch's own, causality, a likelihood that sums to 1, and draws that follow it."""

import itertools
import math

import pytest
import torch
from torch.nn import functional as F

from course_utils.models import first_weights
from course_utils.models.transformer import Attention, Transformer, attention_weights, choose, rotate
from course_utils.training import seeded

V, T = 4, 5


def new(**options):
    """A transformer in float64 with weights far from those it begins with."""
    with first_weights(0):
        model = Transformer(V, T, width=16, heads=2, blocks=2, **options).double()
    for number, parameter in enumerate(model.parameters()):
        parameter.data.add_(0.3 * torch.randn(parameter.shape, generator=seeded(number)))
    return model


def tokens(n=6, length=T):
    return torch.randint(V, (n, length), generator=seeded(3))


def every(length):
    return torch.tensor(list(itertools.product(range(V), repeat=length)))


def test_attention_is_torchs_own():
    q, k, v = torch.randn(3, 2, 4, 7, 8, generator=seeded(), dtype=torch.float64)
    weights = attention_weights(q, k)
    torch.testing.assert_close(weights @ v, F.scaled_dot_product_attention(q, k, v, is_causal=True))
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 7, dtype=torch.float64))
    assert not weights.triu(1).any()


def test_a_layer_of_attention_is_torchs_multihead_attention_once_the_places_are_turned():
    """Turned queries and keys given by hand to torch's function; then mixed by the output weights."""
    layer, x = Attention(16, 2).double(), torch.randn(3, 6, 16, generator=seeded(), dtype=torch.float64)
    q, k, v = (part.view(3, 6, 2, 8).permute(0, 2, 1, 3) for part in F.linear(x, layer.qkv.weight).split(16, -1))
    mixed = (
        F.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True).permute(0, 2, 1, 3).reshape(3, 6, 16)
    )
    torch.testing.assert_close(layer(x), mixed @ layer.out.weight.mT)
    torch.testing.assert_close(
        layer.weights(x) @ v, F.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True)
    )


def test_rotation_keeps_lengths_and_leaves_products_to_the_distance():
    q, k = torch.randn(2, 1, 8, generator=seeded(), dtype=torch.float64)
    turned_q, turned_k = rotate(q.expand(9, 8)), rotate(k.expand(9, 8))
    torch.testing.assert_close(turned_q.norm(dim=1), q.norm().expand(9))
    products = turned_q @ turned_k.T
    for far in range(-5, 6):
        torch.testing.assert_close(products.diagonal(far), products.diagonal(far)[:1].expand(9 - abs(far)))
    assert not math.isclose(products[0, 0], products[3, 0]) and torch.equal(turned_q[0], q[0])


def test_rotation_is_a_turn_in_the_complex_plane():
    x = torch.randn(6, 4, generator=seeded(), dtype=torch.float64)
    places, speeds = torch.arange(6.0, dtype=torch.float64), torch.tensor([1.0, 0.01], dtype=torch.float64)
    turned = torch.complex(x[:, :2], x[:, 2:]) * torch.exp(1j * places[:, None] * speeds)
    torch.testing.assert_close(rotate(x), torch.cat([turned.real, turned.imag], 1), atol=1e-5, rtol=1e-5)


def test_no_token_sees_those_after_it():
    model, x = new(), tokens()
    logits, other = model(x), x.clone()
    other[:, 3] = (x[:, 3] + 1) % V
    changed = (model(other) != logits).any(-1)
    assert not changed[:, :3].any() and changed[:, 3:].all()
    seen = model.attention(x)
    assert seen.shape == (2, 6, 2, T, T) and not seen.triu(1).any()
    torch.testing.assert_close(seen.sum(-1), torch.ones(2, 6, 2, T, dtype=torch.float64))


def test_the_map_of_attention_is_the_one_the_model_uses():
    """With the first block's output projection cut, the second block's input is known without its attention."""
    model, x = new(), tokens()
    model.blocks[0].attention.out.weight.data.zero_()
    h = model.embed(x)
    h = h + model.blocks[0].mlp(model.blocks[0].norm2(h))
    torch.testing.assert_close(model.attention(x)[1], model.blocks[1].attention.weights(model.blocks[1].norm1(h)))


@pytest.mark.parametrize("length", [1, 3])
def test_the_probabilities_of_all_sequences_sum_to_1(length):
    with torch.no_grad():
        log_px = new().log_prob(every(length))
    assert log_px.shape == (V**length,) and abs(log_px.exp().sum() - 1) < 1e-12


def test_log_prob_is_the_chain_rule():
    model, x = new(), tokens()
    by_token = model.log_prob_tokens(x)
    for t in range(T):
        step = model(model.started(x[:, :t]))[:, -1].log_softmax(-1)
        torch.testing.assert_close(by_token[:, t], step[torch.arange(6), x[:, t]])
    torch.testing.assert_close(model.log_prob(x), by_token.sum(1))


def test_draws_follow_the_likelihood():
    model, n = new(), 40_000
    drawn = model.sample(n, rng=seeded(), length=2)
    counts = torch.bincount(drawn[:, 0] * V + drawn[:, 1], minlength=V**2)
    expected = n * model.log_prob(every(2)).exp().detach()
    assert ((counts - expected).abs() < 5 * expected.sqrt()).all()


def test_draws_have_their_shape_repeat_with_the_seed_and_refuse_classes():
    model = new()
    drawn = model.sample(7, rng=seeded())
    assert drawn.shape == (7, T) and drawn.dtype == torch.long and drawn.max() < V
    assert torch.equal(drawn, model.sample(7, rng=seeded())) and not torch.equal(drawn, model.sample(7, rng=seeded(1)))
    kept = torch.get_rng_state()
    model.sample(2, rng=seeded())
    assert torch.equal(torch.get_rng_state(), kept)
    with pytest.raises(ValueError, match="no classes"):
        model.sample(2, y=torch.zeros(2, dtype=torch.long))


def test_a_prompt_is_continued_and_the_coldest_draw_is_the_likeliest_token():
    model, prompt = new(), tokens(3, 2)
    cold = model.sample(3, prompt=prompt, length=2, temperature=0)
    x = model.started(prompt)
    for t in range(2):
        x = torch.cat([x, model(x)[:, -1].argmax(-1, keepdim=True)], 1)
        assert torch.equal(cold[:, t], x[:, -1])
    assert torch.equal(model.sample(3, prompt=prompt[0], length=2, temperature=0), cold[:1].expand(3, 2))


def test_a_draw_may_be_longer_than_the_context():
    assert new().sample(2, rng=seeded(), length=4 * T).shape == (2, 4 * T)


def test_temperature_top_k_and_top_p_do_what_they_say():
    logits = torch.tensor([0.1, 0.5, 0.15, 0.25], dtype=torch.float64).log()
    close = torch.testing.assert_close

    def p(*values):
        return torch.tensor(values, dtype=torch.float64)

    close(choose(logits), p(0.1, 0.5, 0.15, 0.25))
    close(choose(logits, temperature=0.5), p(0.01, 0.25, 0.0225, 0.0625) / 0.345)
    close(choose(logits, temperature=0), p(0.0, 1.0, 0.0, 0.0))
    close(choose(logits, temperature=1e4), p(0.25, 0.25, 0.25, 0.25), atol=1e-3, rtol=0)
    close(choose(logits, top_k=2), p(0.0, 2 / 3, 0.0, 1 / 3))
    close(choose(logits, top_p=0.74), p(0.0, 2 / 3, 0.0, 1 / 3))
    close(choose(logits, top_p=0.76), p(0.0, 5 / 9, 1.5 / 9, 2.5 / 9))
    close(choose(logits, top_p=1e-6), p(0.0, 1.0, 0.0, 0.0))
    close(choose(logits, top_k=3, top_p=0.6), p(0.0, 2 / 3, 0.0, 1 / 3))
    assert (choose(torch.linspace(0, -30, 90)) > 0).all(), "top_p = 1 leaves every token its chance"
    close(choose(logits.expand(2, 4)), p(0.1, 0.5, 0.15, 0.25).expand(2, 4))


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"top_k": 0}, {"top_p": 0}, {"top_p": 1.1}])
def test_what_cannot_be_drawn_from_is_refused(wrong):
    with pytest.raises(ValueError, match="need temperature"):
        choose(torch.zeros(3), **wrong)


def test_heads_must_share_the_width_evenly():
    with pytest.raises(ValueError, match="even number for each head"):
        Transformer(V, T, width=10, heads=4)


def test_gradients_reach_all_parameters():
    model = new()
    (-model.log_prob(tokens())).mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_it_overfits_one_sequence():
    """What must be learnable is learned: the fourth of a sequence's tokens depends on the first alone."""
    with first_weights(0):
        model = Transformer(3, 4, width=16, heads=2, blocks=1)
    optimizer, rng = torch.optim.Adam(model.parameters(), lr=1e-2), seeded()
    for _ in range(150):
        x = torch.randint(3, (32, 4), generator=rng)
        x[:, 3] = x[:, 0]
        loss = -model.log_prob_tokens(x)[:, 3].mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.05 < math.log(3)
