"""What one would load a file with otherwise: each module is a script, run with its own libraries.

`python -m benchmarks.peers.NAME [--way WAY] DATABASE FILE`; the last line it prints is JSON
that names the table. Each works as its documentation recommends for speed.
"""
