"""Each check accepts every right answer, and meets each wrong one with a message that names the mistake."""

import math
import re
import time
import warnings
from collections import Counter
from itertools import pairwise
from statistics import NormalDist

import nbgrader_course
import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn
from torch.nn import functional as F

from course_utils.checks import (
    CheckFailed,
    applications,
    comparison,
    definitions,
    energy_graphs,
    ethics,
    evaluation,
    flows_diffusion,
    gan,
    gmm,
    language_models,
    quiet,
    vae,
)
from course_utils.checks.kit import common, networks
from course_utils.checks.kit.properties import fixed

MODULES = {
    "01_definitions": definitions,
    "02_gmm": gmm,
    "03_vae": vae,
    "04_gan": gan,
    "05_comparison": comparison,
    "06_ethics": ethics,
    "07_evaluation": evaluation,
    "08_flows_diffusion": flows_diffusion,
    "09_energy_graphs": energy_graphs,
    "10_language_models": language_models,
    "11_applications": applications,
}
QUESTIONS = {
    "01_definitions": ["fit", "log_joint", "log_posterior", "sample", "joint_table", "burglary_given_call"],
    "02_gmm": ["log_components", "log_prob", "responsibilities", "m_step", "sample", "bic"],
    "03_vae": ["reparameterize", "kl_standard_normal", "log_bernoulli", "elbo", "Encoder", "Decoder", "sample"],
    "04_gan": [
        "generator_loss_minimax",
        "generator_loss",
        "discriminator_loss",
        "Generator",
        "Discriminator",
        "d_step",
        "g_step",
        "mode_coverage",
    ],
    "05_comparison": [
        "split",
        "parameter_count",
        "width_for_budget",
        "train_for",
        "evaluate",
        "summary",
        "verdict",
    ],
    "06_ethics": [
        "class_shares",
        "drift",
        "importance_weights",
        "copy_audit",
        "membership_score",
        "auc",
        "tpr_at_fpr",
    ],
    "07_evaluation": [
        "inception_score",
        "over_splits",
        "moments",
        "frechet_distance",
        "precision_recall",
        "extrapolate",
    ],
    "08_flows_diffusion": [
        "coupling_forward",
        "coupling_inverse",
        "log_prob",
        "q_sample",
        "denoising_loss",
        "ddpm_step",
        "ddim_step",
        "guided",
    ],
    "09_energy_graphs": [
        "energy",
        "free_energy",
        "p_h_given_x",
        "p_x_given_h",
        "gibbs_step",
        "cd_loss",
        "log_likelihood",
        "joint",
        "conditional",
        "likelihood_weighting",
        "estimate",
    ],
    "10_language_models": [
        "byte_pair_merge",
        "ngram_probs",
        "causal_attention",
        "bits_per_character",
        "next_token_probs",
        "answer_log_prob",
        "dpo_loss",
    ],
    "11_applications": [
        "split",
        "prepare",
        "balance",
        "threshold",
        "conditional",
        "interval",
        "coverage",
        "shrink",
        "upsample",
    ],
}


def cases(kind):
    """One parameter for each answer of that kind that a visible check can judge."""
    found = []
    for assignment in MODULES:
        for question, answers in nbgrader_course.answers(assignment, kind).items():
            for number, answer in enumerate(answers):
                if not answer.hidden:
                    name = f"{assignment}-{question}-{number}-{answer.note[:40]}"
                    found.append(pytest.param(assignment, answer, id=name))
    return found


def defined(answer):
    """What the answer's cell defines, in a namespace like that of the notebook's."""
    names = {"math": math, "time": time, "np": np, "stats": stats, "torch": torch, "nn": nn, "F": F}
    names |= {"re": re, "Counter": Counter, "pairwise": pairwise, "NormalDist": NormalDist}
    names["__name__"] = "__main__"
    exec(answer.source, names)
    return names[answer.question]


@pytest.mark.parametrize("assignment", MODULES)
def test_there_are_enough_answers(assignment):
    right, wrong = (nbgrader_course.answers(assignment, kind) for kind in ("right", "wrong"))
    assert list(right) == list(wrong) == QUESTIONS[assignment]
    assert min(map(len, right.values())) >= 4 and min(map(len, wrong.values())) >= 8


@pytest.mark.parametrize("assignment, answer", cases("right"))
def test_a_right_answer_passes(assignment, answer, capsys):
    getattr(MODULES[assignment], answer.question)(defined(answer))
    captured = capsys.readouterr()
    assert answer.question in captured.out and not captured.err


@pytest.mark.parametrize("assignment, answer", cases("wrong"))
def test_a_wrong_answer_is_named(assignment, answer):
    with pytest.raises(CheckFailed) as caught:
        getattr(MODULES[assignment], answer.test.removeprefix("test_"))(defined(answer))
    message = str(caught.value)
    assert answer.note in message
    assert len(message) < 330, "one or two sentences"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None, "only the message is shown"


def test_the_package_passes_its_own_checks():
    from course_utils import losses, models

    vae.reparameterize(models.reparameterize)
    vae.kl_standard_normal(losses.kl_standard_normal)
    vae.log_bernoulli(losses.log_bernoulli)
    vae.elbo(losses.elbo)
    for name in ("generator_loss_minimax", "generator_loss", "discriminator_loss"):
        getattr(gan, name)(getattr(losses, name))


