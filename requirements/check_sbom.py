"""Check bills of materials against the CycloneDX schema: ``check_sbom.py FILE...``."""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main(files: list[str]) -> int:
    """Print the number of components of each file; 1 where one does not fit its schema."""
    failed = False
    for name in files:
        text = Path(name).read_text(encoding="utf-8")
        bill = json.loads(text)
        error = JsonStrictValidator(SchemaVersion.from_version(bill["specVersion"])).validate_str(
            text
        )
        failed |= error is not None
        verdict = f"not valid: {error}" if error else "valid"
        sys.stdout.write(f"{name}: {len(bill['components'])} components, {verdict}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
