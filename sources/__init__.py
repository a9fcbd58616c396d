"""Where bytes come from (sources, storages) and how bytes become column batches (formats).

Nothing here knows what the rows mean or where they go.
"""
