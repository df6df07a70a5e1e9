"""Lecture 11b's lab: repairs and tail risk against closed forms; strings, melodies, texture, levels, the table."""

import math

import numpy as np
import pytest
import torch

from course_utils import models
from course_utils.data import melodies, molecules
from course_utils.data.returns import Process
from course_utils.labs.creations import chemistry, levels, repair, risk, table, texture, tunes
from course_utils.models import mixtures
from course_utils.training import seeded

DAMAGES = [("noise", 0.3), ("hole", 4), ("small", 1)]


@pytest.fixture(scope="module")
def digits():
    return repair.digits(0)


@pytest.mark.parametrize(("name", "amount"), DAMAGES)
def test_the_gaussian_repair_is_the_formula_of_the_page(digits, name, amount):
    x, test, _, _ = digits
    way, theta = repair.damage(name, amount), repair.gaussian(x)
    y = way.apply(test, seeded()).double()
    mean, cov, A = theta.means[0], theta.covariances[0], way.matrix.double()
    gain = cov @ A.T @ torch.linalg.inv(A @ cov @ A.T + way.noise**2 * torch.eye(len(A)).double())
    found = repair.posterior(theta, way, y)
    torch.testing.assert_close(found.mean(), mean + (y - mean @ A.T) @ gain.T, rtol=0, atol=1e-6)
    torch.testing.assert_close(found.covariances[0], cov - gain @ A @ cov, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("name", "amount"), DAMAGES)
def test_where_the_model_is_right_a_draw_has_twice_the_error_of_the_mean(digits, name, amount):
    x, _, label, _ = digits
    theta, way = repair.by_class(x, label), repair.damage(name, amount)
    true = theta.sample(3000, rng=seeded(1)).float()
    found = repair.posterior(theta, way, way.apply(true, seeded(2)))
    error, of_draw = ((part - true).square().mean().item() for part in (found.mean(), found.sample(seeded(3))))
    assert abs(of_draw / error - 2) < 0.1


def test_damages_do_what_they_say(digits):
    x = digits[1][:5]
    torch.testing.assert_close(
        repair.damage("small").matrix @ x[0], x[0].view(4, 2, 4, 2).mean((1, 3)).flatten(), rtol=0, atol=1e-6
    )
    assert repair.damage("hole", 6).matrix.shape == (28, 64)
    y = repair.damage("hole", 2)._replace(noise=0.0).apply(x)
    kept = repair.by_rule(repair.damage("hole", 2), y, "edges").view(-1, 8, 8)
    assert torch.equal(kept[:, :3], x.view(-1, 8, 8)[:, :3])
    with pytest.raises(ValueError, match="unknown damage"):
        repair.damage("fire")


def test_edges_spread_evenly_and_nearest_keeps_the_means():
    hole, flat = repair.damage("hole", 4)._replace(noise=0.0), torch.full((1, 64), 0.7)
    torch.testing.assert_close(repair.by_rule(hole, hole.apply(flat), "edges"), flat, rtol=0, atol=1e-2)
    small = repair.damage("small")._replace(noise=0.0)
    y = torch.rand(3, 16, generator=seeded())
    torch.testing.assert_close(small.apply(repair.by_rule(small, y, "nearest")), y)


def test_splits_share_no_picture_and_differ_by_seed(digits):
    x, test, label, label_test = digits
    assert (len(x), len(test), len(label), len(label_test)) == (1437, 360, 1437, 360)
    assert not torch.equal(repair.digits(1)[1], test) and len(repair.digits(0, train=100)[0]) == 100
    torch.testing.assert_close(x.sum(0) + test.sum(0), sum(part.sum(0) for part in repair.digits(1)[:2]))


def test_the_mixture_by_class_counts_what_it_sees(digits):
    x, _, label, _ = digits
    theta = repair.by_class(x, label)
    torch.testing.assert_close(theta.means[3].float(), x[label == 3].mean(0))
    assert torch.isclose(theta.weights.sum(), torch.tensor(1.0).double())
    assert isinstance(theta, mixtures.GMMParameters)