def test_a_check_leaves_the_random_state_alone():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    vae.Encoder(defined(nbgrader_course.answers("03_vae", "right")["Encoder"][0]))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("answer", [None, 3, torch.zeros(2), lambda *args: object(), lambda *args: [1, 2]])
@pytest.mark.parametrize("assignment, question", [(name, each) for name in QUESTIONS for each in QUESTIONS[name]])
def test_nonsense_gets_a_message_not_a_crash(assignment, question, answer):
    with pytest.raises(CheckFailed, match=r"\w+ .*\."):
        getattr(MODULES[assignment], question)(answer)


@pytest.mark.parametrize("error", [ValueError("what\nhappened?"), SystemExit(1), RecursionError(), KeyError("z")])
def test_an_exception_of_the_learner_is_explained(error):
    def elbo(log_px_z, kl, beta=1.0):
        raise error

    with pytest.raises(CheckFailed, match=rf"elbo stopped with {type(error).__name__} in your line `raise error`"):
        vae.elbo(elbo)


def test_the_stop_button_still_stops():
    def elbo(log_px_z, kl, beta=1.0):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vae.elbo(elbo)


def test_a_failed_check_shows_its_message_alone_in_short_lines():
    message = "Your KL lacks the factor ½. " * 9
    first, *lines = CheckFailed(message)._render_traceback_()
    assert "Not yet." in first and " ".join(lines) == message.strip() and max(map(len, lines)) <= 80


def test_quiet_keeps_stderr_empty(capsys):
    import sys

    with quiet():
        warnings.warn("a remark", stacklevel=1)
        print("a note", file=sys.stderr)
    captured = capsys.readouterr()
    assert captured.err == "" and captured.out == "a note\n"


def test_recognize_prefers_the_right_value_to_a_mistake_that_equals_it():
    right = torch.tensor([1.0, 2.0])
    common.recognize(right.clone(), right, {"is wrong": right}, "It")


def test_recognize_tells_where_an_unknown_value_is_wrong():
    with pytest.raises(CheckFailed, match="It is wrong: 5 where 2 is right"):
        common.recognize(torch.tensor([1.0, 5.0]), torch.tensor([1.0, 2.0]), {}, "It")


def test_no_two_mistakes_of_a_reduction_look_alike():
    terms = torch.randn(3, 4, generator=torch.Generator().manual_seed(0))
    values = list(common.reductions(terms, "dimensions").values())
    for i, value in enumerate(values):
        assert not any(common.close(value, other) for other in values[:i])


def test_build_makes_the_check_independent_of_the_initialization():
    class Zero(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 2)
            nn.init.zeros_(self.layer.weight)

        def forward(self, x):
            return self.layer(x)

    network = networks.build(common.Answer(Zero, "Zero"), torch.zeros(1, 3))
    assert network(torch.randn(5, 3)).std() > 0


def test_each_mistake_about_coverage_gives_a_pair_of_its_own():
    from course_utils.checks.gan import coverage

    pairs = [pair for _, pair in coverage._mistakes(coverage.POINTS, coverage.MODES, coverage.STD)]
    assert len({tuple(round(value, 6) for value in pair) for pair in [*pairs, (6, 8 / 17)]}) == len(pairs) + 1


class Once:
    """Functions that leave something changed, one for each thing that a call must leave alone."""

    @staticmethod
    def gradients(x, net, generator):
        torch.set_grad_enabled(False)

    @staticmethod
    def dtype(x, net, generator):
        torch.set_default_dtype(torch.float64)

    @staticmethod
    def input(x, net, generator):
        x += 1

    @staticmethod
    def requires(x, net, generator):
        x.requires_grad_()

    @staticmethod
    def frozen(x, net, generator):
        net.requires_grad_(False)

    @staticmethod
    def mode(x, net, generator):
        net.eval()

    @staticmethod
    def weights(x, net, generator):
        net.bias.data += 1


@pytest.mark.parametrize(
    "name, said",
    {
        "gradients": "leaves gradients switched off",
        "dtype": "another default dtype",
        "input": "changes its input in place",
        "requires": "changes requires_grad of x",
        "frozen": "leaves net frozen",
        "mode": "leaves net in another mode",
        "weights": "changes the weights of net",
    }.items(),
)
def test_a_call_that_leaves_something_changed_is_named_and_the_modes_are_put_back(name, said):
    answer = common.Answer(getattr(Once, name), name)
    with pytest.raises(CheckFailed, match=said):
        answer(torch.ones(2), nn.Linear(2, 2), torch.Generator())
    assert torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32


def test_a_global_draw_beside_a_generator_is_said_when_nothing_else_is():
    def elbo(log_px_z, kl, beta=1.0):
        torch.rand(1)
        return log_px_z - beta * kl

    vae.elbo(elbo)
    answer = common.Answer(lambda x, generator: torch.rand(1), "draw")
    answer(1, torch.Generator())
    assert "global random state" in answer.later


@pytest.mark.parametrize(
    "what, word",
    [
        ("Your means", "are"),
        ("Your KL of the prior", "is"),
        ("x_logits", "is"),
        ("The minimax loss", "is"),
        ("The loss that g_step returns", "is"),
    ],
)
def test_verbs_agree_with_what_they_are_about(what, word):
    assert common.verb("is", what) == word


def test_eigenvalues_of_nan_raise_within_a_check_and_end_no_process():
    from torch.linalg import eigvals

    for bad in (math.nan, math.inf):
        matrix = fixed(3, 4)[:, :3].double()
        matrix[0] = bad
        with quiet():
            for call in (lambda: torch.linalg.eigvals(matrix), lambda: eigvals(input=matrix)):  # noqa: B023
                with pytest.raises(RuntimeError, match="nan or inf"):
                    call()
    with quiet():
        assert torch.equal(eigvals(2 * torch.eye(3)).real, torch.full((3,), 2.0))
