"""What a test sees of a learner's code that runs in another process: the same values, errors, gradients and changes."""

import json
import os
import socket
import struct

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.checks.kit.common import CheckFailed
from course_utils.checks.vae.networks import _Recorder
from course_utils.grading.run import checker
from course_utils.grading.run.codec import CannotCross
from course_utils.grading.run.link import Link
from course_utils.grading.run.wire import Broken

LEARNER = """
import numpy as np, torch
from torch import nn
data = [1, 2.5, "a", None, {"k": (1, 2)}, float("inf"), 2**80, 1j, {3}, range(2), b"x"]
def same(*args, **kwargs): return (args, kwargs) if kwargs else args
def double(x): return 2 * x
def key(x): return {}["z"]
def bad(x): raise ValueError("no\\nway")
def in_place(x): x += 1
def draw(mu, logvar, generator=None):
    return mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)
class Encoder(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, width), nn.BatchNorm1d(width), nn.Linear(width, 4))
    def forward(self, x): return self.net(x).chunk(2, 1)
def step(G, D, optimizer, x, z, loss_fn):
    optimizer.zero_grad()
    loss = loss_fn(D(x), D(G(z).detach())).mean()
    loss.backward()
    optimizer.step()
    return loss.item()
def evaluate(fit, score, x, y, seeds): return np.stack([np.asarray(score(fit(x, s), y)) for s in seeds])
def sample(decoder, n, latent, generator=None):
    with torch.no_grad(): return decoder(torch.randn(n, latent, generator=generator)).sigmoid()
def careless(x):
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(3)
class Yes(float):
    def __eq__(self, other): return True
    __hash__ = None
class Thing:
    a = 3
    def method(self, k): return k + 1
    def __eq__(self, other): return True
    __hash__ = None
class Always(torch.Tensor):
    def __eq__(self, other): return True
    __hash__ = None
def values(): return Yes(7), np.ma.masked_all(3), torch.zeros(2).as_subclass(Always), {"a": Yes(1)}
def numbers(): return (i for i in range(3))
def loop():
    x = []
    x.append(x)
    return x
def train(network, x): network.train(); return network(x)[0]
"""


@pytest.fixture(scope="module")
def link():
    near, far = socket.socketpair()
    names = {}
    exec(LEARNER, names)
    pid = os.fork()
    if pid == 0:
        near.close()
        other = Link(far, trusting=True)
        other.names = names
        try:
            while True:
                other.serve(*other.receive())
        except Broken:
            os._exit(0)
    far.close()
    yield Link(near, trusting=False)
    near.close()
    os.waitpid(pid, 0)


@pytest.fixture
def of(link):
    """A name of the learner's."""
    return lambda name: link.ask("name", name=name)


def test_plain_values_come_as_they_are(of):
    assert of("data") == [1, 2.5, "a", None, {"k": (1, 2)}, float("inf"), 2**80, 1j, {3}, range(2), b"x"]
    arrays = np.arange(6.0).reshape(2, 3).T, np.float32(2), np.array(["a"])
    given = (*arrays, torch.arange(4).view(2, 2).T, torch.bfloat16, torch.eye(1).diagonal())
    back = of("same")(*given, none=None)
    assert back[1] == {"none": None} and back[0][4] is torch.bfloat16
    for one, other in zip(arrays, back[0][:3], strict=True):
        assert type(one) is type(other) and np.array_equal(one, other) and one.dtype == other.dtype
    assert torch.equal(back[0][3], given[3]) and torch.equal(back[0][5], given[5])  # the last has a stride of 2


def test_what_imitates_a_value_comes_as_what_it_is(of):
    number, masked, tensor, mapping = of("values")()
    assert [type(v) for v in (number, masked, tensor, mapping["a"])] == [float, np.ndarray, torch.Tensor, float]
    assert number == 7 and number != 4 and not torch.equal(tensor, torch.ones(2))


def test_an_object_is_equal_to_nothing_and_neither_true_nor_false(of):
    thing = of("Thing")()
    assert thing != 4 and thing.a == 3 and thing.method(3) == 4 and list(of("numbers")()) == [0, 1, 2]
    with pytest.raises(CannotCross, match="neither true nor false"):
        bool(thing)
    with pytest.raises(CannotCross, match="cannot set b"):
        thing.b = 1


