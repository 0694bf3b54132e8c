"""What the page offers, each through the page itself: a test here fails when its feature breaks."""

import csv
import io
import itertools
import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pytest
from kg.analyse.measures import communities
from test_page_browser import count, drag, drawn_pixels, search, until
from view_sample import add_claim, add_entity, large_graph, sample_graph

pytestmark = pytest.mark.browser

NVIDIA = "https://example.org/kg/nvidia"
SVG = "{http://www.w3.org/2000/svg}"
LABELS = """(() => {
  const frames = [], paint = CanvasRenderingContext2D.prototype.fillText, clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) { frames.length = 0; return clear.apply(this, box); };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    frames.push([text, x, y, this.measureText(text).width, parseFloat(/([\\d.]+)px/.exec(this.font)[1])]); return paint.apply(this, arguments);
  };
  window.labels = frames;
})()"""


def saved(page, button):
    page.click("#save")
    with page.expect_download() as download:
        page.click(f"#{button}")
    return Path(download.value.path()).read_bytes()


def rows(page):
    return list(csv.DictReader(io.StringIO(saved(page, "save-csv").decode("utf-8-sig"))))


def drawing(page):
    return ET.fromstring(saved(page, "save-svg"))


def fills(page):
    return {path.get("fill") for path in drawing(page).iter(f"{SVG}path")}


def state(page):
    """All that a reader sees of the state: counts, sliders, boxes, panel."""
    boxes = (
        "[...document.querySelectorAll('#filters input')].map((at) => at.type === 'checkbox' ? at.checked : at.value)"
    )
    texts = "['#status', '#detail', '#types', '#predicates', '#groups', '#as-of-now', '#colour'].map((at) => document.querySelector(at).innerText)"
    return page.evaluate(boxes), page.evaluate(texts), page.input_value("#colour")


# Search with completion


@pytest.mark.parametrize(
    ("locale", "typed", "offered", "kind"),
    [
        ("en-US", "微", ["Microsoft", "Azure"], "Company"),
        ("zh-CN", "mic", ["微软", "微软云"], "公司"),
        ("en-US", "ｈ１００", ["H100", "DGX H100"], "Chip"),
    ],
)
def test_search_completes_in_both_languages_from_whichever_the_page_is_in(opened, locale, typed, offered, kind):
    page, _ = opened(sample_graph(), locale=locale)
    page.fill("#query", typed)
    names = page.locator("#matches .grow bdi:first-child").all_inner_texts()
    assert names[0] == offered[0]
    assert set(offered) <= set(names)
    assert page.inner_text("#matches .kind >> nth=0") == kind
    page.click("#matches [role=option] >> nth=1")
    assert page.inner_text("#detail h2[tabindex]") == names[1]
    assert page.is_hidden("#matches")


def test_completion_is_a_combobox_to_keyboards_and_screen_readers(opened):
    page, _ = opened(sample_graph())
    page.keyboard.press("/")
    assert page.get_attribute("#query", "aria-expanded") == "false"
    page.keyboard.type("h")
    options = page.locator("#matches [role=option]")
    assert options.count() > 3
    for key, chosen in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("ArrowUp", 0), ("ArrowUp", -1)):
        page.keyboard.press(key)
        at = page.get_attribute("#query", "aria-activedescendant")
        assert at == f"match-{chosen % options.count()}"
        assert page.get_attribute(f"#{at}", "aria-selected") == "true"
    assert page.locator("#matches [aria-selected=true]").count() == 1
    page.keyboard.press("Escape")
    assert (page.input_value("#query"), page.get_attribute("#query", "aria-expanded")) == ("", "false")


# Filters


