"""Explorers: what they show, tested without a browser; then their wiring, tested on the kernel's side."""

import io
from html import unescape

import ipywidgets
import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import plotting, training, widgets
from course_utils.models import VAE, ConditionalVAE
from course_utils.widgets import latent, live
from course_utils.widgets.panel import LivePicture, Panel, View, choice, slider, strip


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(bytes(png))))


def shown(panel: Panel, name: str) -> np.ndarray:
    return pixels(panel.views[name].image.value)


@pytest.fixture
def vae() -> VAE:
    torch.manual_seed(0)
    return VAE((1, 8, 8), latent=3, hidden=16)


@pytest.fixture
def images() -> torch.Tensor:
    return torch.rand(6, 1, 8, 8, generator=torch.Generator().manual_seed(0))


# Pure functions.


def test_image_png_is_the_image_enlarged_ink_on_paper():
    image = torch.tensor([[0.0, 1.0, 0.5], [-3.0, 7.0, 0.25]])
    expected = np.array([[255, 0, 128], [255, 0, 191]])
    assert (pixels(widgets.image_png(image, 1)) == expected).all()
    assert (pixels(widgets.image_png(image[None], 4)) == expected.repeat(4, 0).repeat(4, 1)).all()
    assert (pixels(widgets.image_png(image.double().numpy(), 1)) == expected).all()


def test_image_png_refuses_what_is_no_image():
    with pytest.raises(ValueError, match="not finite"):
        widgets.image_png(torch.full((2, 2), torch.nan), 1)
    with pytest.raises(ValueError, match=r"shape \(2, 8, 8\)"):
        widgets.image_png(torch.zeros(2, 8, 8), 1)


def test_strip_puts_images_side_by_side(images):
    row = strip(images, gap=2)
    assert row.shape == (8, 6 * 8 + 5 * 2)
    assert (row[:, 10:18] == images[1, 0].numpy()).all()
    assert (strip(images[:, 0], gap=2) == row).all()


def test_interpolate_is_linear_and_has_both_ends():
    a, b = torch.tensor([0.0, 4.0]), torch.tensor([[1.0, 0.0]])
    line = latent.interpolate(a, b, 5)
    assert line.tolist() == [[0, 4], [0.25, 3], [0.5, 2], [0.75, 1], [1, 0]]


def test_latent_sweep_moves_one_dimension_at_a_time():
    z = torch.tensor([10.0, 20.0, 30.0])
    images = widgets.latent_sweep(lambda z: z.reshape(-1, 1, 1, 3), 3, [-1.0, 1.0], z=z, to_pixels=None)
    expected = [[-1, 20, 30], [1, 20, 30], [10, -1, 30], [10, 1, 30], [10, 20, -1], [10, 20, 1]]
    assert images.flatten(1).tolist() == expected
    assert widgets.latent_sweep(lambda z: z.reshape(-1, 1, 1, 3), 3).shape == (21, 1, 1, 3)


def test_decoded_gives_pixels_without_a_graph(vae):
    x = latent.decoded(vae.decode, torch.zeros(2, 3))
    assert x.shape == (2, 1, 8, 8) and not x.requires_grad and x.min() >= 0 and x.max() <= 1
    assert torch.equal(x, vae.decode(torch.zeros(2, 3)).sigmoid().detach())


# The panel.


def counting(fail_above: float = 1e9) -> tuple[Panel, list[dict[str, float]]]:
    calls: list[dict[str, float]] = []

    def show(**values):
        calls.append(values)
        if values["a"] > fail_above:
            raise ValueError("a <b> is too large")
        return {"view": (widgets.image_png(np.full((2, 2), values["a"] / 10)), f"a = {values['a']}")}

    controls = {"a": slider("a", 0, 10, 1, "First"), "b": slider("b", 0.0, 1.0, 0.5, "Second", step=0.1)}
    panel = Panel(show, controls, {"view": View(50)}, follow={"b": lambda b: panel.set(a=7)})
    return panel, calls


def test_a_change_draws_once_and_makes_no_widget(monkeypatch):
    panel, calls = counting()
    parts = (panel.children, panel.views["view"].children, panel.views["view"].image)
    monkeypatch.setattr(ipywidgets.Widget, "open", lambda widget: pytest.fail(f"{widget} was made"))
    panel.controls["a"].value = 5
    assert calls == [{"a": 1, "b": 0.5}, {"a": 5, "b": 0.5}]
    assert panel.views["view"].caption.value == "a = 5" == panel.views["view"].image.tooltip
    assert parts == (panel.children, panel.views["view"].children, panel.views["view"].image)


