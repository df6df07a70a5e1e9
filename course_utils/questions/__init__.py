"""The question bank: one TOML file a lecture, read strictly.

    >>> from course_utils import questions
    >>> one = questions.load("03_vae")[0]
    >>> one.id, one.kind, one.objective
    ('03-random-code', 'single', 1)
    >>> len({question.id for question in questions.every()}) == len(questions.every())
    True

`widgets/quiz.py` asks those with `quiz = true` on the lecture's page; practice, exports and tables take all. The file's
format stands in CONTRIBUTING.md, "A question". Numbers are computed, never typed.
"""

from functools import cache
from pathlib import Path

from course_utils.questions.page import Page, page_of
from course_utils.questions.question import KINDS, LEVELS, Choice, Question
from course_utils.questions.reading import read

__all__ = ["FOLDER", "KINDS", "LEVELS", "Choice", "Page", "Question", "every", "load", "names", "page_of", "read"]

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """The lectures that have questions, such as "03_vae", in their order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(name: str) -> tuple[Question, ...]:
    """All questions of a lecture such as "03_vae", in their order; ValueError as `read`."""
    return read(FOLDER / f"{name}.toml")


@cache
def every() -> tuple[Question, ...]:
    """All questions of the course, lecture by lecture; ValueError if a file has questions that are not as they must be.

    Ids are unique in the course: each begins with its lecture's number, and is unique in its file.
    """
    return tuple(question for name in names() for question in load(name))
