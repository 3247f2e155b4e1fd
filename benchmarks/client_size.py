"""What browsers load of the client, compressed as it is sent, and the budgets that its build holds.

python -m benchmarks.client_size
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from galaxy_communication.pages import STATIC


def row(name: str, *sizes: int) -> str:
    return f"| {name} | {' | '.join(f'{size / 1000:.1f}' for size in sizes)} |"


def sizes(path: Path) -> list[int]:
    return [path.with_name(path.name + suffix).stat().st_size for suffix in ("", ".gz", ".br")]


def main() -> None:
    weight = json.loads((STATIC / "weight.json").read_text())
    scripts = {f"assets/{path.name}": sizes(path) for path in (STATIC / "assets").glob("*.js")}
    first = {name: scripts.pop(name) for name in weight["firstView"]}
    total = [sum(column) for column in zip(*first.values(), strict=True)]
    onload = (STATIC / "onload.js").stat().st_size
    print("| in kB | plain | gzip | brotli |", "| --- | ---: | ---: | ---: |", sep="\n")
    for name, found in first.items():
        print(row(f"first view: {name}", *found))
    print(row("**first view, together**", *total))
    for name, found in sorted(scripts.items()):
        print(row(f"later: {name}", *found))
    print(f"\nfirst view: {total[1]} of {weight['maxFirstView']} bytes compressed with gzip")
    print(f"onload script: {onload} of {weight['maxOnload']} bytes")
    if total[1] > weight["maxFirstView"] or onload > weight["maxOnload"]:
        sys.exit("too much")


if __name__ == "__main__":
    main()
