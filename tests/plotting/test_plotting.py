"""Figures: complete (title, labels, alt text), true to what they draw, and shown exactly once in a kernel."""

import io
import re
import sys
from pathlib import Path

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import plotting
from course_utils.jupyter.execute import execute

ROOT = Path(__file__).parents[2]


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


@pytest.fixture
def digits() -> torch.Tensor:
    return torch.rand(12, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def figures(digits: torch.Tensor) -> dict[str, plotting.Picture]:
    z, y = torch.randn(60, 2, generator=torch.Generator().manual_seed(1)), torch.arange(60) % 10
    return {
        "grid": plotting.image_grid(digits, title="Twelve"),
        "named": plotting.image_grid(
            digits, columns=6, title="Named", labels=range(12), row_labels="ab", column_labels=range(6), xlabel="value"
        ),
        "curves": plotting.curves(
            {"ELBO": [-40.0, -20.0, -18.5], "KL": [1.0, 6.0, 7.25]},
            title="Training",
            xlabel="step",
            ylabel="nats",
            reference={"exact": -17.5},
        ),
        "map": plotting.latent_map(z, y, title="Codes"),
    }


def test_every_figure_is_complete_and_of_a_size_for_the_page(digits):
    for name, figure in figures(digits).items():
        figure.check()
        bundle = figure._repr_mimebundle_()
        width = int(re.search(r"style=\"width:(\d+)px;max-width:100%\"", bundle["text/html"])[1])
        assert 100 < width <= 800, name
        assert pixels(plotting.to_png(figure)).shape[1] == pytest.approx(2 * width, abs=2), name
        assert bundle["text/plain"] == figure.alt, name


@pytest.mark.parametrize("name", ["grid", "named", "curves", "map"])
def test_nothing_is_clipped_at_the_edge(digits, name):
    image = pixels(plotting.to_png(figures(digits)[name]))
    for edge in (image[0], image[-1], image[:, 0], image[:, -1]):
        assert (edge == 255).all()


def test_alt_text_says_what_is_drawn(digits):
    drawn = figures(digits)
    for part in ("Grid of 12", "2 rows of 6", "Named", "Rows: a, b", "Columns: 0, 1, 2, 3, 4, 5", "Labels: 0, 1"):
        assert part in drawn["named"].alt
    for part in (
        "Training",
        "nats against step from 0 to 2",
        "ELBO from -40 to -18.5",
        "KL from 1 to 7.25",
        "exact at -17.5",
    ):
        assert part in drawn["curves"].alt
    for part in ("Codes", "60 points", "z₁ from", "z₂ from", "Class medians: 0 ("):
        assert part in drawn["map"].alt
    assert plotting.image_grid(digits, title="Twelve", alt="own words").alt == "own words"


def test_alt_text_is_escaped_in_html():
    figure, ax = plotting.picture(title="t", alt='p < 0.5 & "quoted"')
    ax.set(xlabel="x", ylabel="y")
    assert 'alt="p &lt; 0.5 &amp; &quot;quoted&quot;"' in figure._repr_mimebundle_()["text/html"]


def test_a_missing_title_label_or_alt_text_is_refused(digits):
    with pytest.raises(TypeError, match="title"):
        plotting.image_grid(digits)
    with pytest.raises(TypeError, match="ylabel"):
        plotting.curves({"a": [1, 2]}, title="t", xlabel="x")
    with pytest.raises(ValueError, match="alt text"):
        plotting.picture(alt=" ", title="t")
    figure, axes = plotting.picture(1, 2, alt="two panels")
    axes[0].set_xlabel("x")
    with pytest.raises(ValueError, match="no title; axes 0: no ylabel; axes 1: no xlabel; axes 1: no ylabel"):
        figure._repr_mimebundle_()


def test_axes_without_numbers_need_no_label():
    figure, axes = plotting.picture(2, 2, alt="four", title="t", sharex=True, sharey=True)
    for ax in axes.flat:
        ax.set(xlabel="x", ylabel="y")
        ax.label_outer()
    axes[0, 0].set_axis_off()
    axes[1, 0].set_xlabel("")
    axes[1, 0].set_xticks([0, 1], ["real", "fake"])
    figure.check()
    figure, ax = plotting.picture(alt="a density", title="t")
    ax.set(xlabel="x", ylabel="y")
    bar = figure.colorbar(ax.imshow(np.eye(3)))
    with pytest.raises(ValueError, match="axes 1"):
        figure.check()
    bar.set_label("density")
    figure.check()


def test_images_are_ink_on_paper_and_land_where_they_should():
    images = torch.zeros(3, 1, 4, 4)
    images[1] = 1
    figure = plotting.image_grid(images, columns=2, title="t")
    sheet = figure.axes[0].images[0].get_array()
    assert sheet[1, 1] == 0 and sheet[1, 6] == 1 and sheet[6, 1] == 0
    assert np.ma.getmaskarray(sheet)[6, 6] and np.ma.getmaskarray(sheet)[:, 0].all()
    colors = figure.axes[0].images[0]
    assert np.allclose(colors.to_rgba(0.0)[:3], 1) and np.allclose(colors.to_rgba(1.0)[:3], 0)


def test_image_grid_refuses_what_it_cannot_draw(digits):
    for bad, message in ((digits[:, 0, 0], "shape"), (digits.repeat(1, 3, 1, 1), "shape"), (digits[:0], "shape")):
        with pytest.raises(ValueError, match=message):
            plotting.image_grid(bad, title="t")
    with pytest.raises(ValueError, match="not finite"):
        plotting.image_grid(digits / 0, title="t")
    with pytest.raises(ValueError, match="Labels: 3 names for 12"):
        plotting.image_grid(digits, title="t", labels=[1, 2, 3])


def test_curves_of_several_runs_show_mean_and_spread():
    figure = plotting.curves({"VAE": [[1.0, 2.0], [3.0, 6.0]]}, x=[10, 20], title="t", xlabel="x", ylabel="y")
    ax = figure.axes[0]
    assert ax.lines[0].get_ydata().tolist() == [2, 4]
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(2 - 2**0.5) and band.max() == pytest.approx(4 + 8**0.5)
    assert "mean ± sd, 2 runs" in figure.alt


def test_curves_legend_is_ordered_as_the_lines_end():
    figure = plotting.curves({"low": [3, 1], "high": [0, 2]}, title="t", xlabel="x", ylabel="y", reference={"mid": 1.5})
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["high", "mid", "low"]


def test_curves_and_latent_map_refuse_what_does_not_match():
    with pytest.raises(ValueError, match="at least one"):
        plotting.curves({}, title="t", xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match="'b' has 3 points for 2"):
        plotting.curves({"b": [1, 2, 3]}, x=[0, 1], title="t", xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match="has 0 points"):
        plotting.curves({"b": []}, title="t", xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match="latent_map draws"):
        plotting.latent_map(torch.zeros(5, 3), torch.zeros(5), title="t")


def test_drawing_leaves_no_state_and_needs_no_pyplot(digits):
    before = dict(mpl.rcParams)
    figures(digits)
    assert dict(mpl.rcParams) == before
    assert len(set(plotting.CLASS_COLORS)) == 10
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_a_kernel_shows_a_picture_once_whether_pyplot_is_imported_or_not(tmp_path):
    cells = [
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from course_utils.plotting import curves\n"
        "picture = curves({'a': [1, 2]}, title='t', xlabel='x', ylabel='y')",
        "assert 'matplotlib.pyplot' not in sys.modules\npicture",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
        "picture",
        "display(picture)",
        "picture.axes[0].set_xlabel('')\npicture",
    ]
    path = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
    result = execute(path, timeout=60)
    outputs = [cell.outputs for cell in result.notebook.cells]
    assert "image/png" in outputs[2][0].data, "pyplot's own figures are shown as ever"
    for shown in (outputs[1], outputs[3], outputs[4]):
        assert len(shown) == 1 and set(shown[0].data) == {"text/html", "text/plain"}
    assert outputs[5][0].evalue.endswith("(axes 0: no xlabel).")
    assert not result.passed, "an incomplete picture stops a page that is executed headless"
