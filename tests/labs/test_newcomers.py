"""The flow and the diffusion model on lecture 05's bench: what they draw and how likely that is are one model."""

import math

import pytest
import torch
from torch.distributions import Normal

from course_utils.labs import comparison as bench
from course_utils.labs.comparison import __main__ as command
from course_utils.labs.comparison import contenders, newcomers, pace, plots, protocol, scoring, table
from course_utils.training import seeded

LEVELS = torch.arange(17)[:, None, None, None] / 16  # every level as an image of one pixel


@pytest.fixture(scope="module")
def splits():
    return bench.splits()


ALL = (*newcomers.NEWCOMERS, newcomers.IN_FEW_STEPS)


@pytest.mark.parametrize("contender", ALL, ids=lambda contender: contender.name)
def test_a_newcomer_keeps_the_budget_draws_levels_and_repeats(contender, splits):
    drawn = [protocol.train(contender, splits, seed, 3).model for seed in (1, 1, 2)]
    assert abs(drawn[0].parameters / contenders.BUDGET - 1) < 0.02
    x = [model.sample(4, rng=seeded()) for model in drawn]
    assert torch.equal(x[0], x[1]) and not torch.equal(x[0], x[2])
    assert x[0].shape == (4, 1, 8, 8) and torch.equal(x[0], protocol.to_levels(x[0]))
    with pytest.raises(ValueError, match="class"):
        drawn[0].sample(2, y=torch.tensor([0, 1]))


def test_noise_on_a_level_rounds_back_to_it_and_its_weights_give_the_probability_of_the_level():
    truth, x = Normal(0.1, 0.3), LEVELS.repeat(4000, 1, 1, 1)
    v, log_q = newcomers.spread_over_cell(x, seeded(), tail=1 / 8)
    assert torch.equal(protocol.to_levels(v), x.flatten(1))
    found = (truth.log_prob(v).sum(1) - log_q).exp().view(4000, 17).mean(0)
    lower, upper = (side.flatten() for side in contenders.cell(LEVELS))
    exact = (truth.cdf(upper) - truth.cdf(lower)).float()
    torch.testing.assert_close(found, exact, rtol=0.1, atol=2e-3)
    assert abs(found.sum() - 1) < 0.02, "all levels together, black and white with their tails"


def test_the_flow_gives_the_probability_of_what_it_draws(splits):
    model = newcomers.TrainedFlow(splits, 0, lr=0.01)  # untrained it is the identity: pixels are independent normals,
    model.mean, model.sd = torch.tensor(1 / 32 - 2 * model.tail), torch.tensor(model.tail)  # mostly darker than black
    x = torch.randint(0, 6, (5, 1, 8, 8), generator=seeded()).sub(3).clamp_min(0) / 16
    lower, upper = contenders.cell(x)
    pixel = Normal(model.mean.double(), model.sd.double())
    exact = (pixel.cdf(upper) - pixel.cdf(lower)).log().sum(1).float()
    log_w = model.log_weights(x, 2000, seeded())
    torch.testing.assert_close(log_w.logsumexp(0) - math.log(2000), exact, atol=0.1, rtol=0)
    assert (log_w.mean(0) < exact).all(), "the mean of logarithms is a lower bound"
    black = pixel.cdf(torch.tensor(0.5 / 16, dtype=torch.float64)).item()
    assert abs((model.sample(2000, rng=seeded()) == 0).float().mean().item() - black) < 0.01


@pytest.fixture
def denoiser(splits, monkeypatch):
    """A diffusion model of one pixel, x_0 ~ N(-0.4, 0.5²) in [−1, 1], with the denoiser that is exact for it."""
    model = newcomers.TrainedDiffusion(splits, 0, lr=0.01, steps=8)

    def exact(x, t):
        keep = (math.pi / 2 * t).cos()
        gain = keep * 0.25 / (keep**2 * 0.25 + 1 - keep**2)
        return -0.4 + gain * (x + keep * 0.4)

    monkeypatch.setattr(model.net, "denoise", exact)
    model.sd = torch.full((1, 1, 1), 0.2)
    return model


