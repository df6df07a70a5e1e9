"""Lecture 10a's lab: what filters are scored by, leakage, copied spans, and the recorded runs with their fit."""

import csv
import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from course_utils.data import text
from course_utils.data.crawl import GOOD, Page, crawl
from course_utils.labs.language import measures, runs
from course_utils.models.ngrams import NGram
from course_utils.training import seeded


def test_a_filter_is_scored_by_what_it_removes():
    pages = [Page("", kind, "") for kind in ("prose", "prose", "spam", "spam", "menu", "verse")]
    score = measures.filter_score(pages, [True, False, False, True, False, True], "spam", GOOD)
    assert score == (3, 2 / 3, 1 / 2)
    assert math.isnan(measures.filter_score(pages, [True] * 6, "spam", GOOD).precision)


def test_a_pipeline_counts_what_is_left_after_each_filter():
    pages = [Page("", kind, "") for kind in ("prose", "spam", "menu", "verse")]
    keeps = {"first": [True, False, True, True], "second": [True, True, True, False]}
    clean, stages = measures.pipeline(pages, keeps, GOOD)
    assert clean == [pages[0], pages[2]] and stages == {"crawl": (4, 2), "first": (3, 1), "second": (2, 1)}


def test_redaction_counts_what_is_found_and_what_is_no_secret():
    pages = [
        Page("Ann, 1 Way, a@b.org or 555", "personal", "", ("Ann", "1 Way", "a@b.org", "555")),
        Page("5551 x@y", "prose", ""),
    ]
    found, planted, alarms = measures.redaction(pages, [r"\w+@[\w.]+", r"\d{3}"])
    assert planted == dict.fromkeys(("name", "street", "e-mail", "telephone"), 1)
    assert +found == {"e-mail": 1, "telephone": 1} and +alarms == {"prose": 2}


def test_what_leaks_stands_on_the_same_test_pages_and_as_many_characters():
    pages = crawl(text.corpus(), seeded())
    clean = [page for page in pages if page.kind == "prose"]
    seen = []

    def nats(train, test):
        seen.append((train, test))
        return 0.0

    names = list(measures.leakage(pages, clean, nats, seeded(2)))
    assert names == ["pages at random, with their copies", "pages at random", "whole topics"]
    tests = {tuple(test) for _, test in seen}
    sizes = {sum(map(len, train)) for train, _ in seen}
    assert len(tests) == 1 and len(sizes) == 1
    (test,), topic_of = tests, {page.text: page.topic for page in clean}
    held = {topic_of[page] for page in test}
    shares = [np.mean([topic_of.get(page) in held for page in train]) for train, _ in seen]
    assert len(held) == 2 and shares[2] == 0 < shares[1] and not any(set(train) & set(test) for train, _ in seen[1:])
    assert set(seen[0][0]) & set(test), "exact copies of test pages are learned in the first"


def test_accuracy_by_distance_counts_what_is_asked():
    task = text.recall(300, 20, None, seeded())
    far = task.distance[:, -1]
    right = torch.zeros_like(task.asked)
    right[:, -1] = far < 10
    distances, shares = measures.by_distance(right, task, least=1)
    assert distances == sorted(set(far.tolist())) and shares == [float(d < 10) for d in distances]
    assert measures.by_distance(right, task, least=301) == ([], [])


def test_the_longest_copied_span_is_that_of_a_search_through_all():
    corpus, words = "the cat sat on the mat, and the dog on the log", ["a cat sat", "xyz", "dog on the mat", "the"]
    for word in words:
        spans = [word[i:j] for i in range(len(word)) for j in range(i + 1, len(word) + 1)]
        assert measures.longest_copy(word, corpus) == max((len(s) for s in spans if s in corpus), default=0)


def test_repetition_is_the_share_of_runs_seen_before():
    assert measures.repeats("abcdefghijk") == 0
    assert measures.repeats("ab" * 10) == 1 - 2 / 15


