"""Where files that come with the program lie: in a checkout beside the package, in a wheel inside it."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PACKAGED = PACKAGE / "_data"


def checkout() -> Path | None:
    """The top of the repository this program runs from, or None when it was installed as a wheel."""
    top = PACKAGE.parent
    return top if (top / "pyproject.toml").is_file() and (top / "workflows").is_dir() else None


def workflows() -> Path:
    """The folder of the shipped workflow definitions."""
    return _shipped("workflows")


def migrations() -> Path:
    """Alembic's script folder."""
    return _shipped("migrations")


def samples() -> Path:
    """The folder of sample installations, one folder each, and of scenarios."""
    return PACKAGE / "samples"


def scenarios() -> Path:
    return samples() / "scenarios"


def default_instance() -> Path:
    """`instance` in the checkout; for a wheel, in the folder one stands in."""
    return (checkout() or Path.cwd()) / "instance"


def _shipped(name: str) -> Path:
    top = checkout()
    return top / name if top else PACKAGED / name
