"""A small crawl of the web, made from the course's prose, with dirt planted in it: each page knows what it is.

Names, addresses and numbers are invented: e-mail under reserved domains (RFC 2606), telephone numbers set aside for
fiction (555-01xx; Ofcom's 07700 900xxx).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch

from course_utils.data.text import Document

__all__ = ["GOOD", "Page", "crawl"]

GOOD = {"prose", "personal", "short", "numbers", "verse", "reference"}  # kinds worth keeping; personal: once redacted


class Page(NamedTuple):
    """A page as fetched. Cleaning sees `text` alone; the rest is what was planted, to score the cleaning."""

    text: str
    kind: str  # one of GOOD, or: copy, near copy, menu, spam, broken, foreign
    topic: str  # of the prose it was made from; "" for pure dirt
    secrets: tuple[str, ...] = ()  # personal data planted in it
    of: int = -1  # a copy's original: its place in the crawl


class Draw:
    """Random choices, all from one generator."""

    def __init__(self, rng: torch.Generator | None) -> None:
        self.rng = rng

    def below(self, n: int) -> int:
        """A whole number from 0 to n − 1."""
        return int(torch.randint(n, (1,), generator=self.rng))

    def one(self, items: Sequence) -> str:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence) -> list:
        """All items in random order."""
        return [items[i] for i in torch.randperm(len(items), generator=self.rng).tolist()]


FIRST = ("Mara", "Jonas", "Aiko", "Pavel", "Ines", "Tomas", "Leila", "Bram", "Greta", "Omar")
LAST = ("Lindqvist", "Okafor", "Tanaka", "Novak", "Duarte", "Brandt", "Haddad", "Visser", "Moreau", "Castell")
STREETS = ("Alder Lane", "Mill Road", "Harbor Street", "Station Square", "Orchard Way")
MENU = (
    "Home",
    "Log in",
    "Register",
    "Cookies",
    "Privacy",
    "Contact",
    "Imprint",
    "Share",
    "Subscribe",
    "Next",
    "Search",
)
SPAM = ("cheap watches", "free casino bonus", "best loan rates", "buy followers", "miracle diet", "win a phone")
GERMAN = (
    "Das Modell lernt eine Verteilung und zieht neue Punkte daraus.",
    "Die Daten sind klein und werden auf dieser Seite erzeugt.",
    "Ein Bild hat acht mal acht Pixel.",
    "Wir messen den Fehler auf Daten, die nicht zum Lernen dienten.",
    "Der Schieber bewegt die Grenze zwischen den beiden Klassen.",
    "Eine hohe Dichte ist kein Beweis.",
    "Die Kurve steigt mit jedem Schritt.",
    "Wer mehr lesen will, findet unten die Quellen.",
)
FRENCH = (
    "Le modèle apprend une loi et en tire de nouveaux points.",
    "Les données sont petites et faites sur cette page.",
    "Une image a huit pixels de côté.",
    "Nous mesurons une erreur sur des données qui n'ont pas servi.",
    "Le curseur déplace la limite entre les deux classes.",
    "Une grande densité ne prouve rien.",
    "La courbe monte à chaque pas.",
    "Les sources se trouvent en bas de la page.",
)
VERSE = ("The river keeps the light it took", "The hill returns it to the snow", "The road is longer than the book")
REFRAIN = "And what we count is what we know"
SHORT = (
    "A nat is the unit of information for the natural logarithm: 1 nat is 1.443 bits.",
    "A baseline is the simplest method that could win. Report it first.",
    "An epoch is one pass through the training set.",
    "A held-out set is data that no choice was made on.",
    "A seed fixes random numbers, so that a run can be repeated.",
)


def menu(draw: Draw) -> Page:
    """What stands around a page, without the page."""
    rows = [" | ".join(draw.shuffled(MENU)[:8]) for _ in range(2 + draw.below(8))]
    return Page("\n".join(rows), "menu", "")


def spam(draw: Draw) -> Page:
    """A few words, over and over; half of them in sentences."""
    words, times = draw.shuffled(SPAM)[:2], 15 + draw.below(30)
    line = draw.one(("Get {} now!", "This is the best of all the offers that we have for you, and it is for {}."))
    return Page(" ".join(line.format(draw.one(words)) for _ in range(times)), "spam", "")


def broken(draw: Draw) -> Page:
    """Bytes read in a wrong encoding, or a picture taken for text."""
    return Page("".join(chr(33 + draw.below(400)) for _ in range(300 + draw.below(600))), "broken", "")


def foreign(draw: Draw) -> Page:
    """German or French, in a crawl that is meant to be English; one in four is English in its other half."""
    own = " ".join(draw.shuffled(draw.one((GERMAN, FRENCH))))
    return Page(own + "\n" + (own if draw.below(4) else " ".join(draw.shuffled(SHORT))), "foreign", "")


def short(draw: Draw) -> Page:
    """One good sentence: an entry of a glossary."""
    return Page(f"{draw.one(SHORT)} See entry {100 + draw.below(900)}.", "short", "")


def numbers(draw: Draw) -> Page:
    """A table of results, good and nearly without words."""
    rows = [f"seed {row}: " + " ".join(f"{draw.below(10000) / 1000:.3f}" for _ in range(8)) for row in range(12)]
    return Page("Results of all runs, in nats.\n" + "\n".join(rows), "numbers", "")


def verse(draw: Draw) -> Page:
    """A song, good, whose refrain returns."""
    lines = [line for _ in range(5) for line in (draw.one(VERSE), REFRAIN, REFRAIN)]
    return Page("\n".join(lines), "verse", "")


def reference(draw: Draw) -> Page:
    """A list of papers, good; its identifiers look like telephone numbers."""
    rows = [
        f"{draw.one(LAST)}, {draw.one(FIRST)[0]}. On the measure of a model, part {row + 1}. "
        f"doi 10.{1000 + draw.below(9000)}/{100 + draw.below(900)}.{100000 + draw.below(900000)}"
        for row in range(9)
    ]
    return Page("Papers that this page rests on, and why they are worth the time.\n" + "\n".join(rows), "reference", "")


def personal(draw: Draw, page: Page) -> Page:
    """A good page with somebody's data at its end: some in the usual form, some not."""
    first, last, host = draw.one(FIRST), draw.one(LAST), draw.one(("example.org", "mail.example", "example.net"))
    mail = draw.one((f"{first}.{last}@{host}".lower(), f"{first} at {host.replace('.', ' dot ')}".lower()))
    phone = draw.one(
        (f"555-01{draw.below(90) + 10}", f"+44 7700 900{draw.below(900) + 100}", f"(212) 555 01{draw.below(90) + 10}")
    )
    street = f"{1 + draw.below(90)} {draw.one(STREETS)}"
    line = f"Questions to {first} {last}, {street}, {mail} or {phone}."
    return page._replace(text=f"{page.text}\n{line}", kind="personal", secrets=(f"{first} {last}", street, mail, phone))


