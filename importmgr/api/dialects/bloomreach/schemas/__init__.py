"""Bodies, queries and answers of the Bloomreach dialect, as marshmallow schemas.

They check what arrives and they are what `/openapi.json` documents.
"""
