"""What one lecture needs and no other: a folder each, with its explorer, its experiment and its recorded table."""
