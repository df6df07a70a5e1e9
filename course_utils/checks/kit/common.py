"""The mechanism of every check: call the learner's code safely, recognize what it returned, say so in a few words.

A check is a function `body(answer)` under `@question`. It calls `answer` as it would the learner's function and raises
CheckFailed, mostly through `recognize`, which compares a result with the right one and with a table of named mistakes.
There a message continues the name of the result: "is averaged over the latent dimensions. Sum over them."
"""

import contextlib
import functools
import re
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from course_utils.checks.kit import state

# A part of what PyTorch says, and what it mostly means here.
HINTS = {
    "between 0 and 1": "binary_cross_entropy wants probabilities; logits go to binary_cross_entropy_with_logits.",
    "Module.__init__() call": "Begin __init__ with super().__init__().",
    "positional argument": "Keep the signature that was given.",
    "unexpected keyword": "Keep the signature that was given.",
    "shapes cannot be multiplied": "A layer's width does not fit its input. Flatten the event, and compare the widths.",
    "numpy() on Tensor that requires grad": "Stay with torch functions: numpy ends the gradient.",
    "in-place operation": "Compute a new tensor instead of changing the input.",
    "must match the size of tensor": "An axis that only one of them has needs size 1 in the other: x[:, None].",
    "not broadcastable": "An axis that only one of them has needs size 1 in the other: x[:, None].",
    "not enough values to unpack": "Does an event have other axes than your line expects? Take any number of them.",
    "singular": "A matrix without an inverse. If the task has a ridge: is it on the diagonal?",
    '"forward" function': "The module needs a method named forward.",
}
CUT = ".detach(), .data, .item(), torch.tensor(...), torch.no_grad() and torch.normal(mu, ...) end a gradient."


LINE = 80  # characters: `nbgrader validate` cuts off what is longer than 83


class CheckFailed(AssertionError):
    """A failed check. In a notebook its message is shown alone, without the lines of the check that found it."""

    def _render_traceback_(self) -> list[str]:
        return ["\x1b[1;31mNot yet.\x1b[0m", *textwrap.wrap(str(self), LINE)]


class _Alive(TorchFunctionMode):
    """torch.linalg.eigvals of nan or inf raises, as eig does: PyTorch 2.13 with MKL ends the process there."""

    def __torch_function__(
        self, func: Callable, types: object, args: tuple = (), kwargs: Mapping[str, object] | None = None
    ) -> object:
        given = [*args, *(kwargs or {}).values()]
        if func is torch.linalg.eigvals and not torch.isfinite(given[0]).all():
            raise RuntimeError("torch.linalg.eigvals: the matrix holds nan or inf")
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No warnings, and stderr to stdout: nbgrader gives no marks for a test cell that writes to stderr.

    Nothing ends the process, either: then no cell after it would be graded.
    """
    with warnings.catch_warnings(action="ignore"), contextlib.redirect_stderr(sys.stdout), _Alive():
        yield


class Answer:
    """The learner's function, class or module. What goes wrong, or is left changed by a call, becomes a CheckFailed."""

    def __init__(self, function: Callable, name: str) -> None:
        require(callable(function), f"{name} is a {type(function).__name__}, not something that can be called.")
        self.function, self.name = function, name
        self.later: str | None = None  # what is said only if the check finds nothing that tells more

    def __call__(self, *args: object, **kwargs: object) -> object:
        before = state.facts(self.function, args, kwargs)
        problem = None
        with quiet():
            try:
                value = self.function(*args, **kwargs)
            except CheckFailed:
                raise
            except (Exception, SystemExit) as error:
                problem = _explain(self.name, error)
        after = state.facts(self.function, args, kwargs)
        state.restore(before)
        require(problem is None, str(problem))
        left = state.changed(before, after)
        if left == state.RANDOM:
            self.later = f"{self.name} {left}"
        else:
            require(left is None, f"{self.name} {left}")
        return value


def _explain(name: str, error: BaseException) -> str:
    """One message for an exception in the learner's code: what, in which of their lines, and what it mostly means."""
    if isinstance(error, NotImplementedError) and not str(error):
        return f"{name} is not written yet: put your code in place of `raise NotImplementedError()`."
    said = (str(error).strip() or "no message").splitlines()[0]
    hint = next((f" {hint}" for sign, hint in HINTS.items() if sign in str(error)), "")
    line = f" in your line `{found}`" if (found := _line(error)) else ""
    return f"{name} stopped with {type(error).__name__}{line}: {said.rstrip('.')}.{hint}"


def _line(error: BaseException) -> str:
    """The learner's own line in which an exception came up; from another process it comes with the exception."""
    own, library = str(Path(__file__).parents[2]), str(Path(torch.__file__).parents[1])
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith((own, library))]
    return getattr(error, "own_line", None) or (frames[-1].line if frames else "") or ""


def question(body: Callable[[Answer], None]) -> Callable[[Callable], None]:
    """Make `body(answer)` the check of the learner's function of that name. The global random state is left alone."""

    @functools.wraps(body)
    def check(function: Callable) -> None:
        problem = None
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            try:
                answer = Answer(function, body.__name__)
                body(answer)
                require(answer.later is None, str(answer.later))
            except CheckFailed as failure:
                problem = str(failure)
            except Exception as error:
                problem = f"What {body.__name__} returns could not be used ({type(error).__name__}: {error})."
        require(problem is None, str(problem))
        print(f"{body.__name__}: the visible checks pass.")

    return check


