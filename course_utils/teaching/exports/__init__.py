"""The question bank in the formats of learning platforms, and on paper."""
