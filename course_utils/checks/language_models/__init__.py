"""The checks of assignment 10, one for each function that the learner writes."""

from course_utils.checks.language_models.attention import causal_attention
from course_utils.checks.language_models.bits import bits_per_character
from course_utils.checks.language_models.counting import ngram_probs
from course_utils.checks.language_models.merges import byte_pair_merge
from course_utils.checks.language_models.preferences import answer_log_prob, dpo_loss
from course_utils.checks.language_models.sampling import next_token_probs

__all__ = [
    "answer_log_prob",
    "bits_per_character",
    "byte_pair_merge",
    "causal_attention",
    "dpo_loss",
    "next_token_probs",
    "ngram_probs",
]
