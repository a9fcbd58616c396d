"""How a spooled file becomes column batches with exact row numbers, one module per format."""
