"""Keep patients, and the paths of whoever ran them, out of committed notebooks.

Only cells tagged ``keep_output`` may have outputs: those plot figures. Cells that show
radiographs must come without, and none may carry what libraries wrote to stderr. ``--strip``
takes such outputs away; without it, they are an error.
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
        dropped = sum(_drop_outputs(cell) for cell in notebook.cells)
        if dropped and strip:
            nbformat.write(notebook, path)
        elif dropped:
            sys.stderr.write(f"{path.name}: {dropped} outputs are to be stripped\n")
            status = 1
    return status


def _drop_outputs(cell: nbformat.NotebookNode) -> int:
    """Take away what must not be committed; returns how many outputs that were."""
    outputs = cell.get("outputs", [])
    is_kept = "keep_output" in cell.metadata.get("tags", [])
    kept = [output for output in outputs if is_kept and output.get("name") != "stderr"]
    if outputs:
        cell.outputs = kept
    return len(outputs) - len(kept)


if __name__ == "__main__":
    sys.exit(main())
