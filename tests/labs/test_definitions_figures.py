"""Lecture 01's figures: their alt texts say what they show, and the colors of the family map follow its words."""

import pytest
import torch

from course_utils.labs.definitions import class_explorer, figures


def test_the_diagram_leads_from_the_class_to_x_only_in_the_generative_row():
    alt = figures.two_directions().alt
    assert "y ~ p(y) to Gaussians, Gaussians to x ~ p(x|y)" in alt and "x to logistic" in alt


def test_the_race_has_a_panel_for_each_task_and_says_where_curves_begin_and_end():
    values = torch.tensor([[0.5, 0.9], [0.7, 0.9]])
    figure = figures.race_figure({"a": {"one": values}, "b": {"one": values}}, (10, 100), {"a": {"best": 0.95}})
    assert [ax.get_title() for ax in figure.axes] == ["a", "b"]
    assert "a: one 60% to 90%" in figure.alt


@pytest.mark.parametrize("text", ("exact", "exact, by an ODE", "one pass"))
def test_what_is_exact_or_takes_one_pass_has_the_color_of_yes(text):
    assert figures.shade(text) == figures.shade("exact") != figures.shade("no")


def test_no_and_in_part_have_colors_of_their_own():
    assert figures.shade("no code") == figures.shade("no")
    assert len({figures.shade(text) for text in ("exact", "no", "lower bound")}) == 3
    assert figures.shade("nominal") == figures.shade("lower bound")


def test_the_map_names_each_family_with_its_row():
    figure = figures.family_map(["sample", "lecture"], {"flow": ["one pass", "08"], "GAN": ["one pass", "04"]})
    assert "flow: one pass, 08." in figure.alt and "GAN: one pass, 04." in figure.alt


def test_draws_are_painted_over_the_labeled_points():
    two = class_explorer.TwoClasses()
    order = [two.moving.index(dots) for dots in (two.points[0][1], two.draws[0])]
    painted = [list(two.picture.axes[0].collections).index(dots) for dots in (two.points[0][1], two.draws[0])]
    assert order == sorted(order) and painted == sorted(painted)
