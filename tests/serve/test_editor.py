"""The editor of the console: what it does in a browser under the page's policy, and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parent.parent.parent
EDITOR, TEMPLATE = ROOT / "editor", ROOT / "kg" / "serve" / "template"


def opened(context: Any, address: str) -> tuple[Any, list[str]]:
    tab, said = context.new_page(), []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(address)
    return tab, said


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "width", "means"), [("en", 1280, "develops"), ("zh", 390, "开发")])
def test_it_completes_terms_and_variables_and_runs(
    browser: Any, server: str, lang: str, width: int, means: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=lang, color_scheme="dark")
    tab, said = opened(context, f"{server}/console")
    tab.locator(".cm-content").click()
    tab.keyboard.type("SELECT ?firm ?model {\n ?firm kg:dev")
    tab.locator(".cm-tooltip li").first.wait_for()
    assert tab.locator(".cm-tooltip li").all_inner_texts() == [f"kg:develops{means}"]
    tab.wait_for_timeout(100)  # a choice made at once is taken for a slip
    tab.keyboard.press("Enter")
    tab.keyboard.type(" ?mo")
    tab.locator(".cm-tooltip li").first.wait_for()
    tab.wait_for_timeout(100)
    tab.keyboard.press("Enter")
    with tab.expect_navigation():
        tab.keyboard.press("Control+Enter")
    assert "kg:develops ?model" in tab.locator(".cm-content").inner_text()
    assert tab.locator("td a").first.inner_text() == "云帆科技"
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    context.close()


@pytest.mark.browser
def test_it_takes_the_colours_of_the_page_and_marks_the_line_that_was_refused(browser: Any, server: str) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        tab, said = opened(context, f"{server}/console?query=SELECT * {{%0A ?a kg:uses ; }}")
        assert tab.locator(".cm-wrong").inner_text() == " ?a kg:uses ; }"
        grounds.add(tab.locator(".cm-editor").evaluate("(e) => getComputedStyle(e).backgroundColor"))
        assert len(set(tab.locator(".cm-line span").evaluate_all("(all) => all.map((e) => getComputedStyle(e).color)"))) >= 3  # fmt: skip
        tab.locator(".cm-content").press_sequentially("x")
        assert tab.locator(".cm-wrong").count() == 0
        assert said == []
        context.close()
    assert len(grounds) == 2


@pytest.mark.browser
def test_the_keyboard_can_leave_it(browser: Any, server: str) -> None:
    context = browser.new_context()
    tab, _ = opened(context, f"{server}/console?name=developers")
    tab.locator(".cm-content").click()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.tagName") == "BUTTON"
    context.close()


@pytest.mark.browser
def test_without_script_the_form_stays(browser: Any, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab, _ = opened(context, f"{server}/console")
    tab.locator("#query").fill("ASK {}")
    tab.get_by_role("button", name="Run").click()
    assert tab.locator(".answer").inner_text() == "true"
    context.close()


def test_files_come_compressed_and_once(server: str) -> None:
    for name in ("editor.js", "serve.js", "serve.css"):
        address = f"{server}/static/{name}"
        first = httpx.get(address, headers={"accept-encoding": "gzip"})
        assert first.headers["content-encoding"] == "gzip"
        plain = httpx.get(address, headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == first.content
        again = httpx.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_it_is_built_of_pinned_packages_with_their_licences() -> None:
    wanted = json.loads((EDITOR / "package.json").read_text("utf-8"))["devDependencies"]
    packages = json.loads((EDITOR / "package-lock.json").read_text("utf-8"))["packages"]
    locked = {path.removeprefix("node_modules/"): entry for path, entry in packages.items() if path}
    assert {name: locked[name]["version"] for name in wanted} == wanted
    assert [name for name, entry in locked.items() if not entry["integrity"].startswith("sha512-")] == []
    licences = (TEMPLATE / "editor.LICENSE").read_text("utf-8")
    told = [name for name, entry in locked.items() if f"{name} {entry['version']} (MIT)" in licences]
    assert {*wanted} - {"esbuild"} <= {*told}
    assert licences.count("Permission is hereby granted") == len(told)
