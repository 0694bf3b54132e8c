"""Paths become documents; what cannot be read is named with its cause, and nothing stops the run."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sys
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from fpdf import FPDF
from kg.ingest.files import Ignored, documents, files
from kg.model import Document, Skipped

if TYPE_CHECKING:
    from pathlib import Path

ZH, EN = "公司发布了新的大模型，训练使用国产芯片。\n", "The company released a new model trained on its own chips.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ids(*paths: str | Path) -> list[str]:
    return [d.id for d in documents(paths) if isinstance(d, Document)]


def skipped(*paths: str | Path) -> list[Skipped]:
    return [d for d in documents(paths) if isinstance(d, Skipped)]


def put(folder: Path, **contents: str | bytes) -> None:
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def pdf_bytes(text: str = "", **kwargs: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    if text:
        pdf.set_font("Helvetica", size=12)
        pdf.multi_cell(0, 6, text)
    if kwargs:
        pdf.set_encryption(**kwargs)
    return bytes(pdf.output())


def docx_bytes(text: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


def test_a_document_has_all_its_fields(here: Path) -> None:
    text = "甲公司公告\n\n日期：2023年10月31日\n\n" + ZH
    put(here, a_txt=text)
    (document,) = documents(["a.txt"])
    assert document == Document(
        id="a.txt", path="a.txt", title="甲公司公告", lang="zh", date="2023-10-31", text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest())  # fmt: skip


def test_each_suffix_and_its_gzip_are_read(here: Path) -> None:
    html = f"<html><head><title>A title</title></head><body><p>{EN}</p></body></html>"
    contents = {
        **dict.fromkeys(("txt", "md"), EN.encode()),
        **dict.fromkeys(("html", "htm"), html.encode()),
        "pdf": pdf_bytes(EN),
        "docx": docx_bytes(EN),
        "jsonl": json.dumps({"id": "r", "text": EN}).encode(),
    }
    for suffix, data in contents.items():
        (here / f"x.{suffix}").write_bytes(data)
        (here / f"y.{suffix.upper()}.gz").write_bytes(gzip.compress(data))
    found = list(documents(["."]))
    assert len(found) == 14
    for document in found:
        assert isinstance(document, Document)
        assert " ".join(document.text.split()) == EN.strip()
        assert document.lang == "en"


def test_folders_are_read_in_order_without_what_is_hidden(here: Path) -> None:
    put(
        here,
        d__b_txt=EN,
        d__a_txt=ZH,
        d__c__z_txt=EN,
        d__c__a_md=EN,
        d__pic_png=b"x",
        d__raw_csv="a,b",
        d__other_csv="c",
    )
    (here / "d" / ".hidden.txt").write_text(EN)
    (here / "d" / ".git").mkdir()
    (here / "d" / ".git" / "x.txt").write_text(EN)
    assert ids("d") == ["d/a.txt", "d/b.txt", "d/c/a.md", "d/c/z.txt"]
    (note,) = skipped("d")
    assert isinstance(note, Ignored)
    assert note.path == "d"
    assert "2 .csv, 1 .png" in note.cause


def test_nothing_is_read_twice(here: Path) -> None:
    put(here, d__a_txt=ZH, d__c__b_txt=EN)
    assert ids("d/c", "d", "d/a.txt", "./d/../d/a.txt", "d/**/*.txt") == ["d/c/b.txt", "d/a.txt"]
    assert ids("d/a.txt", "d") == ["d/a.txt", "d/c/b.txt"]


def test_patterns(here: Path) -> None:
    put(here, n__a_txt=ZH, n__m__b_html=f"<p>{EN}</p>", n__m__c_csv="x")
    assert ids("n/**/*.html") == ["n/m/b.html"]
    assert ids("n/*.txt") == ["n/a.txt"]
    assert [type(s) for s in skipped("n/m/*")] == [Ignored]
    assert "nothing matches" in skipped("n/*.pdf")[0].cause


def test_ids_outside_the_working_directory_are_absolute(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here, a_txt=ZH, w__b_txt=EN)
    monkeypatch.chdir(here / "w")
    assert ids("../a.txt", "b.txt", here / "w") == [(here / "a.txt").as_posix(), "b.txt"]


def test_a_name_with_magic_characters_is_a_name(here: Path) -> None:
    (here / "a[1].txt").write_text(EN)
    assert ids("a[1].txt") == ["a[1].txt"]


def test_a_name_that_is_not_utf8(here: Path) -> None:
    (here / os.fsdecode(b"\xb9\xab.txt")).write_text(EN)
    assert ids(".") == ["\\xb9\\xab.txt"]


def test_standard_input(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ZH.encode("gb18030"))))
    (document,) = documents(["-"])
    assert isinstance(document, Document)
    assert (document.id, document.text) == ("stdin", ZH)


def test_links_may_run_in_circles(here: Path) -> None:
    put(here, d__a_txt=ZH)
    (here / "d" / "loop").symlink_to(here / "d")
    (here / "d" / "up").symlink_to(here)
    (here / "d" / "z.txt").symlink_to(here / "nowhere.txt")
    (here / "self.txt").symlink_to(here / "self.txt")
    assert ids("d") == ["d/a.txt"]
    assert {s.path for s in skipped("d")} >= {"d/z.txt"}
    assert all("leads nowhere" in s.cause for s in skipped("self.txt"))


def test_a_pipe_does_not_block(here: Path) -> None:
    os.mkfifo(here / "pipe.txt")
    assert ids(".") == []
    assert "not a regular file" in skipped("pipe.txt")[0].cause


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "empty.pdf": (b"", "empty"),
    "empty.docx": (b"", "empty"),
    "empty.html": (b"", "empty"),
    "empty.jsonl": (b"", "empty"),
    "blank.txt": (b" \n\n ", "white space"),
    "nul.txt": (b"\0" * 50, "binary"),
    "scan.pdf": (pdf_bytes(), "no text layer"),
    "cut.pdf": (pdf_bytes(EN)[:300], "damaged"),
    "junk.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 9, "damaged"),
    "secret.pdf": (pdf_bytes(EN, owner_password="o", user_password="u"), "encrypted"),
    "text.docx": (EN.encode(), "not a .docx"),
    "cut.docx": (docx_bytes(EN)[:500], "not a .docx"),
    "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password-protected"),
    "void.docx": (docx_bytes(""), "no text"),
    "script.html": (b"<html><body><script>alert(1)</script></body></html>", "no text"),
    "cut.txt.gz": (gzip.compress(EN.encode() * 50)[:-9], "gzip"),
    "no.txt.gz": (EN.encode(), "gzip"),
    "table.xlsx": (b"x", "not a kind of file"),
    "bad.jsonl": (b"{nope\n", "line 1 is not JSON"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_named_with_its_cause(here: Path, name: str) -> None:
    data, cause = HOSTILE[name]
    (here / name).write_bytes(data)
    put(here, good_txt=EN)
    first, last = documents([name, "good.txt"])
    assert isinstance(first, Skipped)
    assert first.path.split("#")[0] == name
    assert cause in first.cause
    assert "\n" not in first.cause
    assert isinstance(last, Document)


def test_other_archives_than_word_documents(here: Path) -> None:
    with zipfile.ZipFile(here / "z.docx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "no Word document" in skipped("z.docx")[0].cause


def test_what_is_missing_or_forbidden_is_said(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert skipped("nowhere/x.txt")[0].cause == "no such file or folder"
    put(here, a_txt=EN)
    (here / "a.txt").chmod(0)
    if os.geteuid():
        assert "Permission denied" in skipped("a.txt")[0].cause


def test_a_broken_reader_is_one_skipped_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.ingest.files.READERS", {".txt": lambda file, path: 1 / 0})
    put(here, a_txt=EN)
    assert "ZeroDivisionError" in skipped("a.txt")[0].cause


def test_progress_names_each_file_before_it_is_read(here: Path) -> None:
    put(here, a_txt=ZH, b_pdf=b"junk")
    seen: list[str] = []
    for found in documents(["."], progress=seen.append):
        assert seen[-1] == found.path
    assert seen == ["a.txt", "b.pdf"]
    assert [str(f) for f in files(["."])] == ["a.txt", "b.pdf"]


def test_documents_come_one_at_a_time(here: Path) -> None:
    put(here, a_txt=ZH, b_txt=EN)
    found = documents(["a.txt", "b.txt"])
    assert isinstance(next(found), Document)
    (here / "b.txt").unlink()
    last = next(found)
    assert isinstance(last, Skipped)
    assert "no such file" in last.cause.lower()
