import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


class Seen:
    """What a page asked for and said: addresses, console errors, dialogs."""

    def __init__(self, page):
        self.addresses, self.errors, self.dialogs = [], [], []
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))


@pytest.fixture
def opened(browser, tmp_path):
    """Writes a graph, opens it from disk and hands back the page and what it did; each test ends without any error."""
    from kg.view.page import write

    contexts, watched = [], []

    def open_page(graph, *, locale="en-US", dark=False, width=1280, height=800, title="", fragment="", script=""):
        path = tmp_path / "graph.html"
        write(graph, path, title=title)
        context = browser.new_context(
            locale=locale,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        context.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; alert('hit'); };")
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(15_000)
        seen = Seen(page)
        contexts.append(context)
        watched.append(seen)
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page, seen

    yield open_page
    for context in contexts:
        context.close()
    for seen in watched:
        assert not seen.errors
        assert all(address.startswith(("file:", "data:", "blob:")) for address in seen.addresses)
