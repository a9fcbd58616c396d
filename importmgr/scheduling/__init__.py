"""What happens by the clock rather than by a call."""
