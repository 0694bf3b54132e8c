"""The corpus as gold documents, so that `kg evaluate` and the contract's own script can score it.

python -m training.gold DIR [--lang zh] [--part validation|training|all]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from training.corpus import Passage, passages


def to_gold(passage: Passage) -> dict[str, Any]:
    """The gold object of a passage; the evidence of a claim is the whole passage."""
    return {
        "id": passage.id,
        "lang": passage.lang,
        "title": passage.genre,
        "source": "written for the project",
        "entities": [
            {"id": f"e{i}", "type": kind, "names": list(names)} for i, (kind, names) in enumerate(passage.entities)
        ],
        "not": [{"name": name, "context": context} for name, context in passage.barred],
        "claims": [
            {"s": f"e{s}", "p": p, "o": f"e{o}", "role": role, "evidence": passage.text}
            for s, p, o, role in passage.claims
        ],
        "observations": [
            {"s": f"e{s}", "metric": metric, "value": value, "unit": unit, "period": period, "evidence": passage.text}
            for s, metric, value, unit, period in passage.observations
        ],
    }


def main() -> None:
    """Write the gold documents."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--lang", choices=("zh", "en"))
    options.add_argument("--part", choices=("validation", "training", "all"), default="validation")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for lang in (chosen.lang,) if chosen.lang else ("zh", "en"):
        for passage in passages(lang):
            if chosen.part == "all" or passage.validation == (chosen.part == "validation"):
                number += 1
                (chosen.folder / f"{passage.id}.txt").write_text(passage.text, "utf-8")
                (chosen.folder / f"{passage.id}.gold.json").write_text(
                    json.dumps(to_gold(passage), ensure_ascii=False, indent=1), "utf-8"
                )
    print(f"{number} gold documents in {chosen.folder}")


if __name__ == "__main__":
    main()