def test_tail_risk_of_known_losses():
    var, es = risk.tail(-np.arange(1.0, 1001.0))
    assert (var, es) == (991.0, np.mean(np.arange(991, 1001)))
    drawn = np.random.default_rng(0).standard_normal((2, 400_000))
    var, es = risk.tail(drawn)
    np.testing.assert_allclose(var, 2.326, atol=0.03)
    np.testing.assert_allclose(es, math.exp(-(2.3263**2) / 2) / math.sqrt(2 * math.pi) / 0.01, atol=0.04)


def test_a_bootstrap_keeps_stretches_of_the_history():
    r = np.arange(100.0)
    drawn = risk.bootstrap(r, 50, 25, np.random.default_rng(0), block=10)
    assert drawn.shape == (50, 25) and set(drawn.ravel()) <= set(r)
    assert (np.diff(drawn[:, :10]) == 1).all() and (np.diff(drawn[:, 20:]) == 1).all()
    assert not (np.diff(risk.bootstrap(r, 50, 25, np.random.default_rng(0))) == 1).all()


def test_the_truth_of_one_day_is_the_quantile_of_a_shock_times_the_spread():
    process = Process()
    truth = risk.Truth(process, days=2, n=20_000)
    one = np.quantile(process.shocks((400_000,), seeded()).numpy(), 0.01)
    var, es = truth.tail(np.array([1.0, 4.0]), 1)
    np.testing.assert_allclose(var, [-one, -2 * one], rtol=0.08)
    assert (es > var).all()


def test_the_network_begins_as_the_running_mean_and_learns_a_known_volatility():
    with models.first_weights(0):
        net = risk.VolatilityNetwork()
    for parameter in net.net[-1].parameters():
        parameter.data.zero_()
    state = np.array([[1.0, 2.0, 3.0, 4.0]])
    assert torch.isclose(net(risk.features(state, np.zeros(1))), torch.tensor(math.log(3.01))).all()
    r, v = risk.histories(Process(), [0, 1])
    learned = risk.learn(r[:, :1000])(1)
    with torch.no_grad():
        guess = learned(risk.features(risk.states(r[1], 1.0), r[1])[:-1]).numpy()
    assert np.corrcoef(guess[100:], np.log(v[1, 101:-1]))[0, 1] > 0.6


def test_judging_strings():
    known = ["CCO", "CCN"]
    keys = {molecules.parse(smiles).key() for smiles in known}
    found = chemistry.judged(["CCO", "OCC", "CCF", "CCF", "C("], known, keys, ["CCO", "CCC"])
    assert found == chemistry.Score(4 / 5, 3 / 4, 2 / 3, 1 / 3, 0.0)


def test_models_of_strings_draw_strings_and_carbon_is_valid():
    known = molecules.strings(60, rng=seeded())
    for model in (chemistry.ngram(known), chemistry.transformer(known, steps=2)):
        assert len(chemistry.drawn(model, 5, seeded())) == 5
    starts = {molecules.cut(smiles)[0] for smiles in known}
    first = [molecules.cut(smiles)[0] for smiles in chemistry.drawn(chemistry.ngram(known, 7), 200, seeded()) if smiles]
    assert np.mean([token in starts for token in first]) > 0.9, "the chain knows what begins a string"
    added = chemistry.one_more_carbon(known, 30, seeded())
    lengths = {len(molecules.cut(smiles)) for smiles in known}
    assert all(not molecules.fault(s) and len(molecules.cut(s)) - 1 in lengths and "C" in s for s in added)


def test_the_chase_raises_the_guess_and_leaves_the_truth():
    known = molecules.strings(150, rng=seeded())
    value = chemistry.predictor(known)
    run = chemistry.chase(known, value, seeded(), rounds=12)
    guessed = [step.guessed for step in run]
    assert len(run) == 13 and guessed == sorted(guessed) and guessed[-1] > guessed[0] + 2
    assert run[-1].guessed - run[-1].true > run[0].guessed - run[0].true
    assert not any(molecules.fault(step.best) for step in run)


def test_activity_is_the_rule_that_is_told():
    assert chemistry.activity(molecules.parse("C")) == 0
    assert chemistry.activity(molecules.parse("FC(F)CN")) == 3
    assert chemistry.activity(molecules.parse("ClC(Cl)Cl")) == -1
    assert chemistry.activity(molecules.parse("C" * 20)) == pytest.approx(-0.4)