def test_several_changes_together_draw_once():
    panel, calls = counting()
    panel.set(a=3, b=0.9)
    assert calls[1:] == [{"a": 3, "b": 0.9}], "and what follows the user's move of b does not run"
    panel.buttons["Reset"].click()
    assert calls[2:] == [{"a": 1, "b": 0.5}]


def test_what_follows_a_control_draws_once():
    panel, calls = counting()
    panel.controls["b"].value = 0.2
    assert calls[1:] == [{"a": 7, "b": 0.2}]


def test_a_failure_is_shown_and_the_last_good_picture_stays():
    panel, _ = counting(fail_above=5)
    panel.controls["a"].value = 4
    good = bytes(panel.views["view"].image.value)
    panel.controls["a"].value = 9
    assert 'role="alert"' in panel.error.value
    assert "ValueError: a <b> is too large" in unescape(panel.error.value) and "<b>" not in panel.error.value
    assert isinstance(panel.exception, ValueError)
    assert bytes(panel.views["view"].image.value) == good
    panel.controls["a"].value = 2
    assert panel.error.value == "" and panel.exception is None and shown(panel, "view")[0, 0] == 204


def test_a_failing_button_is_shown_too():
    def broken():
        raise RuntimeError("no such model")

    panel = Panel(lambda a: {}, {"a": slider("a", 0, 1, 0, "A")}, {}, buttons={"Go": (broken, "Try")})
    panel.buttons["Go"].click()
    assert "RuntimeError: no such model" in panel.error.value


def test_the_first_drawing_raises_in_the_cell():
    with pytest.raises(KeyError):
        Panel(lambda a: {"view": {}["nothing"]}, {"a": slider("a", 0, 1, 0, "A")}, {"view": View(10)})


def test_a_control_without_label_or_tooltip_is_refused():
    for control in (ipywidgets.IntSlider(tooltip="t"), ipywidgets.IntSlider(description="d")):
        with pytest.raises(ValueError, match="label"):
            Panel(lambda a: {}, {"a": control}, {})


def test_sliders_follow_while_moved_and_know_their_kind():
    assert isinstance(slider("i", 0, 3, 1, "t"), ipywidgets.IntSlider)
    assert isinstance(slider("t", 0, 1, 0, "t", step=0.1), ipywidgets.FloatSlider)
    assert slider("t", 0, 1, 0, "t", step=0.1).continuous_update
    assert choice("c", [("one", 1)], 1, "t").value == 1


def test_a_picture_is_redrawn_live_and_makes_room_for_longer_labels():
    figure, axes = plotting.picture(1, 2, alt="two panels", title="t")
    (line,) = axes[0].plot([0, 1], [0, 1])
    for ax in axes:
        ax.set(xlabel="x", ylabel="y")
    live = LivePicture(figure)
    panel = Panel(
        lambda top: (line.set_ydata([0, top]), axes[0].set_ylim(0, top), {"figure": live})[-1],
        {"top": slider("top", 1.0, 1e6, 1.0, "Upper end")},
        {"figure": View(792)},
    )
    first = shown(panel, "figure")
    panel.controls["top"].value = 123456.0
    second = shown(panel, "figure")
    assert (
        first.shape == second.shape and (first != second).any() and panel.views["figure"].image.tooltip == "two panels"
    )
    for image in (first, second):
        assert (image[:, 0] == 255).all()
    assert panel.exception is None


# Explorers.


def test_latent_explorer_shows_what_the_decoder_gives(vae):
    explorer = widgets.latent_explorer(vae.decode, 3, size=16)
    assert [control.description for control in explorer.controls.values()] == ["z₁", "z₂", "z₃"]
    explorer.controls["z2"].value = 1.5
    expected = widgets.image_png(vae.decode(torch.tensor([[0, 1.5, 0]])).sigmoid()[0], 2)
    assert (shown(explorer, "decoded") == pixels(expected)).all()
    at_start = widgets.image_png(vae.decode(torch.zeros(1, 3)).sigmoid()[0], 2)
    explorer.buttons["Reset"].click()
    assert bytes(explorer.views["decoded"].image.value) == at_start


@pytest.mark.parametrize("latent", [1, 2, 16])
def test_latent_explorer_of_any_size(latent):
    model = VAE((1, 28, 28), latent=latent, hidden=8)
    explorer = widgets.latent_explorer(model.decode, latent)
    assert len(explorer.controls) == latent and shown(explorer, "decoded").shape == (224, 224)
    explorer.buttons["Random z"].click()
    assert explorer.exception is None and all(explorer.values.values())