def test_a_legend_takes_out_what_it_names_and_all_that_hangs_on_it(opened):
    graph = sample_graph()
    page, _ = opened(graph)
    page.uncheck("#types [data-term=Company]", force=True)
    rest = graph.subgraph(n for n, kind in graph.nodes(data="type") if kind != "Company")
    assert (count(page, "entities"), count(page)) == (len(rest), rest.number_of_edges())
    drawn = drawing(page)
    assert len(list(drawn.iter(f"{SVG}path"))) == len(rest)
    assert "NVIDIA" not in "".join(drawn.itertext())
    page.click("#types-all")
    page.click("#predicates-none")
    page.check("#predicates [data-term=uses]", force=True)
    uses = [edge for edge in graph.edges(data=True) if edge[2]["predicate"] == "uses"]
    assert count(page) == len(uses)
    alone = {n for n, degree in graph.degree() if not degree}
    assert count(page, "entities") == len({n for s, o, _ in uses for n in (s, o)} | alone)
    assert {row["predicate"] for row in rows(page)} == {"uses"}


@pytest.mark.parametrize("least", [1, 60, 80, 98, 100])
def test_the_confidence_slider_keeps_what_is_at_least_as_sure(opened, least):
    graph = sample_graph()
    page, _ = opened(graph)
    drag(page, "confidence", least)
    assert page.get_attribute("#confidence", "aria-valuetext") == f"{least}%"
    kept = [float(row["confidence"]) for row in rows(page)]
    assert sorted(kept) == sorted(d["confidence"] for *_, d in graph.edges(data=True) if d["confidence"] * 100 >= least)


def test_the_slider_of_time_says_the_whole_year_that_an_address_names(opened):
    page, _ = opened(sample_graph(), fragment="#as-of=2023")
    assert page.inner_text("#as-of-now") == "2023-12-31"
    assert page.get_attribute("#as-of", "aria-valuetext") == "2023-12-31"
    dates = {row["date"] for row in rows(page)}
    assert dates == {"2023-11-02", "2023-10-27", ""}
    page.focus("#as-of")
    page.keyboard.press("ArrowRight")
    until(page, "location.hash.includes('as-of=2024-03-19')")
    assert {row["date"] for row in rows(page)} == dates | {"2024-03-19"}


# Facts and evidence


def test_words_that_were_cut_say_so_whatever_white_space_lay_between(opened):
    graph = nx.MultiDiGraph()
    add_entity(graph, "urn:a", "Company", "Alpha", "阿尔法", [])
    add_entity(graph, "urn:b", "Chip", "Beta", "贝塔", [])
    quote, before, after = "**Alpha** makes Beta.", "，以前的话。" + "\n" * 60, "\n\n" * 25 + "In December 20"
    add_claim(graph, "urn:a", "develops", "urn:b", quote=quote, prefix=before[-60:], suffix=after[:60])
    page, _ = opened(graph, fragment="#node=urn:a")
    page.click("#detail [data-edge]")
    words = page.locator(".evidence blockquote").inner_text()
    assert "Alpha makes Beta." in words
    assert words.endswith("Beta. In…")


def test_a_fact_leads_to_its_words_its_document_and_back(opened):
    graph = nx.MultiDiGraph()
    add_entity(graph, "urn:a", "Company", "Alpha", "阿尔法", ["Alpha", "Alpha Inc."])
    add_entity(graph, "urn:b", "Chip", "Beta", "贝塔", ["Beta"])
    prefix, suffix = "uggle of old. " * 5, " And so it went on until the ev"
    add_claim(graph, "urn:a", "develops", "urn:b", quote="Alpha Inc. makes Beta and Betamax.", prefix=prefix[-60:], suffix=suffix + "x" * 40, title="On chips", path="chips/a.pdf", date="2024-05-06", confidence=0.83, role="maker", since="2021", found_by="en/develops")  # fmt: skip
    add_claim(graph, "urn:a", "develops", "urn:b", quote="阿尔法推出贝塔。", title="芯片", path="芯片.txt")
    page, _ = opened(graph, fragment="#node=urn:a")
    page.click("#detail [data-edge]")
    assert page.locator(".evidence").count() == 2
    second = page.locator(".evidence", has_text="Inc.")
    assert second.locator("mark.subject").all_inner_texts() == ["Alpha Inc."]
    assert second.locator("mark.object").all_inner_texts() == ["Beta"]  # not within Betamax
    words = second.locator("blockquote").inner_text()
    assert words.startswith("…uggle of old")
    assert words.endswith("until the…")
    said = second.inner_text()
    for expected in ("On chips", "2024-05-06", "chips/a.pdf", "83%", "maker", "2021", "en/develops"):
        assert expected in said
    chinese = page.locator(".evidence", has_text="推出")
    assert chinese.locator("mark.subject").inner_text() == "阿尔法"
    page.click("#detail [data-back]")
    until(page, "document.querySelector('#detail h2[tabindex]')?.textContent === 'Alpha'")