def near_copy(draw: Draw, page: Page, of: int) -> Page:
    """The page on another site: a line before it, and one word in 50, 15, 8 or 4 another."""
    words = page.text.split(" ")
    for _ in range(max(1, len(words) // draw.one((50, 15, 8, 4)))):
        words[draw.below(len(words))] = draw.one(words)
    return Page(f"Seen on page {draw.below(99)} of our archive.\n{' '.join(words)}", "near copy", page.topic, (), of)


PURE: dict[Callable[[Draw], Page], int] = {
    menu: 24, spam: 16, broken: 10, foreign: 16, short: 10, numbers: 8, verse: 6, reference: 8,
}  # fmt: skip


def good_pages(documents: Sequence[Document], least: int = 700) -> list[Page]:
    """The documents cut between paragraphs into pages of at least so many characters."""
    pages = []
    for document in documents:
        held = ""
        for paragraph in document.text.splitlines():
            held += paragraph + "\n"
            if len(held) >= least:
                pages.append(Page(held.strip(), "prose", document.topic))
                held = ""
    return pages


def crawl(
    documents: Sequence[Document], rng: torch.Generator | None = None, copies: int = 30, people: int = 25
) -> list[Page]:
    """Pages cut from the documents, with `copies` exact and as many near copies, `people` in it, and other dirt.

    In random order, except that a copy always comes after its original, whose place is in `of`.
    Raises ValueError if there are fewer pages than people and copies need.
    """
    draw, pages = Draw(rng), good_pages(documents)
    if len(pages) < max(people, copies):
        raise ValueError(f"{people} people and {copies} copies need as many pages; these documents give {len(pages)}.")
    pages = draw.shuffled(pages)
    pages = [personal(draw, page) if i < people else page for i, page in enumerate(pages)]
    pages = draw.shuffled(pages + [make(draw) for make, count in PURE.items() for _ in range(count)])
    sources = [i for i, page in enumerate(pages) if page.kind == "prose"]
    for i in draw.shuffled(sources)[:copies]:
        pages.append(pages[i]._replace(kind="copy", of=i))
    for i in draw.shuffled(sources)[:copies]:
        pages.append(near_copy(draw, pages[i], i))
    return pages
