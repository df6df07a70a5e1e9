"""The figures of lecture 06 show the numbers that they are given."""

import numpy as np
import pytest
import torch

from course_utils.labs.ethics import plots
from course_utils.metrics import roc
from course_utils.widgets.sweep import Level


def test_the_table_of_auc_names_each_pair_with_mean_and_range():
    areas = {("A", "A"): [0.9, 1.0], ("A", "B"): [0.5, 0.7], ("B", "A"): [0.6, 0.6], ("B", "B"): [0.98, 0.98]}
    ax = plots.auc_table(areas, title="t", alt="a").axes[0]
    assert [t.get_text() for t in ax.texts][:2] == ["0.95\n0.90 to 1.00", "0.60\n0.50 to 0.70"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["A", "B"]
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.95, 0.6], [0.6, 0.98]])


def test_a_sweep_has_a_panel_an_attack_and_a_line_a_value():
    kinds = ("noise", "gray levels", "blur", "shift", "crop", "regeneration")
    levels = [Level(f"{k}", torch.zeros(1, 1, 2, 2), {"found": 1 - k / 4, "read": 1.0}) for k in range(5)]
    axes = plots.sweep_picture(dict.fromkeys(kinds, levels), title="t", alt="a").axes
    assert [ax.get_title() for ax in axes] == [f"{kind}, to 4" for kind in kinds]
    np.testing.assert_allclose(axes[0].lines[0].get_xydata(), [(k / 4, 1 - k / 4) for k in range(5)])


def test_shares_stand_at_their_training_set_beside_its_aim():
    shares = {(model, kind): [0.1 * place, 0.2] for model in ("GMM", "VAE", "GAN") for place, kind in enumerate("fs")}
    figure = plots.share_picture({"one": shares, "two": shares}, {"f": 0.5, "s": 0.09}, title="t", alt="a")
    lines = figure.axes[1].lines
    assert [list(line.get_ydata()) for line in lines[4:]] == [[0.09, 0.09], *3 * [[0.1, 0.2]]]
    assert [round(float(line.get_xdata()[0]), 3) for line in lines[5:]] == [0.8, 1.0, 1.2]


def test_roc_curves_are_drawn_beside_the_line_of_guessing():
    curves = {"all": roc.roc_curve([3, 4, 5], [0, 1, 2])}
    drawn, guessing = plots.roc_picture(curves, title="t", alt="a").axes[0].lines
    assert drawn.get_label() == "all" and max(drawn.get_ydata()) == 1
    assert guessing.get_xdata() == pytest.approx(guessing.get_ydata())