def test_names_that_differ_in_case_only_are_told_once(opened):
    graph = nx.MultiDiGraph()
    add_entity(graph, "urn:a", "Company", "NVIDIA", "英伟达", ["NVIDIA", "Nvidia", "nVidia", "NVDA", "英伟达"])
    page, _ = opened(graph, fragment="#node=urn:a")
    assert page.locator("#detail .alias").all_inner_texts() == ["NVDA"]


def test_every_metric_has_a_chinese_name():
    import json

    from kg.view.page import TEMPLATE

    folder = TEMPLATE.parents[1] / "relate"
    metrics = tomllib.loads((folder / "metrics.toml").read_text("utf-8"))["metric"]
    known = json.loads((TEMPLATE / "words.json").read_text("utf-8"))["metrics"]["zh"]
    assert sorted({m["name"] for m in metrics} - set(known)) == []


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en-US", [["revenue", "$60.9B", "2024"], ["market share", "80%", ""]]),
        ("zh-CN", [["营业收入", "US$609亿", "2024"], ["市场份额", "80%", ""]]),
    ],
)
def test_figures_are_written_in_the_language_of_the_page(opened, locale, shown):
    page, _ = opened(sample_graph(), locale=locale, fragment=f"#node={NVIDIA}")
    rows = page.eval_on_selector_all(
        "#detail tbody tr:not(.more)", "(all) => all.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    assert rows == shown


# Paths


def test_a_path_is_a_shortest_one_over_the_facts_shown(opened):
    graph = sample_graph()
    goal = "https://example.org/kg/gpt-4o"
    page, _ = opened(graph, fragment=f"#path={NVIDIA}+{goal}")
    steps = page.locator(".way .step").count()
    assert steps == nx.shortest_path_length(graph.to_undirected(), NVIDIA, goal)
    page.click(".way .step >> nth=0")
    page.wait_for_selector(".evidence mark")
    page.go_back()
    page.wait_for_selector(".way")
    page.click("#predicates-none")
    until(page, "!document.querySelector('.way')")
    assert "No" in page.inner_text("#detail .intro")


def places(page):
    """Where entities stand on the screen while everything is shown, by their label."""
    drawn = drawing(page)
    at = {t.text: (float(t.get("x")), float(t.get("y"))) for t in drawn.iter(f"{SVG}text")}
    shapes = [re.match(r"translate\((\S+) (\S+)\)", p.get("transform")) for p in drawn.iter(f"{SVG}path")]
    own = [tuple(map(float, found.groups())) for found in shapes]
    box, (x0, y0, w, h) = page.locator("#network").bounding_box(), map(float, drawn.get("viewBox").split())
    middle = x0 + w / 2, y0 + 40 + (h - 90) / 2
    scale = min(1.5, (box["width"] - 72) / (w - 160), (box["height"] - 72) / (h - 90))
    centre = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def on_screen(label):
        x, y = min(own, key=lambda spot: abs(spot[0] - at[label][0]) + abs(spot[1] - at[label][1]))
        return centre[0] + (x - middle[0]) * scale, centre[1] + (y - middle[1]) * scale

    return on_screen


def chain():
    graph = nx.MultiDiGraph()
    for iri, name in (("urn:a", "Alpha"), ("urn:b", "Beta"), ("urn:c", "Gamma")):
        add_entity(graph, iri, "Company", name, None, [name])
    add_claim(graph, "urn:a", "uses", "urn:b", quote="Alpha uses Beta.")
    add_claim(graph, "urn:b", "uses", "urn:c", quote="Beta uses Gamma.")
    return graph


def test_a_path_between_two_entities_picked_on_the_canvas(opened):
    page, _ = opened(chain())
    at = places(page)
    page.mouse.click(*at("Alpha"))
    page.wait_for_selector("[data-path-from]")
    assert page.inner_text("#detail h2[tabindex]") == "Alpha"
    page.click("[data-path-from]")
    assert page.is_visible("#detail .hint")
    page.mouse.click(*at("Gamma"))
    page.wait_for_selector(".way")
    assert page.locator(".way [data-node]").all_inner_texts() == ["Alpha", "Beta", "Gamma"]
    assert "path=urn" in page.url


def test_under_the_pointer_the_graph_says_what_it_is(opened):
    page, _ = opened(chain())
    at = places(page)
    assert page.is_hidden("#tip")
    page.mouse.move(*at("Beta"))
    page.wait_for_selector("#tip:not([hidden])")
    assert page.inner_text("#tip").split("\n") == ["Beta", "Company"]
    page.mouse.move(3, 300)
    page.wait_for_selector("#tip", state="hidden")


def test_a_double_click_folds_a_community_into_one_node_and_back(opened):
    page, _ = opened(chain())
    at = places(page)
    page.mouse.dblclick(*at("Beta"))
    until(page, "location.hash.includes('fold=')")
    assert len(list(drawing(page).iter(f"{SVG}path"))) == 1
    assert "Beta +2" in "".join(drawing(page).itertext())
    page.uncheck("#fold")
    assert len(list(drawing(page).iter(f"{SVG}path"))) == 3


def test_whoever_comes_nearer_sees_more(opened):
    page, _ = opened(large_graph(4000, 9000), script=LABELS)
    page.wait_for_timeout(300)
    far = {label[0] for label in page.evaluate("labels")}
    for _ in range(9):
        page.click("#zoom-in")
    page.wait_for_timeout(500)
    near = {label[0] for label in page.evaluate("labels")}
    assert len(far) > 8
    assert len(near - far) > 8
    ranks = [max(int(name.split()[1]) for name in names) for names in (far, near)]
    assert ranks[0] < ranks[1]  # the less central, whom from afar nobody saw


# Colours and pictures


def test_colours_are_types_communities_or_centrality(opened):
    graph = sample_graph()
    page, _ = opened(graph)
    found = {}
    for colour, most in (("type", 9), ("community", 11), ("rank", 6)):
        page.select_option("#colour", colour)
        found[colour] = fills(page)
        assert 3 < len(found[colour]) <= most + 1
    assert len(set(map(frozenset, found.values()))) == 3
    page.select_option("#colour", "community")
    drawn = [path.get("fill") for path in drawing(page).iter(f"{SVG}path")]
    first = communities(graph)[0].members
    shades = {
        drawn[at] for at, iri in enumerate(sorted(graph, key=lambda n: (-neighbours(graph, n), n))) if iri in first
    }
    assert len(shades) == 1
    light = fills(page)
    page.click("#theme")
    assert fills(page).isdisjoint(light)


@pytest.mark.parametrize("dark", [False, True])
def test_steps_of_centrality_differ_in_lightness_too(opened, dark):
    page, _ = opened(sample_graph(), dark=dark, fragment="#colour=rank")
    shades = page.eval_on_selector_all(
        "#groups .swatch", "(all) => all.map((at) => getComputedStyle(at).backgroundColor.match(/\\d+/g).map(Number))"
    )
    lightness = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in shades]
    assert len(lightness) >= 5
    assert lightness == sorted(lightness, reverse=dark)
    assert all(abs(a - b) > 8 for a, b in itertools.pairwise(lightness))


