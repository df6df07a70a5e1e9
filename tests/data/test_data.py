"""Images and minibatches. The IDX files are written here; mirrors are on this machine, so nothing needs the network."""

import errno
import gzip
import hashlib
import http.server
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import numpy as np
import pytest
import torch

from course_utils import data

FILES = [f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def contents(n: int = 23, seed: int = 0) -> dict[str, bytes]:
    """The four files of a small set: n train and n + 4 test images of 28×28."""
    rng = np.random.default_rng(seed)
    arrays = []
    for count in (n, n + 4):
        arrays += [rng.integers(0, 256, (count, 28, 28)), rng.integers(0, 10, count)]
    return dict(zip(FILES, map(idx, arrays), strict=True))


@pytest.fixture
def raw(tmp_path, monkeypatch) -> Path:
    """COURSE_DATA/MNIST/raw, empty. No mirror answers."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setenv("no_proxy", "*")
    use_mirrors(monkeypatch, ["http://127.0.0.1:9/"])
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    return folder


def use_mirrors(monkeypatch, mirrors: list[str], files: dict[str, bytes] | None = None) -> None:
    from course_utils.data.vision import datasets

    for kind in (datasets.MNIST, datasets.FashionMNIST):
        monkeypatch.setattr(kind, "mirrors", mirrors)
        if files:
            monkeypatch.setattr(kind, "resources", [(f, hashlib.md5(c).hexdigest()) for f, c in files.items()])


@pytest.fixture
def mirror(tmp_path_factory, raw, monkeypatch):
    """A web server on this machine with the four files, gzipped, their checksums being the expected ones."""
    served = tmp_path_factory.mktemp("mirror")
    files = {f"{name}.gz": gzip.compress(content) for name, content in contents().items()}
    for name, content in files.items():
        (served / name).write_bytes(content)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(served))

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        use_mirrors(monkeypatch, ["http://127.0.0.1:9/", f"http://127.0.0.1:{server.server_port}/"], files)
        yield served
        server.shutdown()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# Digits


def test_digits_are_all_there_in_two_stratified_parts():
    from sklearn.datasets import load_digits

    x, y = data.images("digits", "train")
    x_test, y_test = data.images("digits", "test")
    assert x.shape == (1437, 1, 8, 8) and x_test.shape == (360, 1, 8, 8) and y.shape == (1437,)
    assert x.dtype == torch.float32 and y.dtype == torch.int64
    assert x.min() == 0 and x.max() == 1
    assert (y.bincount() / 1437 - y_test.bincount() / 360).abs().max() < 0.005
    rows = torch.cat([x, x_test]).flatten(1).mul(16).tolist()
    whole, labels = load_digits(return_X_y=True)
    ours = sorted([*row, label] for row, label in zip(rows, torch.cat([y, y_test]).tolist(), strict=True))
    assert ours == sorted([*row, label] for row, label in zip(whole.tolist(), labels.tolist(), strict=True))


def test_digits_are_the_same_at_every_call_and_not_shared():
    x, y = data.images()
    x_again, y_again = data.images("digits", "train", limit=10**6)
    assert torch.equal(x, x_again) and torch.equal(y, y_again)
    x.zero_()
    assert data.images()[0].sum() > 0
    # Pinned: results quoted in the lectures belong to this split.
    assert y[:10].tolist() == [3, 9, 1, 3, 1, 9, 4, 4, 2, 8]
    assert data.images("digits", "test")[1][:10].tolist() == [7, 6, 3, 7, 7, 3, 2, 8, 9, 3]


@pytest.mark.parametrize("limit", [1, 7, 10, 25, 200, 1000])
def test_a_limit_keeps_classes_balanced_and_the_order(limit):
    x, y = data.images(limit=limit)
    assert len(x) == len(y) == limit
    counts = y.bincount(minlength=10)
    assert counts.max() - counts.min() <= 1
    index = {tuple(row): i for i, row in enumerate(data.images()[0].flatten(1).tolist())}
    position = [index[tuple(row)] for row in x.flatten(1).tolist()]
    assert position == sorted(set(position))  # each once, in the order of the whole set


def test_a_smaller_limit_gives_part_of_a_larger_one():
    small, large = (set(map(tuple, data.images(limit=n)[0].flatten(1).tolist())) for n in (33, 100))
    assert small < large


def test_a_limit_exhausts_rare_classes_before_it_is_uneven():
    y = torch.tensor([0] * 50 + [1] * 3 + [2] * 20)
    assert y[data.datasets._balanced(y, 30)].bincount().tolist() in ([14, 3, 13], [13, 3, 14])
    assert torch.equal(data.datasets._balanced(y, 1000), torch.arange(73))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "minst"}, "'minst': choose one of 'digits', 'mnist', 'fashion_mnist'"),
        ({"split": "valid"}, "'valid': choose one of 'train', 'test'"),
        ({"limit": 0}, r"limit must be None \(all images\) or a whole number from 1 on, got 0"),
        ({"limit": -3}, "got -3"),
    ],
)
def test_wrong_arguments_are_answered_with_the_choices(arguments, message):
    with pytest.raises(ValueError, match=message):
        data.images(**arguments)


# MNIST and Fashion-MNIST


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("name", "kind"), [("mnist", "MNIST"), ("fashion_mnist", "FashionMNIST")])
def test_idx_files_are_read_raw_and_gzipped_without_writing(raw, capfd, name, kind, packed):
    folder = raw.parents[1] / kind / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in contents().items():
        (folder / (file + ".gz" * packed)).write_bytes(gzip.compress(content) if packed else content)
    before = names(folder)
    for split, part in (("train", FILES[:2]), ("test", FILES[2:])):
        x, y = data.images(name, split)
        pixels = np.frombuffer(contents()[part[0]][16:], np.uint8).reshape(-1, 1, 28, 28)
        assert x.dtype == torch.float32 and y.dtype == torch.int64
        assert np.array_equal(x.numpy(), pixels.astype(np.float32) / 255)
        assert y.tolist() == list(contents()[part[1]][8:])
    assert data.images(name, "train", limit=5)[0].shape == (5, 1, 28, 28)
    assert names(folder) == before  # so a read-only folder will do
    assert capfd.readouterr() == ("", "")


def test_one_split_is_enough_and_raw_goes_before_gzipped(raw):
    for file in FILES[2:]:
        (raw / file).write_bytes(contents(seed=1)[file])
        (raw / f"{file}.gz").write_bytes(b"never opened")
    assert len(data.images("mnist", "test")[0]) == 27
    with pytest.raises(FileNotFoundError):
        data.images("mnist", "train")


def test_missing_files_give_one_clear_error(raw, capfd):
    (raw / f"{FILES[0]}.gz").write_bytes(gzip.compress(contents()[FILES[0]]))
    with pytest.raises(FileNotFoundError) as caught:
        data.images("mnist", "train")
    message = str(caught.value)
    assert f"Missing in {raw}: train-labels-idx1-ubyte.gz\n" in message  # only what is missing
    assert "1. Put these files" in message and "COURSE_DATA" in message and 'images("digits")' in message
    report = "".join(traceback.format_exception(caught.value))
    assert "During handling" not in report and "direct cause" not in report and len(report.splitlines()) < 25
    assert names(raw.parents[1]) == ["train-images-idx3-ubyte.gz"]
    assert capfd.readouterr() == ("", "")


def test_a_missing_folder_is_not_made_in_vain(tmp_path, raw, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="nowhere/FashionMNIST/raw: t10k-images"):
        data.images("fashion_mnist", "test")
    assert not (tmp_path / "nowhere").exists()


def test_without_course_data_the_folder_is_in_the_home(tmp_path, raw, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", None):
        monkeypatch.setenv("COURSE_DATA", value) if value is not None else monkeypatch.delenv("COURSE_DATA")
        with pytest.raises(FileNotFoundError, match=f"{tmp_path}/.cache/generative-models-course/MNIST/raw"):
            data.images("mnist")


def test_a_mirror_that_never_answers_is_given_up(raw, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use_mirrors(monkeypatch, [f"http://127.0.0.1:{silent.getsockname()[1]}/"] * 2)
        monkeypatch.setattr(data.datasets, "_ANSWER_SECONDS", 0.2)
        with pytest.raises(FileNotFoundError, match="TimeoutError"):
            data.images("mnist")
    assert names(raw) == []


def test_a_slow_name_look_up_is_given_up(raw, monkeypatch):
    """urlopen's own time limit does not cover it."""
    monkeypatch.setattr(data.datasets, "urlopen", lambda *args, **keywords: time.sleep(3))
    monkeypatch.setattr(data.datasets, "_ANSWER_SECONDS", 0.2)
    with pytest.raises(FileNotFoundError, match="TimeoutError"):
        data.images("mnist")


def test_a_download_fetches_the_split_asked_for_once(raw, mirror, capfd):
    x, y = data.images("mnist", "test")
    assert x.shape == (27, 1, 28, 28) and y.tolist() == list(contents()[FILES[3]][8:])
    assert names(raw) == [f"{file}.gz" for file in FILES[2:]]
    for file in mirror.iterdir():
        file.unlink()
    assert torch.equal(data.images("mnist", "test")[0], x)
    assert capfd.readouterr() == ("", "")


def test_a_cut_or_wrong_download_is_not_kept(raw, mirror):
    images, labels = (mirror / f"{file}.gz" for file in FILES[:2])
    labels.write_bytes(labels.read_bytes()[:-5])
    with pytest.raises(FileNotFoundError, match="wrong checksum") as caught:
        data.images("mnist", "train")
    assert f"Missing in {raw}: {labels.name}\n" in str(caught.value)
    assert names(raw) == [images.name]  # whole, so it stays


@pytest.mark.parametrize("failing", ["mkdir", "write_bytes"])
def test_a_folder_that_cannot_be_written_is_named_and_stays_clean(raw, mirror, monkeypatch, failing):
    real = getattr(Path, failing)

    def full_or_read_only(path: Path, *args, **keywords):
        if raw == path or raw in path.parents:
            if failing == "write_bytes":
                real(path, args[0][:10])  # as a full disk does
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, *args, **keywords)

    monkeypatch.setattr(Path, failing, full_or_read_only)
    with pytest.raises(FileNotFoundError, match="No space left on device") as caught:
        data.images("mnist", "train")
    assert f"Missing in {raw}: train-images" in str(caught.value)
    assert names(raw) == []


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("damage", ["cut", "empty", "text", "longer"])
@pytest.mark.parametrize("file", FILES[:2])
def test_a_damaged_file_is_named(raw, file, damage, packed):
    good = {name: gzip.compress(content) if packed else content for name, content in contents().items()}
    bad = {"cut": good[file][:-3], "empty": b"", "text": b"<html>sign in first</html>", "longer": good[file] + b"abc"}
    for name, content in good.items():
        (raw / (name + ".gz" * packed)).write_bytes(bad[damage] if name == file else content)
    with pytest.raises(ValueError) as caught:
        data.images("mnist", "train")
    assert str(raw / (file + ".gz" * packed)) in str(caught.value) and "damaged" in str(caught.value)
    assert caught.value.__suppress_context__
    assert len(data.images("mnist", "test")[0]) == 27


