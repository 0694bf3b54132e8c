"""Pictures are clicked in a browser: a node of the neighbours' picture, a node on the graph page and what its panel leads to."""

from __future__ import annotations

from typing import Any

import pytest
from kg.config import BASE
from kg.view.palette import LOOKS

FIRM = f"{BASE}entity/company/yunfan"
PLACE = """async (colour) => {
  const canvas = document.querySelector("#network canvas"), box = canvas.getBoundingClientRect();
  const centre = () => {
    const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let x = 0, y = 0, found = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === colour[0] && data[at + 1] === colour[1] && data[at + 2] === colour[2]) { x += (at / 4) % width; y += Math.floor(at / 4 / width); found++; }
    }
    const scale = box.width / canvas.width;
    return found ? [box.x + (x / found) * scale, box.y + (y / found) * scale] : null;
  };
  for (let still = 0, last = null; still < 10; await new Promise(requestAnimationFrame)) {
    const now = centre();
    still = now && String(now) === String(last) ? still + 1 : 0;
    last = now;
  }
  return centre();
}"""
"""Where on the screen the graph page has drawn what has a colour, once it is there and nothing moves."""
DEVICES = pytest.mark.parametrize(
    ("lang", "width", "kind", "page"),
    [("en", 1280, "Person", "Page of the entity"), ("zh", 390, "人物", "实体页面")],
)


def opened(browser: Any, lang: str, width: int) -> tuple[Any, list[str]]:
    """A tab of a desk or, where it is narrow, of a phone with fingers; and what it complains of."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=lang, has_touch=width < 500)
    tab, said = context.new_page(), []
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    return tab, said


@pytest.mark.browser
@DEVICES
def test_a_neighbour_in_the_picture_leads_to_its_page(
    browser: Any, server: str, lang: str, width: int, kind: str, page: str
) -> None:
    tab, said = opened(browser, lang, width)
    tab.goto(f"{server}/entity?iri={FIRM}")
    drawn = tab.locator("#neighbours svg a:visible")
    assert drawn.count() == 3
    node = drawn.filter(has_text="李文博").locator("path").first
    with tab.expect_navigation():
        node.tap() if width < 500 else node.click()
    assert tab.locator("h1").inner_text() == "李文博"
    assert tab.locator(".kind").first.inner_text() == kind
    assert said == []
    tab.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/graph", f"/graph?iri={FIRM}"])
@DEVICES
def test_a_node_of_the_graph_shows_its_panel_which_leads_to_its_page(
    browser: Any, server: str, path: str, lang: str, width: int, kind: str, page: str
) -> None:
    tab, said = opened(browser, lang, width)
    tab.goto(f"{server}{path}", timeout=120_000)
    x, y = tab.evaluate(PLACE, list(bytes.fromhex(LOOKS["Person"].light[1:])))  # there is one person
    tab.touchscreen.tap(x, y) if width < 500 else tab.mouse.click(x, y)
    tab.locator("#detail h2[tabindex]", has_text="李文博").wait_for()
    assert tab.locator("#detail .kind").inner_text() == kind
    assert "云帆科技" in tab.locator("#detail").inner_text()
    with tab.expect_navigation():
        tab.locator("#detail a", has_text=page).click()
    assert tab.locator("h1").inner_text() == "李文博"
    assert said == []
    tab.context.close()