def neighbours(graph, iri):
    return len({*graph.successors(iri), *graph.predecessors(iri)} - {iri})


def test_a_picture_is_the_canvas_with_its_paper(opened):
    page, _ = opened(sample_graph(), dark=True)
    content = saved(page, "save-png")
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    box = page.locator("#network").bounding_box()
    assert (width, height) == (round(box["width"]), round(box["height"]))
    found = page.evaluate(
        """async (bytes) => { const image = await createImageBitmap(new Blob([new Uint8Array(bytes)])), canvas = new OffscreenCanvas(image.width, image.height);
        const ctx = canvas.getContext('2d'); ctx.drawImage(image, 0, 0); const all = new Uint32Array(ctx.getImageData(0, 0, image.width, image.height).data.buffer);
        return [ctx.getImageData(1, 1, 1, 1).data.join(), new Set(all).size]; }""",
        list(content),
    )
    paper = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()")
    assert found[0] == ",".join(str(int(paper[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
    assert found[1] > 50


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080), (390, 844)])
def test_labels_do_not_cover_each_other(opened, locale, width, height):
    page, _ = opened(sample_graph(), locale=locale, width=width, height=height, script=LABELS)
    page.click("#zoom-in")
    page.wait_for_timeout(300)
    labels = page.evaluate("labels")
    assert len(labels) > 12
    for (text, x, y, w, size), (text2, x2, y2, w2, size2) in itertools.combinations(labels, 2):
        assert x + w <= x2 or x2 + w2 <= x or abs(y - y2) >= (size + size2) / 2, (text, text2)


def test_labels_leave_room_to_the_buttons_over_the_graph(opened):
    graph = nx.MultiDiGraph()
    add_entity(graph, "urn:a", "Company", "Alpha One", None, [])
    page, _ = opened(graph, script=LABELS)
    stage, zoom = (page.locator(at).bounding_box() for at in ("#network", ".zoom"))
    left, top = zoom["x"] - stage["x"], zoom["y"] - stage["y"]
    page.focus("#network")
    for key in ["ArrowLeft"] * 4 + ["ArrowUp"] * 3:  # from the middle to just above the buttons
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    ((_, x, y, w, _),) = page.evaluate("labels")
    assert x + w > left
    assert top - 60 < y < top - 8


def test_a_label_in_chinese_is_drawn_in_a_chinese_font(opened):
    page, _ = opened(sample_graph(), locale="zh-CN", script=LABELS)
    assert "英伟达" in {label[0] for label in page.evaluate("labels")}
    fonts = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert any(name in fonts for name in ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"))


def test_labels_of_a_saved_drawing_do_not_cover_each_other(opened, tmp_path):
    graph = sample_graph()
    for at, node in enumerate(graph.nodes.values()):
        node["label_en"] = f"An entity of a rather long name {at}"[-28:]
    page, _ = opened(graph)
    (tmp_path / "graph.svg").write_bytes(saved(page, "save-svg"))
    page.goto((tmp_path / "graph.svg").as_uri())
    boxes = page.evaluate(
        "[...document.querySelectorAll('text')].map((at) => { const { x, y, width, height } = at.getBBox(); return [x, y, width, height]; })"
    )
    assert len(boxes) > 30
    for (x, y, w, h), (x2, y2, w2, h2) in itertools.combinations(boxes, 2):
        assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 + 2 or y2 + h2 <= y + 2


# States


def test_a_link_brings_back_the_whole_state(opened):
    page, _ = opened(sample_graph())
    page.uncheck("#types [data-term=Place]", force=True)
    page.uncheck("#predicates [data-term=restricts]", force=True)
    page.select_option("#colour", "community")
    page.uncheck("#groups [data-term='3']", force=True)
    drag(page, "confidence", 55)
    drag(page, "from", 1)
    drag(page, "as-of", 3)
    page.uncheck("#undated")
    page.uncheck("#alone")
    search(page, "NVIDIA")
    before, address = state(page), page.evaluate("location.hash")
    other, _ = opened(sample_graph(), fragment=address)
    assert state(other) == before
    for part in ("node=", "without=Place", "not=restricts", "colour=community", "groups=", "confidence=55", "from=", "as-of=", "undated=no", "alone=no"):  # fmt: skip
        assert part in address
    assert state(opened(sample_graph())[0]) != before


@pytest.mark.parametrize(
    "fragment",
    ["#node=urn:nobody", "#claim=x", "#path=a", "#path=a+b", "#confidence=ninety", "#confidence=-5&to=never", "#groups=99&colour=mauve", "#fold=77+x", "#%", "#=&=", "#without=Nothing"],
)  # fmt: skip
def test_a_link_to_what_is_not_there_shows_everything(opened, fragment):
    page, _ = opened(sample_graph(), fragment=fragment)
    assert (count(page, "entities"), count(page)) == (len(sample_graph()), sample_graph().number_of_edges())
    assert page.is_visible("#detail .figures")


# Keyboard, screen reader, dark mode


def test_the_canvas_moves_and_zooms_by_keys(opened):
    page, _ = opened(sample_graph())
    page.focus("#network")
    page.wait_for_timeout(200)
    seen = [drawn_pixels(page)]
    for key in ("ArrowLeft", "ArrowUp", "+", "-", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(150)
        seen.append(drawn_pixels(page))
    assert len(set(seen[:4])) == 4
    page.keyboard.press("0")
    page.wait_for_timeout(150)
    assert drawn_pixels(page) == seen[0]


def test_filters_and_menus_work_by_keys_alone(opened):
    page, _ = opened(sample_graph())
    whole = count(page)
    page.focus("#types [data-term=Chip]")
    page.keyboard.press("Space")
    assert count(page) < whole
    page.focus("#save")
    page.keyboard.press("Enter")
    assert page.get_attribute("#save", "aria-expanded") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "save-png"
    page.keyboard.press("Escape")
    assert page.is_hidden("#save-menu")
    assert page.evaluate("document.activeElement.id") == "save"
    page.focus("#detail [data-node]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#detail h2[tabindex]')")  # where a screen reader reads on


@pytest.mark.parametrize(("locale", "lang", "names"), [("en-US", "en", ["Search", "Filters", "Details", "Confidence at least", "Facts as of"]), ("zh-CN", "zh-Hans", ["搜索", "筛选", "详情", "置信度不低于", "事实截至"])])  # fmt: skip
def test_a_screen_reader_hears_what_is_there(opened, locale, lang, names):
    page, _ = opened(sample_graph(), locale=locale)
    heard = page.locator("body").aria_snapshot()
    assert page.get_attribute("html", "lang") == lang
    for name in names:
        assert name in heard
    for role in ("combobox", "complementary", "slider", "checkbox", "heading", "button", "status", "application"):
        assert f"- {role}" in heard, role
    assert page.get_attribute("#status", "aria-live") == "polite"
    before = page.inner_text("#status")
    page.click("#types-none")
    assert page.inner_text("#status") != before
    hidden = page.evaluate("[...document.querySelectorAll('svg')].filter((at) => !at.closest('[aria-hidden]')).length")
    assert hidden == 0  # pictures that say nothing are not read out


CONTRAST = """() => {
  const channels = (colour) => { const c = document.createElement('canvas').getContext('2d', { willReadFrequently: true }); c.fillStyle = colour; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
  const light = (rgb) => { const [r, g, b] = rgb.slice(0, 3).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (at) => { for (; at; at = at.parentElement) { const found = channels(getComputedStyle(at).backgroundColor); if (found[3] > 200) return found; } return [255, 255, 255, 255]; };
  const poor = [];
  for (const at of document.querySelectorAll('body *')) {
    const own = [...at.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !at.checkVisibility({ opacityProperty: true }) || at.closest(':disabled, svg, script, noscript')) continue;
    const [a, b] = [light(channels(getComputedStyle(at).color)), light(behind(at))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(at.tagName + ' ' + at.className + ' ' + at.textContent.slice(0, 30) + ' ' + ((a + 0.05) / (b + 0.05)).toFixed(2));
  }
  return poor;
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_stands_out_from_its_paper(opened, dark):
    page, _ = opened(sample_graph(), dark=dark, fragment=f"#node={NVIDIA}&colour=community")
    assert page.evaluate(CONTRAST) == []
    page.click("#detail [data-edge]")
    assert page.evaluate(CONTRAST) == []
    page.keyboard.press("/")
    page.keyboard.type("h")
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_follows_the_system_until_told_otherwise(opened, dark):
    page, _ = opened(sample_graph(), dark=dark)
    assert page.get_attribute("html", "data-theme") == ("dark" if dark else "light")
    first = page.evaluate("document.querySelector('#network canvas').getContext('2d').getImageData(0, 0, 900, 700).data.reduce((a, b) => a + b, 0)")  # fmt: skip
    page.emulate_media(color_scheme="light" if dark else "dark")
    page.wait_for_timeout(150)
    assert page.get_attribute("html", "data-theme") == ("light" if dark else "dark")
    assert first != page.evaluate("document.querySelector('#network canvas').getContext('2d').getImageData(0, 0, 900, 700).data.reduce((a, b) => a + b, 0)")  # fmt: skip


# Language


def test_a_chinese_page_has_no_english_words_but_names(opened):
    page, _ = opened(sample_graph(), locale="zh-CN")
    page.select_option("#colour", "rank")
    for part in (".bar", "#filters", "#status", ".zoom", "#detail .figures", "#detail .keys"):
        words = set(re.findall(r"[A-Za-z]{2,}", page.inner_text(part)))
        assert words <= {"AI", "EN", "PageRank", "Esc", "Ctrl"}, part
    assert page.inner_text("h1") == page.title() == "知识图谱"
    hints = page.eval_on_selector_all("[aria-label]", "(all) => all.map((at) => at.ariaLabel)")
    assert [hint for hint in hints if not re.search(r"[\u4e00-\u9fff]", hint)] == ["EN: English interface"]


@pytest.mark.parametrize(
    ("locale", "titled"), [("en-GB", "Knowledge graph"), ("fr-FR", "Knowledge graph"), ("zh-TW", "知识图谱")]
)
def test_the_interface_follows_the_browser(opened, locale, titled):
    page, _ = opened(sample_graph(), locale=locale)
    assert (page.title(), page.inner_text("h1")) == (titled, titled)


def test_a_title_of_ones_own_is_kept_in_both_languages(opened):
    page, _ = opened(sample_graph(), title="芯片 & chips <b>")
    for _ in range(2):
        assert (page.title(), page.inner_text("h1")) == ("芯片 & chips <b>",) * 2
        page.click("#language")


# Size


def test_the_picture_lies_or_stands_as_the_screen_does(opened):
    wide, _ = opened(large_graph(300, 500), width=1920, height=1080)
    tall, _ = opened(large_graph(300, 500), width=390, height=844)
    for page, standing in ((wide, False), (tall, True)):
        _, _, w, h = (float(n) for n in drawing(page).get("viewBox").split())
        assert (h > w) is standing
    square, _ = opened(large_graph(300, 500), width=1440, height=900)  # between the panels about as high as wide
    _, _, w, h = (float(n) for n in drawing(square).get("viewBox").split())
    assert 0.85 < w / h < 1.15


def test_far_edges_of_a_large_graph_are_a_veil_that_filters_lift(opened):
    page, _ = opened(large_graph(3000, 6000))
    page.wait_for_timeout(300)
    seen = {drawn_pixels(page)}
    page.click("#predicates-none")
    page.uncheck("#alone")
    page.wait_for_timeout(300)
    seen.add(drawn_pixels(page))
    assert page.is_visible("#empty")
    page.click("#reset")
    page.wait_for_timeout(400)
    seen.add(drawn_pixels(page))
    assert len(seen) == 2