def test_melodies_are_split_scored_and_composed():
    learn, held = tunes.split(0)
    assert len(held) == tunes.HELD and len(learn) + len(held) == len(melodies.ABC)
    assert max(len(tune) for tune in learn + held) <= tunes.LONGEST
    flat = tunes.markov([torch.tensor([melodies.END])], 0)
    kinds = melodies.END + 1
    assert tunes.nats(flat, held) > 1 and tunes.nats(tunes.markov(learn, 3), learn) < tunes.nats(
        tunes.markov(learn, 0), learn
    )
    assert abs(tunes.nats(tunes.transformer(learn, steps=1), held) - math.log(kinds)) < 1.5
    assert 0 < len(tunes.compose(tunes.markov(learn, 1), seeded(3), length=20)) <= 20


def test_the_longest_copy():
    a, b = melodies.notes("CDEFGA"), melodies.notes("GGDEFc")
    assert tunes.longest_copy(a, [b]) == 3 and tunes.longest_copy(a, [a]) == 6 and tunes.longest_copy([], [a]) == 0


def test_sound_has_the_pitch_and_the_length():
    samples = tunes.sound(melodies.notes("A4z2"), eighth=0.25)
    assert abs(len(samples) - 6 * 0.25 * tunes.RATE) <= 1 and np.abs(samples).max() <= 1
    spectrum = np.abs(np.fft.rfft(samples[: tunes.RATE]))
    assert abs(int(spectrum.argmax()) - 440) <= 2 and not samples[tunes.RATE + 5 :].any()


def test_gram_matrices_and_random_phases():
    patch, bank = texture.patch(), texture.filters(0)
    assert patch.shape == (1, 1, 48, 48) and 0 <= patch.min() < patch.max() <= 1
    assert texture.gram_gap(patch, patch, bank) == 0 < texture.gram_gap(texture.noise(patch, seeded()), patch, bank)
    drawn = texture.random_phase(patch, seeded())
    spectrum, expected = (torch.fft.fft2(part - part.mean()).abs() for part in (drawn, patch))
    torch.testing.assert_close(spectrum, expected, rtol=1e-3, atol=1e-3)
    matched = texture.optimized(patch, bank, seeded(), steps=5)
    assert texture.gram_gap(matched, patch, bank) < texture.gram_gap(texture.noise(patch, seeded()), patch, bank)


def test_levels_have_the_shortest_way_and_picks_move_the_generator():
    free = torch.zeros(levels.ROWS, levels.COLUMNS, dtype=torch.bool)
    assert levels.steps(free) == levels.ROWS + levels.COLUMNS - 2
    wall = free.clone()
    wall[:, 5] = True
    assert levels.steps(wall) == 0
    wall[0, 5] = False
    assert levels.steps(wall) == 18
    assert all(levels.steps(level) > 0 for level in levels.solvable_levels(0.4, 5, seeded()))
    before = torch.full((levels.ROWS, levels.COLUMNS), 0.3)
    after = levels.moved(before, wall)
    assert (after[wall] > before[wall]).all() and (after[~wall] < before[~wall]).all()
    assert [len(rung) for rung in levels.follow(levels.longest, seeded(), rounds=2)] == [levels.OFFERED] * 2


def test_the_recorded_table_is_whole_and_written_as_it_is_read(tmp_path):
    rows = table.read()
    assert {row.seed for row in rows} == set(range(table.SEEDS)) and len(rows) == len(set(row[:4] for row in rows))
    assert len(table.column(rows, "melodies", "Markov, 1 notes", "nats")) == table.SEEDS
    table.write(rows, tmp_path / "again.csv")
    assert table.read(tmp_path / "again.csv") == rows
    with pytest.raises(ValueError, match="the table has no"):
        table.column(rows, "melodies", "a person", "nats")


def test_a_recorded_row_is_what_is_made_now():
    learn, held = tunes.split(3)
    recorded = table.column(table.read(), "melodies", "Markov, 1 notes", "nats")[3]
    assert recorded == pytest.approx(tunes.nats(tunes.markov(learn, 1), held), rel=1e-3)


def test_one_picture_has_no_spread_and_breaks_nothing():
    theta = repair.gaussian(torch.ones(1, 4), ridge=0.5)
    torch.testing.assert_close(theta.covariances[0], 0.5 * torch.eye(4, dtype=torch.float64))