def test_latent_explorer_starts_from_an_image(vae, images):
    explorer = widgets.latent_explorer(vae.decode, 3, images=images, encode=vae.encode, labels=torch.arange(6))
    assert [explorer.values[f"z{i}"] for i in (1, 2, 3)] == [0, 0, 0]
    explorer.controls["start"].value = 4
    mu = vae.encode(images[4:5])[0]
    assert [explorer.values[f"z{i}"] for i in (1, 2, 3)] == pytest.approx(mu.flatten().tolist())
    assert explorer.views["start"].caption.value == "image 4, a 4"
    assert bytes(explorer.views["start"].image.value) == widgets.image_png(images[4], 28)
    explorer.buttons["Random z"].click()
    explorer.buttons["Encode"].click()
    assert explorer.values["z1"] == pytest.approx(mu[0, 0].item())
    explorer.buttons["Reset"].click()
    assert set(explorer.values.values()) == {0}


def test_random_z_repeats_with_its_seed(vae):
    def draws(seed):
        explorer = widgets.latent_explorer(vae.decode, 3, seed=seed)
        explorer.buttons["Random z"].click()
        return explorer.values

    assert draws(0) == draws(0) != draws(1)


def test_a_code_beyond_the_sliders_is_put_at_the_limit(vae, images):
    def encode(x):
        return torch.full((1, 3), 9.0), torch.zeros(1, 3)

    explorer = widgets.latent_explorer(vae.decode, 3, images=images, encode=encode, limit=4)
    explorer.buttons["Encode"].click()
    assert explorer.values["z1"] == 4 and explorer.exception is None


def test_latent_explorer_of_a_conditional_model(images):
    torch.manual_seed(0)
    model, labels = ConditionalVAE(3, (1, 8, 8), latent=2, hidden=16), torch.tensor([2, 0, 1, 2, 0, 1])
    explorer = widgets.latent_explorer(
        model.decode, 2, images=images, encode=model.encode, labels=labels, classes=["a", "b", "c"], size=8
    )
    explorer.controls["start"].value = 3
    mu = model.encode(images[3:4], labels[3:4])[0]
    assert explorer.values["condition"] == 2 and explorer.values["z1"] == pytest.approx(mu[0, 0].item())
    explorer.controls["condition"].value = 1
    expected = widgets.image_png(model.decode(mu, torch.tensor([1])).sigmoid()[0])
    assert np.abs(shown(explorer, "decoded").astype(int) - pixels(expected)).max() <= 1


def test_latent_explorer_says_what_is_missing(vae, images):
    with pytest.raises(ValueError, match="images and encode"):
        widgets.latent_explorer(vae.decode, 3, images=images)
    with pytest.raises(ValueError, match="labels"):
        widgets.latent_explorer(vae.decode, 3, images=images, encode=vae.encode, classes=["a"])


def test_interpolation_ends_on_both_reconstructions(vae, images):
    explorer = widgets.interpolation(vae.encode, vae.decode, images, torch.tensor([5, 5, 3, 0, 1, 2]), size=8)
    assert explorer.values == {"first": 0, "second": 2, "t": 0.5}, "the second is of another class"
    ends = [vae.decode(vae.encode(images[i : i + 1])[0]).sigmoid()[0].detach() for i in (0, 2)]
    for t, image in zip((0.0, 1.0), ends, strict=True):
        explorer.controls["t"].value = t
        assert np.abs(shown(explorer, "between").astype(int) - pixels(widgets.image_png(image))).max() <= 1
    explorer.buttons["Swap"].click()
    assert (explorer.values["first"], explorer.values["second"]) == (2, 0)
    row = shown(explorer, "strip")
    assert row.shape == (8, 9 * 8 + 8)
    explorer.buttons["Reset"].click()
    assert explorer.values == {"first": 0, "second": 2, "t": 0.5}


def test_arithmetic_of_an_image_with_itself_is_the_third(vae, images):
    explorer = widgets.arithmetic(vae.encode, vae.decode, images, torch.arange(6), size=8)
    explorer.set(a=1, b=1, c=5)
    expected = pixels(widgets.image_png(vae.decode(vae.encode(images[5:6])[0]).sigmoid()[0]))
    assert np.abs(shown(explorer, "result").astype(int) - expected).max() <= 1
    assert explorer.views["b"].caption.value == "− b: a 1"


# Live curves.


def history(steps: int) -> training.History:
    made = training.History()
    for step in range(steps):
        made.record({"elbo": -20.0 + step, "kl": 7.0})
    return made


