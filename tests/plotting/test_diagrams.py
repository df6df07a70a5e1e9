"""Diagrams: the alt text names what is drawn, gradients leave a block on the side of their lane, bad input is told."""

import pytest

from course_utils import plotting
from course_utils.plotting.diagrams import Arrow, Block, coupling_diagram, denoiser_diagram, diagram

LEARNING = [plotting.vae_diagram(64, 8), plotting.gan_diagram(16, 2), denoiser_diagram(64)]


@pytest.mark.parametrize("figure", LEARNING)
def test_a_diagram_says_its_blocks_and_gradients_and_stays_in_its_frame(figure):
    figure.check()
    (ax,) = figure.axes
    for text in ax.texts:
        assert text.get_text() in figure.alt
    assert figure.alt.index("Arrows") < figure.alt.index("Gradients")
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for line in ax.lines:
        x, y = line.get_data()
        assert left <= min(x) <= max(x) <= right and top <= min(y) <= max(y) <= bottom


def test_gradients_go_over_or_under_the_blocks():
    over, under = plotting.gan_diagram(16, 2).axes[0].lines
    assert min(over.get_ydata()) < -0.31 and max(under.get_ydata()) > 1.31


def test_a_diagram_without_gradients_names_none():
    figure = diagram({"a": Block(0, 0), "b": Block(1, 0)}, [Arrow("a", "b")], title="Two blocks")
    assert figure.alt == "Diagram: Two blocks. Blocks: a, b. Arrows: a to b."


def test_what_a_coupling_layer_keeps_reaches_the_end_and_what_it_moves_never_reaches_the_network():
    figure = coupling_diagram()
    figure.check()
    assert "x_A to z_A" in figure.alt and "x_A to network" in figure.alt and "x_B to network" not in figure.alt


@pytest.mark.parametrize(
    ("blocks", "arrows", "message"),
    [({"a": Block(0, 0)}, [Arrow("a", "c")], "not there: c"), ({"a": Block(0, 0, kind="box")}, [], "choose one of")],
)
def test_bad_descriptions_are_refused(blocks, arrows, message):
    with pytest.raises(ValueError, match=message):
        diagram(blocks, arrows, title="-")
