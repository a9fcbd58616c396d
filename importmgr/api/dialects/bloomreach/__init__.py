"""The HTTP face compatible with Bloomreach Engagement: its imports API and what supports it.

Every tolerance that the official connectors need, outside the definition document, lives here.
"""
