"""Everything behind ``./dev``: plain Python, standard library only.

One module per reason to change. The pinned versions are in ``versions.toml``.
"""