def test_files_that_do_not_belong_together_are_found(raw):
    mixed = contents() | {FILES[1]: contents(n=9)[FILES[1]]}
    for name, content in mixed.items():
        (raw / name).write_bytes(content)
    with pytest.raises(ValueError, match="23 train images but 9 labels"):
        data.images("mnist", "train")


def test_importing_data_stays_cheap():
    code = "import sys, course_utils.data; print({'torchvision', 'sklearn', 'scipy', 'PIL'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()" and done.stderr == ""


# Minibatches


def test_batches_visit_each_example_once_and_keep_pairs_together():
    x, y = torch.arange(23.0).view(-1, 1), torch.arange(23)
    parts = list(data.batches(x, y, batch_size=5, rng=torch.Generator().manual_seed(0)))
    assert [len(part[0]) for part in parts] == [5, 5, 5, 5, 3]
    assert all(torch.equal(a.flatten().long(), b) for a, b in parts)
    order = torch.cat([b for _, b in parts])
    assert order.sort().values.tolist() == list(range(23)) and order.tolist() != list(range(23))


def test_batches_are_drawn_with_the_generator_given():
    x = torch.arange(50)
    state = torch.get_rng_state()
    rng = torch.Generator().manual_seed(0)
    first, second = (torch.cat([b for (b,) in data.batches(x, batch_size=8, rng=rng)]) for _ in range(2))
    again = torch.cat([b for (b,) in data.batches(x, batch_size=50, rng=torch.Generator().manual_seed(0))])
    assert not torch.equal(first, second) and torch.equal(first, again)
    assert torch.equal(state, torch.get_rng_state())
    next(data.batches(x, batch_size=8))
    assert not torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize(
    ("tensors", "batch_size", "message"),
    [
        ([], 4, r"got \[\]"),
        ([torch.zeros(3), torch.zeros(4)], 4, r"got \[3, 4\]"),
        ([torch.zeros(0, 2)], 4, r"at least one; got \[0\]"),
        ([torch.zeros(3)], 0, "batch_size must be at least 1, got 0"),
    ],
)
def test_batches_refuse_at_the_call(tensors, batch_size, message):
    with pytest.raises(ValueError, match=message):
        data.batches(*tensors, batch_size=batch_size)


def test_toy_sets_are_reached_through_data():
    assert isinstance(data.toy("ring"), data.Toy)
