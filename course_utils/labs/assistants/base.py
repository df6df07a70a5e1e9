"""The base model of lecture 10b: a transformer that goes on with the text of the world, and its checkpoint.

`python -m course_utils.labs.assistants` trains it anew and writes the checkpoint that lies beside this file.
"""

import copy
from pathlib import Path

import torch

from course_utils import models, training
from course_utils.labs.assistants import chat, tasks, world
from course_utils.models.transformer import Transformer

CHECKPOINT = Path(__file__).with_name("base.pt")


def new(seed: int = 0) -> Transformer:
    """The model before training, 65,000 weights."""
    with models.first_weights(seed):
        return Transformer(len(tasks.words()), context=64, width=48, heads=4, blocks=2)


def train(steps: int = 1_500, seed: int = 0, progress: bool = True) -> Transformer:
    """A model trained to predict the next word of 20,000 pieces of text of the world."""
    model, texts = new(seed), world.documents(world.world(), 20_000, seed)
    given = tasks.words().padded(texts)
    training.fit(model, chat.masked_loss, *given, steps=steps, batch_size=48, lr=6e-3, seed=seed, progress=progress)
    return model


def save(model: Transformer, path: Path = CHECKPOINT) -> None:
    """Write the weights, in half precision."""
    torch.save({name: value.half() for name, value in model.state_dict().items()}, path)


def load(path: Path = CHECKPOINT) -> Transformer:
    """The trained base model of the checkpoint."""
    model = new()
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()


def with_marks(model: Transformer) -> Transformer:
    """A copy in which the marks of the chat, never seen in the text, begin as words that are: "?" and "."."""
    model, place = copy.deepcopy(model), tasks.words().place
    with torch.no_grad():
        for mark, word in (("<system>", "."), ("<user>", "."), ("<assistant>", "?")):
            model.embed.weight[place[mark]] = model.embed.weight[place[word]]
    return model
