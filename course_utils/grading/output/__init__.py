"""What is written for people: feedback, export, report."""
