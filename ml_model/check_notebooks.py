"""Keep patients out of committed notebooks.

Only cells tagged ``keep_output`` may have outputs: those plot figures. Cells that show
radiographs must come without. ``--strip`` empties them; without it, they are an error.
"""

import sys
from pathlib import Path

import nbformat


def main() -> int:
    """Check, or with ``--strip`` clean, every notebook beside this file."""
    strip = "--strip" in sys.argv
    status = 0
    for path in sorted(Path(__file__).parent.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        untagged = [
            cell
            for cell in notebook.cells
            if cell.get("outputs") and "keep_output" not in cell.metadata.get("tags", [])
        ]
        if not untagged:
            continue
        if strip:
            for cell in untagged:
                cell.outputs = []
            nbformat.write(notebook, path)
        else:
            sys.stderr.write(f"{path.name}: {len(untagged)} cells have outputs to be stripped\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
