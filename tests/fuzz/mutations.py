"""Files as chance spoils them: seeded, so that a case that fails can be made again."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
TOKENS: dict[str, Sequence[bytes]] = {
    "": (
        b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\n", b"\x0c", b"\x1b[2J", "\u202e".encode(),
        "\u200b".encode(), "\u2028".encode(), b"-1", b"0", b"4294967296", b"1e999", b"NaN", b"%s%n", b"{}", b"{0}", b"../../", b"'", b'"', b"\\", b"`",
    ),
    "html": (
        b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"<style>", b"<table>", b"<tr><td colspan=99999999>", b"<p>", b"<br>",
        b"<title>", b"<meta charset=utf-7>", b"<meta http-equiv=content-type content='text/html; charset=utf-16'>", b"<time datetime=9999999999999>",
        b"&#xD800;", b"&#0;", b"&#99999999;", b"&amp", b"<svg>", b"<math>", b"<template>", b"<frameset>", b"<plaintext>", b"<base href=file:///etc/passwd>",
        b'<script type="application/ld+json">{"datePublished": [[{}]]}</script>', b"<ul>" * 50, b"<!DOCTYPE html [", b"<?xml version='1.0' encoding='x'?>",
    ),
    "pdf": (
        b"obj", b"endobj", b"stream\n", b"endstream", b"xref", b"trailer", b"startxref", b"<<", b">>", b"[", b"]", b"/Kids", b"/Count -1", b"/Count 99999999",
        b"/Length 99999999", b"/Filter/FlateDecode", b"/Filter/LZWDecode", b"/Filter/JBIG2Decode", b"/Filter/JPXDecode", b"/Encrypt 1 0 R", b"1 0 R", b"2 0 R", b"3 0 R",
        b"/Type/Page", b"/Parent 3 0 R", b"Tj", b"TJ", b"Tf", b"Do", b"cm", b"BT", b"ET", b"/ToUnicode 3 0 R", b"/Rotate 45", b"/MediaBox[0 0 1e30 1e30]", b"%PDF-9.9",
    ),
    "docx": (
        b"<w:p>", b"</w:p>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"<w:gridSpan w:val='999999999'/>", b"<w:vMerge/>", b"<w:br/>", b"<w:del>", b"<w:ins>", b"&#0;", b"&x;",
        b"<w:pStyle w:val='-1'/>", b"<w:txbxContent>", b"<mc:AlternateContent>", b"w:val=''", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<w:gridSpan w:val='x'/>", b"<w:drawing>",
    ),
    "jsonl": (
        b"null", b"true", b"[", b"]", b"{", b"}", b":", b",", b'"text"', b'"id"', b'"date"', b'"lang"', b'"title"', b"\\ud800", b"\\u0000", b"1" * 5000, b"-0", b"1e400", b"[" * 2000,
    ),
}  # fmt: skip


def spoiled(data: bytes, chance: random.Random, tokens: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """`data` with one to six changes."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.choice((1, 1, 2, 4, 16, 200, 2000)))
        match chance.randrange(8):
            case 0 if made:
                made[min(at, len(made) - 1)] ^= 1 << chance.randrange(8)
            case 1:
                del made[at:end]
            case 2:
                made[at:at] = made[at:end] * chance.choice((1, 2, 40))
            case 3:
                made[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 4 if others:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                made[at:end] = other[start : start + chance.choice((8, 100, 3000))]
            case 5:
                del made[at : len(made) if chance.random() < 0.2 else end]
            case _:
                made[at : end if chance.random() < 0.3 else at] = chance.choice(tokens)
    return bytes(made)


def seeds(kind: str) -> list[bytes]:
    """What is sound of this kind."""
    found = [p.read_bytes() for p in sorted(EXAMPLES.glob(f"*.{kind}"))]
    return found or [p.read_bytes() for p in sorted(EXAMPLES.glob("*.txt"))]


def cases(kind: str, count: int, seed: int = 1, *, some: Sequence[bytes] = ()) -> Iterator[bytes]:
    """So many spoiled files of a kind; those of a packed kind are spoiled within, and at times as they lie there."""
    chance = random.Random(f"{kind} {seed}")
    sound = list(some) or seeds(kind.removesuffix(".gz"))
    tokens = [*TOKENS[""], *TOKENS.get(kind.removesuffix(".gz"), ())]
    for _ in range(count):
        data = chance.choice(sound)
        if kind == "docx" and chance.random() < 0.8:
            yield _repacked(data, chance, tokens)
        elif kind.endswith(".gz"):
            packed = gzip.compress(spoiled(data, chance, tokens, sound), 1)
            yield spoiled(packed, chance, tokens, sound) if chance.random() < 0.5 else packed
        else:
            yield spoiled(data, chance, tokens, sound)


def _repacked(data: bytes, chance: random.Random, tokens: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        hit = {chance.choice(names) if chance.random() < 0.4 else "word/document.xml"}
        for name in names:
            raw = old.read(name)
            new.writestr(name, spoiled(raw, chance, tokens, ()) if name in hit else raw)
    return out.getvalue()