def test_the_diffusion_model_gives_the_probability_of_what_it_draws(denoiser):
    drawn = denoiser.sample(2000, rng=seeded()).flatten()
    shares = torch.bincount((16 * drawn).round().long(), minlength=17) / len(drawn)
    log_w = denoiser.log_weights(LEVELS, 4000, seeded(1))
    found = log_w.exp().mean(0)
    torch.testing.assert_close(found, shares, rtol=0.05, atol=3e-3)
    assert abs(found.sum() - 1) < 0.02 and (log_w.mean(0) < found.log()).all()


def test_the_last_noise_is_that_of_the_network_as_it_is_now(splits):
    model = newcomers.TrainedDiffusion(splits, 0, lr=0.01)
    before = model.last_sd()
    assert model.last_sd() is before and before.shape == (1, 8, 8)
    for _ in range(5):
        model.step(0.3)
    assert not torch.equal(model.last_sd(), before)


def test_a_busy_machine_does_not_change_the_steps_and_a_slower_newcomer_has_fewer():
    recorded = [table.Run(name, 0, 3.0, 1000, 1, 1, 3.0, 3.0, {}) for name in contenders.NETWORKS]
    newcomer, load = bench.Contender("new", None), {"now": 1.0}

    def clock(contender, splits):
        return 0.003 * load["now"] * (2.0 if contender is newcomer else 1.0)

    for load["now"] in (1.0, 7.0):
        assert pace.steps_at_recorded_pace(newcomer, None, 3.0, recorded, clock) == 500
    with pytest.raises(ValueError, match="no run with 12 s of VAE"):
        pace.steps_at_recorded_pace(newcomer, None, 12.0, recorded, clock)


def test_variants_take_the_steps_of_their_network():
    done = [table.Run("diffusion", 0, 3.0, 77, 1, 1, 3.0, 3.0, {})]
    few, flow = bench.Contender("diffusion, 5 steps", None), bench.Contender("flow", None)
    assert command.like_its_network(few, done, 3.0).steps == 77
    assert command.like_its_network(flow, done, 3.0).steps is None
    with pytest.raises(SystemExit, match="newcomers"):
        command.main(["all"])


def test_the_committed_table_is_whole():
    runs, first = bench.read(table.NEWCOMERS_FILE), table.NEWCOMERS_FILE.read_text().splitlines()[0]
    assert first.startswith("# 20") and "torch" in first and first.endswith("comparison newcomers")
    for contender in ALL:
        own = [run for run in runs if run.contender == contender.name]
        seeds = 5 if contender is newcomers.IN_FEW_STEPS else 10
        assert [run.seed for run in own] == list(range(seeds)) and not any(run.failed for run in own)
        assert all(math.isfinite(run.scores[name]) for run in own for name in ("frechet", "log_px", "sample_ms"))
        assert all(math.isnan(run.scores["between"]) for run in own), "there is no code smaller than the image"
    assert set(scoring.COLUMNS) == set(runs[0].scores)
    diffusion = [[run.steps for run in runs if run.contender == name] for name in ("diffusion", "diffusion, 5 steps")]
    assert set(diffusion[0]) == set(diffusion[1]), "the same networks"


def test_the_triangle_shows_every_run_twice_beside_real_images():
    runs = bench.read(table.NEWCOMERS_FILE)
    names = ("flow", "diffusion")
    figure = plots.triangle(runs, names, {"frechet": 3.0, "recall": 0.97}, "two panels")
    figure.check()
    for ax, key in zip(figure.axes, ("sample_ms", "recall"), strict=True):
        dots = [
            line.get_xdata() for line in ax.lines if line.get_label().startswith("_child") and len(line.get_xdata()) > 2
        ]
        for name, shown in zip(names, dots, strict=True):
            values = table.column(runs, name, key)
            assert list(shown) == pytest.approx([1e6 / v for v in values] if key == "sample_ms" else values)
