"""Clean tables of very different character, each a function that draws it, always the same."""
