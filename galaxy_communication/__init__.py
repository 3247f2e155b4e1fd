"""A chat that lives inside Galaxy's own web process.

Imports nothing: every Python that starts in Galaxy's environment runs this file (see ``_autoload``).
"""

__version__ = "0.1.0"
