"""Keys, permissions and sealed secrets.

Everything here is computed from the installation's key ring; nothing here touches the database.
"""
