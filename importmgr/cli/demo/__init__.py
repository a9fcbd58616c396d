"""`importmgr demo`: the real service, real files and the real API, from start to clean-up.

Nothing it shows is written down here; every figure comes from an answer of the service.
"""
