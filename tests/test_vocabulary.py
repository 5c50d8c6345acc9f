"""Nothing but data, words and recipes knows a disease by name: models bring their own findings."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_NAMES = re.compile("pneumonia|bacterial|viral")
_ALLOWED = {
    "findings.py": "the vocabulary and its codes",
    "words/": "catalogues of words",
    "datasets/": "descriptors of data sets",
    "training/": "recipes",
    "cli/train.py": "the recipe's command",
    "cli/pneumonia.py": "the recipe's command",
    "cli/search.py": "the recipe's command",
    "api/example_answers.json": "what the default model answers",
    "api/original_service.py": "fields of the original service",
    "models/card_migration.py": "names in cards of the first schema",
}


def test_a_disease_is_named_where_data_words_and_recipes_are():
    listed = subprocess.run(
        ["git", "ls-files", "backend/hilum"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(listed) > 200
    naming = {
        path.removeprefix("backend/hilum/")
        for path in listed
        if (ROOT / path).is_file()
        and _NAMES.search((ROOT / path).read_text(encoding="utf-8", errors="ignore"))
    }
    assert [path for path in sorted(naming) if not path.startswith(tuple(_ALLOWED))] == []