def test_degeneration_puts_the_measures_side_by_side():
    corpus, letters = "the cat sat on the mat " * 3, text.Characters(["the cat sat on the mat "])
    model = NGram(2, len(letters)).fit([letters.encode(corpus)])
    copied, looped = (
        measures.degeneration([row], corpus, model, letters) for row in ("the cat sat on th", "attattattattattat")
    )
    assert copied.most == copied.median == 17 and copied.repeats == 0 < looped.repeats and looped.most < 17
    assert copied.nats == -model.log_prob_tokens(letters.encode("the cat sat on th"))[2:].mean().item()


SMALL = runs.Run("data", 8, 1, 16, steps=6, batch=2, looks=2)


def test_a_run_gives_a_row_at_each_look_and_repeats_with_its_seed():
    rows = list(runs.train(SMALL))
    assert [row["step"] for row in rows] == [3, 6] and list(rows[0]) == list(runs.COLUMNS)
    assert rows[-1]["tokens"] == 6 * 2 * 16
    again, other = (list(runs.train(replace(SMALL, seed=seed)))[-1]["test"] for seed in (0, 1))
    assert again == rows[-1]["test"] != other


def test_less_text_is_the_beginning_of_each_document():
    whole, test = runs.prose()
    half, same = runs.prose(0.5)
    assert abs(len(half) / len(whole) - 0.5) < 1e-3 and torch.equal(test, same)
    assert torch.equal(half[:1000], whole[:1000])


def test_held_out_nats_tell_each_token_half_a_context():
    model, x = runs.new(SMALL), runs.prose()[1][: 16 * 20]
    with torch.no_grad():
        first = -model.log_prob_tokens(x[None, :16])[0, 8:]
        last = -model.log_prob_tokens(x[None, -16:])[0, 8:]
    parts = [-model.log_prob_tokens(x[None, i : i + 16])[0, 8:] for i in range(0, len(x) - 15, 8)]
    assert math.isclose(runs.held_out(model, x), torch.cat(parts).mean().item(), rel_tol=1e-5)
    torch.testing.assert_close((parts[0], parts[-1]), (first, last))


def test_tables_and_weights_are_written_and_read(tmp_path):
    table, weights = tmp_path / "long.csv", tmp_path / "w.pt"
    long = replace(runs.LONG, steps=2, looks=1, batch=1)
    runs.remake_long(long, table, weights)
    (row,) = runs.read("long", table)
    assert row["step"] == 2 and weights.stat().st_size < 500_000
    model = runs.load(weights)
    assert not model.training and abs(runs.held_out(model, runs.prose()[1]) - row["test"]) < 0.02
    runs.record([SMALL, replace(SMALL, share=0.5)], table)
    assert [row["step"] for row in runs.read("data", table)] == [3, 6, 3, 6]
    assert [row["step"] for row in runs.finals("data", table)] == [6, 6]


def test_a_power_law_is_found_and_extended():
    at = np.array([1.0, 2.0, 4.0, 8.0, 100.0])
    fit = runs.extrapolate(at, np.array([*(3 * at[:4] ** -0.3), 9.0]))
    assert math.isclose(fit.power, 0.3) and math.isclose(fit.factor, 3) and fit.measured == 9
    assert math.isclose(fit.predicted, 3 * 100**-0.3) and np.allclose(fit.line(at)[:4], 3 * at[:4] ** -0.3)
    with pytest.raises(ValueError, match="at least three"):
        runs.extrapolate(at[:2], at[:2])


def test_the_recorded_tables_are_those_of_the_runs_that_the_command_makes():
    with runs.LONG_TABLE.open() as file:
        assert "course_utils.labs.language" in file.readline()
        assert tuple(next(csv.reader(file))) == runs.COLUMNS
    rows = runs.read("long", runs.LONG_TABLE)
    assert len(rows) == runs.LONG.looks and rows[-1]["step"] == runs.LONG.steps
    assert rows[-1]["parameters"] == sum(parameter.numel() for parameter in runs.load().parameters())
    for part in ("parameters", "data", "compute"):
        assert len(runs.finals(part)) == sum(run.part == part for run in runs.SCALING)


def test_the_checkpoint_scores_what_the_table_says():
    measured = runs.held_out(runs.load(), runs.prose()[1])
    assert abs(measured - runs.read("long", runs.LONG_TABLE)[-1]["test"]) < 0.01, "half precision moves it less"
    assert runs.CHECKPOINT.stat().st_size <= 500_000