def require(condition: object, message: str) -> None:
    """Raise CheckFailed(message) unless the condition holds."""
    if not condition:
        raise CheckFailed(message)


def close(value: Tensor, other: Tensor, rtol: float = 1e-4) -> bool:
    """Whether two tensors have one shape and nearly equal values, whatever their precision; nan equals nan."""
    return value.shape == other.shape and torch.allclose(value.double(), other.double(), rtol, 1e-5, equal_nan=True)


def tensor(value: object, shape: tuple[int, ...], what: str) -> Tensor:
    """`value`, if it is a finite tensor of this shape; otherwise CheckFailed says what it is."""
    expected, is_ = f"a tensor of shape {tuple(shape)}", verb("is", what)
    require(value is not None, f"{what} {is_} None instead of {expected}. Is the return missing?")
    listed = isinstance(value, tuple | list)
    stack = "torch.stack makes one of several tensors, torch.tensor one of numbers."
    ends = "Stay with torch: .item(), float() and .numpy() end a gradient."
    kind = f"{what} {'is' if is_ == 'is' else 'come as'} a {type(value).__name__} instead of {expected}."
    require(isinstance(value, Tensor), f"{kind} {stack if listed else ends}")
    has = f"{what} {verb('has', what)} the shape {tuple(value.shape)} instead of {tuple(shape)}."
    require(value.shape == tuple(shape), has)
    require(torch.isfinite(value).all(), f"{what} {verb('holds', what)} nan or inf.")
    return value


PLURAL = {"is": "are", "has": "have", "holds": "hold", "depends": "depend"}


def verb(singular: str, what: str) -> str:
    """The verb in the number of `what`: "is" for "Your KL of the prior" or "x_logits", "are" for "Your means"."""
    words = re.split(r" (?:of|for|at|in|far|that|without|from|with)\b|,", what)[0].split()
    several = "and" in words or re.fullmatch(r"[a-z]+[^s\W_]s", words[-1])
    return PLURAL[singular] if several else singular


def inside(what: str) -> str:
    """The name of a result as it stands inside a sentence: "the loss" for "The loss"."""
    return what[:1].lower() + what[1:] if what.startswith(("The ", "Your ", "A ")) else what


def recognize(value: object, right: Tensor, mistakes: Mapping[str, Tensor], what: str) -> None:
    """Raise CheckFailed unless `value` is right: with the message of the mistake that gives this value, if one does."""
    number = torch.tensor(float(value)) if isinstance(value, int | float) else value
    if isinstance(number, Tensor) and not close(number, right):
        for message, wrong in mistakes.items():
            require(not close(number, wrong), f"{what} {message}")
    if not close(tensor(value, right.shape, what), right):
        i = (value.double() - right.double()).abs().argmax()
        got, expected = value.flatten()[i].item(), right.flatten()[i].item()
        wrong = f"{what} {verb('is', what)} wrong: {got:.4g} where {expected:.4g} is right."
        raise CheckFailed(f"{wrong} Compare term by term.")


def reductions(terms: Tensor, over: str) -> dict[str, Tensor]:
    """For `recognize`: the mistakes in reducing terms `(B, *event)` to `(B,)` by a sum; `over` names the event."""
    rows = terms.flatten(1)
    caller = "Return one value for each data point, (B,): the mean over the batch is the caller's."
    broadcast = "(B, 1) with (B,) would broadcast to (B, B)."
    return {
        f"is averaged over the {over}. Sum over them: an average is a weight that nobody chose.": rows.mean(1),
        f"is one number, averaged over the batch and over the {over}. Sum over the {over}. {caller}": rows.mean(),
        f"is one number, averaged over the batch. {caller}": rows.sum(1).mean(),
        f"is one number, summed over the batch too. {caller}": rows.sum(),
        "is summed over the batch (dimension 0). Keep the batch and sum over the rest.": terms.sum(0),
        "is averaged over the batch (dimension 0). Keep the batch and sum over the rest.": terms.mean(0),
        f"is not summed. Sum over the {over}, so that one value is left for each data point.": terms,
        f"has the shape (B, 1). Drop the last dimension (no keepdim): {broadcast}": rows.sum(1, keepdim=True),
    }


def negated(mistakes: Mapping[str, Tensor], note: str) -> dict[str, Tensor]:
    """For `recognize`: the same mistakes made together with a wrong sign."""
    return {f"{message} {note}": -wrong for message, wrong in mistakes.items()}


def gradients(output: Tensor, inputs: Mapping[str, tuple[Tensor, Tensor]], what: str) -> None:
    """Raise CheckFailed unless the gradient of output.sum() is right for each name: (input, right gradient)."""
    what = inside(what)
    require(output.requires_grad, f"No gradient leaves {what}: nothing could be trained through it. {CUT}")
    found = torch.autograd.grad(output.sum(), [leaf for leaf, _ in inputs.values()], allow_unused=True)
    for (name, (_, right)), gradient in zip(inputs.items(), found, strict=True):
        reached = gradient is not None and gradient.abs().max() > 0
        require(reached, f"No gradient reaches {name} through {what}. {CUT}")
        partly = f"The value of {what} is right, but its gradient by {name} is not: a part of it is detached."
        require(close(gradient, right, 1e-3), partly)
