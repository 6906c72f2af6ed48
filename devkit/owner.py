"""Which checkout a ``.dev`` folder belongs to."""

from pathlib import Path

from .errors import DevError
from .paths import DEV, ROOT


def claim(folder=DEV, root=ROOT):
    """Take the folder for this checkout.

    A folder that two checkouts reach, by a link, would be set up anew by each in turn,
    under the feet of what runs in the other.

    :raises DevError: when another checkout that still reaches it has it.
    """
    mark = folder / "owner"
    if mark.is_file():
        owner = Path(mark.read_text("utf-8"))
        other = owner / folder.name
        if owner != root and other.exists() and other.samefile(folder):
            raise DevError(
                f"{folder} is in use by the checkout {owner}.",
                f"Remove the link {folder}: this checkout makes its own folder.",
            )
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(str(root), "utf-8")
