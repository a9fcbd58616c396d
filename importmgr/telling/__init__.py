"""The ways out: how a notice is sent, by HTTP POST or otherwise."""