def test_errors_come_with_their_class_text_and_line(of):
    with pytest.raises(ValueError, match="no\nway"):
        of("bad")(1)
    with pytest.raises(KeyError) as caught:
        of("key")(1)
    assert (type(caught.value).__name__, str(caught.value)) == ("KeyError", "'z'")
    with pytest.raises(NameError):
        of("nothing")
    with pytest.raises(TypeError, match="nested too deeply"):
        of("loop")()


def test_changes_in_place_come_back(of):
    tensor, array = torch.zeros(2), np.zeros(2)
    of("in_place")(tensor)
    of("in_place")(array)
    assert tensor.tolist() == array.tolist() == [1, 1]


def test_generators_and_the_global_random_state_go_and_come_back(of):
    mu, generator = torch.zeros(2, 3), torch.Generator().manual_seed(1)
    first, second = (of("draw")(mu, mu, generator) for _ in "ab")
    expected = torch.Generator().manual_seed(1)
    assert torch.equal(first, torch.randn(2, 3, generator=expected))
    assert torch.equal(second, torch.randn(2, 3, generator=expected))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        drawn, after = of("draw")(mu, mu), torch.rand(1)
        torch.manual_seed(5)
        assert torch.equal(drawn, torch.randn(2, 3)) and torch.equal(after, torch.rand(1))


def test_gradients_go_through_a_call(of):
    mu, logvar = (torch.zeros(2, 3, requires_grad=True) for _ in "ab")
    z = of("draw")(mu, logvar, torch.Generator().manual_seed(1))
    by_mu, by_logvar = torch.autograd.grad((z * torch.arange(3)).sum(), [mu, logvar])
    assert torch.equal(by_mu, torch.arange(3.0).expand(2, 3))
    assert torch.allclose(by_logvar, z.detach() / 2 * torch.arange(3))
    with torch.no_grad():
        assert not of("draw")(mu, logvar).requires_grad


def test_a_network_of_the_learner_has_parameters_modes_and_gradients(of):
    network, x = of("Encoder")(width=5), torch.randn(6, 3)
    assert isinstance(network, nn.Module) and network.training and len(list(network.parameters())) == 6
    assert "net.1.running_mean" in network.state_dict()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(0.5)
    network.eval()
    first, _ = network(x)
    own = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.Linear(5, 4)).eval()
    own.load_state_dict({name.removeprefix("net."): value for name, value in network.state_dict().items()})
    assert torch.allclose(first, own(x)[:, :2], atol=1e-6)
    found = torch.autograd.grad(first.sum(), list(network.parameters()))
    right = torch.autograd.grad(own(x)[:, :2].sum(), list(own.parameters()))
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(found, right, strict=True))
    before = network.state_dict()["net.1.running_mean"].clone()
    of("train")(network, x)
    assert network.training and not torch.equal(before, network.state_dict()["net.1.running_mean"])


def test_networks_and_an_optimizer_that_are_passed_come_back_as_they_were_left(of):
    G, D = nn.Linear(3, 2), nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))
    x, z, start = torch.randn(5, 2), torch.randn(5, 3), D[0].weight.detach().clone()
    gap = (x - G(z).detach()).mean(0)
    for parameter in D.parameters():
        parameter.grad = torch.ones_like(parameter)
    calls = []

    def loss(real, fake):
        calls.append(len(real))
        return fake - real

    value = of("step")(G, D, torch.optim.SGD(D.parameters(), lr=0.5), x, z, loss)
    assert torch.allclose(D[0].weight, start + 0.5 * gap, atol=1e-5)
    assert torch.allclose(D[0].weight.grad, -gap, atol=1e-5) and all(p.grad is None for p in G.parameters())
    assert calls == [5] and abs(value + float((start @ gap).sum())) < 1e-4


