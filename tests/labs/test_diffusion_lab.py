"""Lecture 08b's labs: the judge reads what the program draws, the painter's checkpoint obeys, the explorers answer."""

import pytest
import torch

from course_utils import data
from course_utils.labs.diffusion import composing, explorer, painter, shapes
from course_utils.labs.diffusion.shapes import Caption
from course_utils.models import diffusion, first_weights
from course_utils.training import seeded

TEXT = "a large red circle left of a small blue square"
LARGE_RED = Caption("large", "red", "circle", "left of", "small", "blue", "square")


def drawn(caption, seed=0):
    return shapes.draw(caption, seeded(seed))


def test_a_caption_is_read_from_its_words_and_says_them():
    assert shapes.parse(TEXT) == LARGE_RED and str(LARGE_RED) == TEXT
    assert shapes.parse("Large red circle, left of the small blue square") == LARGE_RED


@pytest.mark.parametrize("text", ["", "a red circle", "a large red circle left of a small red square", TEXT + " twice"])
def test_other_sentences_are_refused_with_what_may_be_said(text):
    with pytest.raises(ValueError, match=r"Say it as in.*circle/square/triangle"):
        shapes.parse(text)


def test_the_judge_agrees_with_the_program_on_every_caption():
    everything = shapes.captions()
    assert len(everything) == 864 and sum(map(shapes.is_held_out, everything)) == 192
    for number, caption in enumerate(everything):
        assert all(shapes.obeyed(caption, drawn(caption, number)).values()), caption


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("sizes", {"size": "small"}),
        ("shapes", {"other_shape": "circle"}),
        ("relation", {"relation": "right of"}),
        ("relation", {"relation": "above"}),
        ("colors", {"color": "green"}),
    ],
)
def test_the_judge_names_what_is_not_as_asked(part, change):
    said = shapes.obeyed(LARGE_RED, drawn(LARGE_RED._replace(**change)))
    assert not said[part] and not said["all"]
    if part != "colors":
        assert all(met for name, met in said.items() if name not in (part, "all"))


def test_a_scene_told_from_the_other_thing_is_the_same_scene():
    assert all(shapes.obeyed(shapes.turned(LARGE_RED), drawn(LARGE_RED)).values())
    assert shapes.turned(shapes.turned(LARGE_RED)) == LARGE_RED


def test_an_empty_page_obeys_nothing():
    assert not any(shapes.obeyed(LARGE_RED, torch.ones(3, 16, 16)).values())


def test_noise_on_a_picture_does_not_confuse_the_judge():
    x = drawn(LARGE_RED) + 0.05 * torch.randn(3, 16, 16, generator=seeded(1))
    assert shapes.obeyed(LARGE_RED, x)["all"]


def test_training_pictures_never_show_what_is_held_out():
    x, y = painter.pictures(300, seeded(0))
    green, triangle = list(shapes.COLORS).index("green"), shapes.SHAPES.index("triangle")
    assert x.shape == (300, *painter.EVENT) and y.shape == (300, 7)
    assert not ((y[:, [1, 5]] == green) & (y[:, [2, 6]] == triangle)).any()
    assert (y[:, 1] == green).any() and (y[:, 2] == triangle).any()


def test_the_painter_forgets_a_caption_only_when_told_to():
    with first_weights(0):
        model = painter.Painter(hidden=16)
    y, t = shapes.tokens([LARGE_RED] * 3), torch.full((3,), 0.5)
    assert (model.conditions(t, y)[:, 10:].sum(1) == 7).all()
    assert (model.conditions(t, torch.full_like(y, -1)) == model.conditions(t, None)).all()
    assert painter.loss(model, *painter.pictures(8, seeded(0)), seeded(1))["loss"].isfinite()


@pytest.fixture(scope="module")
def trained():
    return painter.load()


def test_the_checkpoint_is_what_the_command_writes(trained, tmp_path):
    painter.save(trained, tmp_path / "painter.pt")
    again = painter.load(tmp_path / "painter.pt").state_dict()
    assert all(torch.equal(value, again[name]) for name, value in trained.state_dict().items())
    assert painter.CHECKPOINT.stat().st_size < 3_000_000


