"""Identifiers from content alone: no clock, no randomness, no counter."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache


@lru_cache(maxsize=1 << 15, typed=True)
def content_id(*parts: object) -> str:
    """Sixteen hexadecimal digits that depend on nothing but `parts` (hashed as a JSON array, so joins cannot collide)."""
    data = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:16]
