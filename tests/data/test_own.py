"""Pictures of one's own: every mode and shape comes out as the same small image, and what is no picture is named."""

import io

import numpy as np
import pytest
import torch
from ipywidgets import FileUpload
from PIL import Image

from course_utils.data.own import own_images

# A stroke and a dot: none of the eight ways to turn or mirror it leaves it as it is.
DRAWING = np.full((8, 8), 255, np.uint8)
DRAWING[1:7, 2] = 0
DRAWING[6, 2:5] = 51
INK = torch.from_numpy(1 - DRAWING / 255).float()


def big(factor=5, array=DRAWING):
    return Image.fromarray(np.kron(array, np.ones((factor, factor), np.uint8)))


def transparent(ink, paper=0):
    """The drawing as opaque ink on what is transparent."""
    colours = np.zeros((40, 40, 4), np.uint8)
    colours[..., :3] = ink
    colours[..., 3] = 255 - np.asarray(big())
    colours[..., :3][colours[..., 3] == 0] = paper
    return Image.fromarray(colours)


def read_one(folder, image, name="drawing.png", **options):
    image.save(folder / name, **options)
    return own_images(folder, side=8)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(big(1), id="as small as asked for"),
        pytest.param(big(), id="grey"),
        pytest.param(big().convert("RGB"), id="colour"),
        pytest.param(big().convert("P"), id="palette"),
        pytest.param(big().convert("LA"), id="opaque with alpha"),
        pytest.param(Image.fromarray(np.asarray(big()).astype(np.uint16) * 257), id="16 bits"),
        pytest.param(transparent(0), id="black on transparent"),
        pytest.param(transparent(0, paper=255), id="whatever colour hides behind it"),
    ],
)
def test_each_mode_gives_ink_on_paper(tmp_path, image):
    pictures = read_one(tmp_path, image)
    assert pictures.x.shape == (1, 1, 8, 8) and pictures.x.dtype == torch.float32
    assert not pictures.inverted and torch.allclose(pictures.x[0, 0], INK, atol=1e-2)


def test_white_on_transparent_is_not_blank(tmp_path):
    pictures = read_one(tmp_path, transparent(255))
    assert pictures.inverted and torch.allclose(pictures.x[0, 0], INK, atol=1e-2)


@pytest.mark.parametrize("name", ["d.jpg", "d.webp", "d.gif", "d.bmp", "d.tiff"])
def test_other_formats(tmp_path, name):
    assert torch.allclose(read_one(tmp_path, big(16), name).x[0, 0], INK, atol=0.06)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_as_the_camera_was_held(tmp_path, orientation):
    stored = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: np.transpose,
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).T,
        8: lambda a: np.rot90(a, -1),
    }[orientation](DRAWING)
    exif = Image.Exif()
    exif[0x0112] = orientation
    pictures = read_one(tmp_path, big(16, np.ascontiguousarray(stored)), "photo.jpg", exif=exif, quality=95)
    assert torch.allclose(pictures.x[0, 0], INK, atol=0.06)


@pytest.mark.parametrize("shape", [(8, 14), (14, 8)])
def test_the_square_in_the_middle(tmp_path, shape):
    wide = np.full(shape, 255, np.uint8)
    top, left = (shape[0] - 8) // 2, (shape[1] - 8) // 2
    wide[top : top + 8, left : left + 8] = DRAWING
    wide[0, 0] = 0  # outside of it
    assert torch.allclose(read_one(tmp_path, big(array=wide)).x[0, 0], INK, atol=1e-6)


@pytest.mark.parametrize("side", [8, 16, 28])
def test_a_pixel_is_the_mean_of_what_it_covers(tmp_path, side):
    values = np.random.default_rng(0).integers(128, 256, (4 * side, 4 * side)).astype(np.uint8)
    big(1, values).save(tmp_path / "noise.png")
    means = values.reshape(side, 4, side, 4).mean((1, 3)) / 255
    x = own_images(tmp_path, side).x
    assert x.shape == (1, 1, side, side) and torch.allclose(x[0, 0], torch.from_numpy(1 - means).float(), atol=1e-5)


def test_most_edges_decide_for_all_and_the_reader_may_decide_instead(tmp_path):
    for number in range(3):
        big(array=DRAWING if number == 2 else 255 - DRAWING).save(tmp_path / f"{number}.png")
    chalk = own_images(tmp_path, 8)
    assert chalk.inverted and torch.allclose(chalk.x[0, 0], INK, atol=1e-2) and chalk.x[2, 0, 0, 0] == 1
    told = own_images(tmp_path, 8, invert=False)
    assert not told.inverted and torch.allclose(told.x, 1 - chalk.x)


def test_sub_folders_are_classes_and_litter_is_left_out(tmp_path):
    for label, count in (("cats", 2), ("dogs", 3)):
        (tmp_path / label / ".ipynb_checkpoints").mkdir(parents=True)
        for number in range(count):
            big().save(tmp_path / label / f"{number}.png")
    (tmp_path / "dogs" / "Thumbs.db").write_text("litter")
    (tmp_path / ".DS_Store").write_text("litter")
    pictures = own_images(str(tmp_path), at_least=5)
    assert pictures.names == ("cats", "dogs") and pictures.y.tolist() == [0, 0, 1, 1, 1]
    assert pictures.y.dtype == torch.int64 and pictures.x.shape == (5, 1, 28, 28)
    files = sorted(tmp_path.glob("*/*.png"), reverse=True)
    again = own_images(files)
    assert again.names == pictures.names and torch.equal(again.y, pictures.y) and torch.equal(again.x, pictures.x)


def content(image, format="png"):
    stream = io.BytesIO()
    image.save(stream, format)
    return memoryview(stream.getvalue())


def test_an_upload_in_the_page():
    upload = FileUpload(multiple=True)
    state = [
        {"name": name, "type": "image/png", "size": 1, "content": content(big()), "last_modified": 0}
        for name in ("b.png", "a.png")
    ]
    upload.set_state({"value": state})  # as the browser does
    pictures = own_images(upload.value, 8)
    assert pictures.names == ("upload",) and pictures.y.tolist() == [0, 0]
    assert torch.allclose(pictures.x[0, 0], INK, atol=1e-2)
    with pytest.raises(ValueError, match="too few pictures: 0 of at least 1"):
        own_images(FileUpload().value)


def test_what_is_no_picture_is_named_with_what_to_do(tmp_path):
    big().save(tmp_path / "good.png")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "cut.png").write_bytes(
        content(big(40, np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)))[:90]
    )
    with pytest.raises(ValueError, match="2 of 3 files cannot be read") as caught:
        own_images(tmp_path)
    for text in ("notes.txt (no picture)", "cut.png (", "save them as PNG or JPEG"):
        assert text in str(caught.value)
    with pytest.raises(ValueError, match=r"essay.pdf \(no picture\)"):
        own_images([{"name": "essay.pdf", "content": b"%PDF-1.7"}])


def test_an_empty_folder_too_few_and_other_mistakes(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder or file .*nowhere"):
        own_images(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"too few pictures in .*: 0 of at least 1. Add PNG or JPEG files"):
        own_images(tmp_path)
    big().save(tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"too few pictures in .*: 1 of at least 50"):
        own_images(tmp_path, at_least=50)
    with pytest.raises(ValueError, match="8, 16, 28 pixels, got 32"):
        own_images(tmp_path, side=32)
    (tmp_path / "cats").mkdir()
    big().save(tmp_path / "cats" / "b.png")
    with pytest.raises(ValueError, match=r"has pictures \(a.png, ...\) and sub-folders"):
        own_images(tmp_path)