def test_the_checkpoint_obeys_captions_shown_in_training(trained):
    asked = [caption for caption in shapes.captions() if not shapes.is_held_out(caption)][::20]
    x = trained.sample(len(asked), y=shapes.tokens(asked), rng=seeded(0))
    said = [shapes.obeyed(caption, image) for caption, image in zip(asked, x, strict=True)]
    assert sum(each["colors"] and each["relation"] for each in said) > 0.85 * len(said)
    other = trained.sample(len(asked), y=shapes.tokens(asked).roll(1, 0), rng=seeded(0))
    missed = [shapes.obeyed(caption, image)["all"] for caption, image in zip(asked, other, strict=True)]
    assert sum(missed) < 0.1 * len(missed), "pictures of other captions must not pass"


def test_guidance_in_one_pass_is_guidance_in_two(trained):
    y, x = shapes.tokens([LARGE_RED] * 3), torch.randn(3, *painter.EVENT, generator=seeded(0))
    t = torch.tensor(0.6)
    two = diffusion.Denoiser.denoise(trained, x, t, y, 2.5)
    torch.testing.assert_close(trained.denoise(x, t, y, 2.5), two, atol=1e-4, rtol=0)
    assert torch.equal(trained.denoise(x, t, y), diffusion.Denoiser.denoise(trained, x, t, y))


def test_the_table_of_obedience_keeps_other_networks_and_is_that_of_the_checkpoint(trained, tmp_path):
    recorded = composing.read()
    assert len({row["network"] for row in recorded}) >= 2 and len(recorded) % 2 == 0
    composing.write(recorded, tmp_path / "table.csv")
    composing.write([recorded[0] | {"colors": 0.25}, recorded[1]], tmp_path / "table.csv")
    assert composing.read(tmp_path / "table.csv") == [recorded[0] | {"colors": 0.25}, *recorded[1:]]
    again = composing.judged(trained, composing.asked()[composing.NEVER], draws=3)
    own = next(row for row in recorded if (row["network"], row["captions"]) == (0, composing.NEVER))
    assert all(abs(again[part] - own[part]) < 0.03 for part in composing.PARTS)


def png(view):
    return bytes(view.image.value)


def test_the_noise_explorer_shows_the_time():
    panel = explorer.noise_explorer(data.toy("blobs").sample(100, rng=seeded(0)), torch.rand(3, 1, 8, 8))
    before = {name: png(view) for name, view in panel.views.items()}
    panel.controls["t"].value = 0.9
    assert panel.exception is None and all(png(panel.views[name]) != before[name] for name in before)
    assert panel.views["points"].caption.value.startswith("t = 0.90: ᾱ = 0.024")
    panel.controls["t"].value = 0.0
    assert panel.exception is None and panel.views["points"].caption.value == "t = 0: the data"
    panel.reset()
    assert {name: png(view) for name, view in panel.views.items()} == before


def test_the_digits_explorer_answers_to_each_control():
    with first_weights(0):
        model = diffusion.Denoiser((1, 8, 8), classes=10, hidden=16)
    panel = explorer.digits_explorer(model)
    for change in ({"y": 5}, {"guidance": 4.0}, {"steps": 2}, {"seed": 7}):
        before = png(panel.views["drawn"])
        panel.set(**change)
        assert panel.exception is None and png(panel.views["drawn"]) != before
        panel.reset()
    panel.set(steps=1)
    assert panel.views["drawn"].caption.value == "10 draws of 3 in 1 step, guidance 1"


def test_a_caption_is_drawn_and_a_wrong_one_keeps_the_picture(trained):
    panel = explorer.caption_explorer(trained, TEXT)
    before = png(panel.views["pictures"])
    panel.controls["caption"].value = "a small blue triangle above a large green square"
    changed = png(panel.views["pictures"])
    assert changed != before and panel.views["pictures"].caption.value.endswith("of 5 as asked")
    panel.controls["caption"].value = "a house"
    assert "Say it as in" in panel.error.value and png(panel.views["pictures"]) == changed
    panel.buttons["Reset"].click()
    assert png(panel.views["pictures"]) == before and not panel.error.value


def test_a_grid_of_color_pictures_is_ready_to_be_shown():
    figure = explorer.color_grid(torch.rand(12, 3, 16, 16), ["one", "two"], title="t", alt="two rows")
    figure.check()
    assert [ax.get_title() for ax in figure.axes] == ["one", "two"]