def test_binned_keeps_the_mean_of_what_it_joins():
    x, y = live.binned([1, 2, 3, 4, 5, 6, 7], bins=3)
    assert x.tolist() == [1, 4, 6] and y.tolist() == [2, 5, 7]
    x, y = live.binned([4.0, 2.0])
    assert x.tolist() == [0, 1] and y.tolist() == [4, 2]
    assert live.binned([])[0].size == 0
    assert len(live.binned(range(12345))[0]) <= 300


def test_live_curves_draw_the_run_and_its_end():
    hook = widgets.live_curves("elbo", ("kl",), title="A run")
    waiting = bytes(hook.view.image.value)
    training.loop(lambda step: {"elbo": -20.0 + step, "kl": 7.0}, 30, on_step=hook, progress=False)
    assert bytes(hook.view.image.value) != waiting
    assert hook.view.caption.value == "step 30 of 30: elbo 9, kl 7 (nats)"
    figure = hook.figure()
    figure.check()
    assert figure.alt == "Line chart: A run. step 30 of 30: elbo 9, kl 7 (nats)"
    assert figure.axes[0].lines[0].get_ydata().tolist() == [-20.0 + step for step in range(30)]


def test_live_curves_draw_once_more_when_a_run_is_stopped():
    hook, run = widgets.live_curves("elbo", interval=1e9), history(1)
    hook(training.State(0, 9, {}, run))
    run.record({"elbo": 1.0})
    hook(training.State(1, 9, {}, run))
    assert hook.view.caption.value == "waiting", "not drawn so soon"
    run.record({"elbo": 1.0})
    run.interrupted = True
    hook(training.State(2, 9, {}, run))
    assert hook.view.caption.value.startswith("step 3 of 9")


def test_live_curves_name_an_unknown_term():
    with pytest.raises(ValueError, match=r"no term \['lots'\]; this run records \['elbo', 'kl'\]"):
        widgets.live_curves("lots")(training.State(0, 900, {}, history(1)))


@pytest.mark.parametrize(("step_seconds", "draw_seconds"), [(2e-3, 0.05), (2e-3, 0.5), (0.2, 0.05)])
def test_live_curves_take_a_bounded_share_of_the_time(monkeypatch, step_seconds, draw_seconds):
    clock, draws = [0.0], []

    def slow_png(picture):
        clock[0] += draw_seconds
        draws.append(clock[0])
        return b""

    monkeypatch.setattr(LivePicture, "png", slow_png)
    monkeypatch.setattr(live.time, "perf_counter", lambda: clock[0])
    hook, run = widgets.live_curves("elbo"), history(1)
    draws.clear()
    start = clock[0]
    for step in range(10_000):
        clock[0] += step_seconds
        hook(training.State(step, 10_000, {}, run))
    assert len(draws) * draw_seconds <= 0.1 * (clock[0] - start) + 2 * draw_seconds
    assert np.diff(draws[:-1]).min() >= 0.25 and len(draws) >= 4


def test_a_live_picture_is_laid_out_again_only_for_longer_labels(monkeypatch):
    figure, ax = plotting.picture(alt="a line", title="t")
    ax.set(xlabel="x", ylabel="y", ylim=(0, 1))
    layouts, lay_out = [], plotting.Picture.draw_without_rendering
    monkeypatch.setattr(
        plotting.Picture, "draw_without_rendering", lambda figure: (layouts.append(1), lay_out(figure))[-1]
    )
    live = LivePicture(figure)
    for top, expected in ((1, 1), (1.01, 1), (0.99, 1), (1e5, 2), (1.01e5, 2)):
        ax.set_ylim(0, top)
        live.png()
        assert len(layouts) == expected


def test_moving_artists_are_drawn_over_the_rest_and_leave_no_trace():
    def line(extent):
        figure, ax = plotting.picture(alt="a line", title="t")
        ax.set(xlabel="x", ylabel="y", xlim=(0, 1), ylim=(0, 1))
        return figure, ax.plot([0, 1], [0, extent])[0]

    (figure, moving), (whole, _) = line(0.2), line(0.7)
    live = LivePicture(figure, [moving])
    first = live.png()
    moving.set_ydata([0, 0.7])
    moved = live.png()
    difference = pixels(moved).astype(int) - pixels(LivePicture(whole).png())
    assert moved != first and np.abs(difference).mean() < 0.5, "as if all were drawn"
    moving.set_ydata([0, 0.2])
    assert live.png() == first
