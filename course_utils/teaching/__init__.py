"""What makes the teaching kit out of the lectures and the question bank."""