def test_a_network_of_the_checks_notes_what_it_was_given(of):
    decoder = _Recorder(3)
    images = of("sample")(decoder, 5, 3, torch.Generator().manual_seed(1))
    assert torch.equal(torch.cat(decoder.codes), torch.randn(5, 3, generator=torch.Generator().manual_seed(1)))
    assert images.shape == (5, 1, 2, 2) and not images.requires_grad
    with pytest.raises(CheckFailed, match="not codes"):
        of("sample")(decoder, 5, 4)


def test_functions_and_objects_of_a_test_can_be_passed(of):
    class Model:
        def __init__(self, seed):
            self.seed = seed

    seen = []

    def fit(x, seed):
        seen.append(seed)
        return Model(seed)

    def score(model, x):
        return torch.tensor([float(model.seed), float(x.sum())])

    table = of("evaluate")(fit, score, torch.ones(3, 2), torch.ones(2, 2), [4, 5])
    assert table.tolist() == [[4, 4], [5, 4]] and seen == [4, 5]

    def refuse(x, seed):
        raise CheckFailed("not so")

    with pytest.raises(CheckFailed, match="not so"):
        of("evaluate")(refuse, score, torch.ones(1), torch.ones(1), [1])


def test_modes_that_a_call_leaves_are_seen_and_stay_the_callers(of):
    with torch.random.fork_rng(devices=[]):
        of("careless")(1)
        left = torch.is_grad_enabled(), torch.get_default_dtype(), torch.initial_seed()
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
    assert left[:2] == (False, torch.float64)
    assert of("double")(torch.ones(1, requires_grad=True)).requires_grad


@pytest.mark.parametrize(
    "answer",
    [
        {"value": {"t": "library", "v": ["os", "system"]}},
        {"value": {"t": "object", "c": ["builtins", "object"], "n": 0, "v": {}, "id": 0}},
        {"value": {"t": "tensor", "n": 3}},
        {"value": {"t": "array", "d": "|O", "s": [1], "b": 0, "n": 0}},
        {"value": {"t": "yours", "id": "x"}},
        {"value": {"t": "nothing"}},
        {"value": [1]},
        {},
    ],
)
def test_only_data_is_read(answer):
    near, far = socket.socketpair()
    header = json.dumps({"do": "answer", "re": 1, "tensors": [], "sizes": [], **answer}).encode()
    far.sendall(struct.pack(">Q", len(header)) + header)
    with pytest.raises(CannotCross, match="no data"):
        Link(near, trusting=False).ask("name", name="x")


@pytest.mark.parametrize("message", [b"\xff" * 8, struct.pack(">Q", 2) + b"{}", struct.pack(">Q", 3) + b"[1]"])
def test_what_is_no_message_ends_the_test(message):
    near, far = socket.socketpair()
    far.sendall(message)
    far.close()
    with pytest.raises(Broken):
        Link(near, trusting=False).ask("name", name="x")


REQUESTS = [{"do": "name", "name": "secret"}, {"do": "get", "target": 0, "name": "__globals__"}]


@pytest.mark.parametrize("fields", REQUESTS)
def test_the_tests_cannot_be_asked(fields):
    near, far = socket.socketpair()
    checker, learner = Link(near, trusting=False), Link(far, trusting=True)
    checker.names = {"secret": 1}
    checker.number(test_the_tests_cannot_be_asked)
    checker.serve({**fields, "tensors": [], "sizes": []}, [])
    with pytest.raises(PermissionError):
        learner._answer(*learner.receive(), None, [], [])


def said(source, **names):
    """What is kept of the message with which this test fails."""
    with pytest.raises(Exception) as caught:
        exec(compile(source, "<test>", "exec"), {"np": np, **names})
    return checker._said(caught.value, source)


def test_a_message_of_a_hidden_test_does_not_show_what_is_wanted():
    line = "np.testing.assert_allclose([1.0, 2.0], [1.0, 3.75])"
    assert "3.75" in said(f"x = 1\n{line}\n### BEGIN HIDDEN TESTS\n")
    assert "3.75" not in said(f"### BEGIN HIDDEN TESTS\n{line}") != ""


def test_what_cannot_cross_is_said_with_its_line():
    def cross():
        raise CannotCross("a test cannot set b")

    assert said("x = 1\n\ncross()", cross=cross) == "a test cannot set b (line 3 of the test)"
