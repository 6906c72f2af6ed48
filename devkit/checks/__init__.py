"""The checks of ``./dev lint`` that no tool on PyPI does as wanted."""
