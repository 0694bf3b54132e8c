"""The registry that is shipped: it agrees with itself and holds as much as is promised."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import opencc
import pytest
from kg.registry.load import COLUMNS, TYPE_OF_FILE, Registry, load, read
from kg.text import fold, has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.registry.load import Entry

FILES = sorted(Path(str(files("kg.registry"))).glob("*.tsv"))

CODE = {
    "SSE": r"(?:60|68|90)\d{4}",
    "SZSE": r"(?:00|30|20)\d{4}",
    "BSE": r"(?:8|4|92)\d{3,5}",
    "HKEX": r"\d{4,5}",
    "TWSE": r"\d{4,6}",
    "TPEX": r"\d{4,6}",
    "KRX": r"\d{6}",
    "TSE": r"\d{3}[0-9A-Z]",
    "NASDAQ": r"[A-Z]{1,5}",
    "NYSE": r"[A-Z]{1,4}(?:\.[A-Z])?",
    "LSE": r"[A-Z0-9]{2,4}",
    "EURONEXT": r"[A-Z0-9]{2,5}",
    "XETRA": r"[A-Z0-9]{3,4}",
    "SGX": r"[A-Z0-9]{3,4}",
    "NSE": r"[A-Z&-]{2,12}",
    "ASX": r"[A-Z0-9]{3}",
    "TADAWUL": r"\d{4}",
}
"""Exchange -> shape of its codes."""

WRAPPED = re.compile(
    r"系列(?:模型|大模型)?$|^(?:Dr|Mr|Ms|Mrs|Prof)\.? |^Sir |(?:先生|女士|博士|教授|院士)$|[\u4e00-\u9fff]芯片系列$"
)
"""Names that hold more than the name."""

EVERYDAY = frozenset(
    """
    ace apple arc atlas atom aura bow canvas cell chat cobalt cohere core crystal drop echo edge flow focus fusion gemini
    genesis grace harmony helm inception insight intelligence jordan lambda lightning magic magpie math mobile moment nice
    notion nova palm passage phoenix pile reading runway scale signal sage snap speck spider spark square stream surge
    sunrise target thor together transformer turkey turing vision wave willow zoom block bond figure glean harvey unity
    meta arm mask renegade maverick chimera scorpio aries taurus pulsar replica alexandria charades switchboard once
    frames drop race apps bird spider wise blink bright scrolls helmet include feynman rubin kepler maxwell pascal volta
    小米 苹果 华山 武当 征程 太行 求索 雨燕 香山 长城 中山 大同 日照 光明 未来 智慧 文心 悟道 天工 理想 黎明 希望 火山 蓝海
    东方 腾飞 先锋 远景 大华 海光 壁仞 平安 光谷 西岸 南山 春晓 平湖 司南 天秤 韩美 脸谱 百事 高考 安全 粉笔 光年之外 虎贲 昆明湖 南湖
    """.split()  # noqa: SIM905  # as literals the list would be a page long
)
"""Words of every day: alone they are evidence of nothing, with or without a capital."""

ALLOWED_EVERYDAY = frozenset(
    {"apple", "arm", "cohere", "gemini", "lambda", "meta", "palm", "壁仞", "小米", "文心", "苹果"}
)
"""What stands for the firm or the model in nearly every text of the field."""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load()


@pytest.fixture(scope="module")
def sure_owners(registry: Registry) -> dict[str, set[str]]:
    """Folded name -> ids of the entries that it stands for without further evidence."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in registry:
        for name in entry.names:
            owners[fold(name)].add(entry.id)
    return owners


def names_of(entry: Entry) -> Iterator[str]:
    """Every name of any strength."""
    yield from dict.fromkeys((*entry.names, *entry.weak))


def listed(found: Iterable[str]) -> str:
    return "\n".join(sorted(found))


def test_each_file_has_the_columns_and_every_id_once() -> None:
    for path in FILES:
        header = path.read_text("utf-8").splitlines()[0].split("\t")
        assert set(header) <= set(COLUMNS), path.name
        assert header[0] == "id", path.name
    ids = Counter(entry.id for path in FILES for entry in read(path))
    assert not [i for i, n in ids.items() if n > 1], "one id in two rows: the later one would silently win"


def test_each_file_is_of_a_known_type_and_each_type_has_one() -> None:
    kinds = {path.name.split(".")[0].split("-")[0] for path in FILES}
    assert kinds == set(TYPE_OF_FILE)


def test_ids_are_kebab_case(registry: Registry) -> None:
    bad = [e.id for e in registry if not re.fullmatch(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*", e.id)]
    assert not bad, listed(bad)


def test_no_name_has_two_owners_of_one_type(registry: Registry) -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in registry:
        for name in names_of(entry):
            owners[entry.type, fold(name)].add(entry.id)
    double = [f"{kind} {name}: {', '.join(sorted(who))}" for (kind, name), who in owners.items() if len(who) > 1]
    assert not double, listed(double)


def test_no_name_is_sure_for_two_types(sure_owners: dict[str, set[str]]) -> None:
    """A text that says the name alone could mean either: at most one of the two may be sure of it."""
    double = [f"{name}: {', '.join(sorted(who))}" for name, who in sure_owners.items() if len(who) > 1]
    assert not double, listed(double)


def test_a_chinese_name_is_not_sure_in_one_spelling_and_weak_in_another(registry: Registry) -> None:
    """Quotation marks and middle dots go in folding: “深蓝” would make every 深蓝 sure."""
    bad = [
        f"{e.id}: {name}"
        for e in registry
        for name in e.names
        if has_han(name) and fold(name) in {fold(weak) for weak in e.weak}
    ]
    assert not bad, listed(bad)


def test_every_maker_and_family_exists(registry: Registry) -> None:
    dangling = [
        f"{e.id}: {column} {other}"
        for e in registry
        for column, other in (("maker", e.maker), ("family", e.family))
        if other and registry.get(other) is None
    ]
    assert not dangling, listed(dangling)


def test_nothing_is_its_own_maker_or_ancestor(registry: Registry) -> None:
    for entry in registry:
        seen, at = {entry.id}, registry.get(entry.family)
        assert entry.maker != entry.id, entry.id
        while at:
            assert at.id not in seen, f"{entry.id}: its families form a ring"
            seen.add(at.id)
            at = registry.get(at.family)


def test_makers_are_firms_organizations_or_people(registry: Registry) -> None:
    bad = [
        f"{e.id}: {e.maker}"
        for e in registry
        if e.maker and e.maker.split("/")[0] not in ("company", "organization", "person")
    ]
    assert not bad, listed(bad)


def test_names_hold_no_stray_marks(registry: Registry) -> None:
    for entry in registry:
        for name in names_of(entry):
            assert name == " ".join(name.split()), f"{entry.id}: {name!r} has stray white space"
            assert "\t" not in name, entry.id
            assert fold(name), f"{entry.id}: {name!r} folds to nothing"


def test_the_chinese_label_is_chinese(registry: Registry) -> None:
    """A brand that Chinese texts write in Latin letters has no Chinese label."""
    bad = [f"{e.id}: {e.zh}" for e in registry if e.zh and not has_han(e.zh)]
    bad += [f"{e.id}: {e.hant}" for e in registry if e.hant and not has_han(e.hant)]
    assert not bad, listed(bad)


def test_the_traditional_label_is_traditional(registry: Registry) -> None:
    """`台`, `里`, `群` and `恒` are good in both scripts."""
    to_traditional = opencc.OpenCC("s2t").convert
    bad = [
        f"{e.id}: {e.hant}"
        for e in registry
        if any(to_traditional(char) != char and char not in "台里群恒" for char in e.hant)
    ]
    assert not bad, listed(bad)


def test_the_english_label_is_not_chinese(registry: Registry) -> None:
    bad = [f"{e.id}: {e.en}" for e in registry if has_han(e.en)]
    assert not bad, listed(bad)


def test_sure_names_have_more_than_one_character(registry: Registry) -> None:
    bad = [f"{e.id}: {name}" for e in registry for name in e.names if len(fold(name)) < 2]
    assert not bad, listed(bad)


def test_names_hold_no_series_and_no_honorific(registry: Registry) -> None:
    bad = [f"{e.id}: {name}" for e in registry for name in names_of(e) if WRAPPED.search(name)]
    assert not bad, listed(bad)


def test_everyday_words_are_weak(registry: Registry) -> None:
    bad = [
        f"{e.id}: {name}"
        for e in registry
        for name in e.names
        if name.casefold() in EVERYDAY - ALLOWED_EVERYDAY and not name.isupper()
    ]
    assert not bad, listed(bad)


def test_tickers_are_of_a_known_exchange_have_its_shape_and_one_owner(registry: Registry) -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    bad = []
    for entry in registry:
        for ticker in entry.tickers:
            exchange, _, code = ticker.partition(":")
            owners[ticker].append(entry.id)
            if not re.fullmatch(CODE.get(exchange, r"(?!)"), code):
                bad.append(f"{entry.id}: {ticker}")
    bad += [f"{ticker}: {', '.join(who)}" for ticker, who in owners.items() if len(who) > 1]
    assert not bad, listed(bad)


def test_countries_are_two_letters(registry: Registry) -> None:
    bad = [f"{e.id}: {e.country}" for e in registry if not re.fullmatch(r"[A-Z]{2}|", e.country)]
    assert not bad, listed(bad)


def test_places_have_a_known_sort(registry: Registry) -> None:
    sorts = {e.kind for e in registry if e.type == "Place"}
    assert sorts == {"country", "state", "province", "city", "region", "site"}


def test_every_person_has_a_role(registry: Registry) -> None:
    bad = [e.id for e in registry if e.type == "Person" and not e.kind]
    assert not bad, listed(bad)


@pytest.mark.parametrize(
    ("types", "least"),
    [
        (tuple(TYPE_OF_FILE.values()), 2500),
        (("Company",), 700),
        (("Person",), 500),
        (("AIModel", "Product"), 600),
        (("Chip",), 300),
        (("Benchmark", "Dataset"), 150),
        (("Organization",), 150),
        (("Place",), 300),
    ],
)
def test_it_holds_what_is_promised(registry: Registry, types: tuple[str, ...], least: int) -> None:
    assert sum(entry.type in types for entry in registry) >= least


@pytest.mark.parametrize("name", ["GLP", "DBS", "韩美", "MATH", "Thor", "T4", "Pile", "Meta AI", "雪梨", "Hardware 4"])
def test_names_that_mean_other_things_too_are_weak(
    registry: Registry, sure_owners: dict[str, set[str]], name: str
) -> None:
    assert fold(name) not in sure_owners
    assert any(name in entry.weak for entry in registry)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("英伟达", "company/nvidia"),
        ("輝達", "company/nvidia"),
        ("黄仁勋", "person/jensen-huang"),
        ("昇腾910B", "chip/ascend-910b"),
        ("Ascend910B", "chip/ascend-910b"),
        ("TPU-v4", "chip/tpu-v4"),
        ("WSE-2", "chip/wse-2"),
        ("思元290", "chip/mlu290"),
        ("GSM8K", "benchmark/gsm8k"),
        ("SWE-bench Verified", "benchmark/swe-bench-verified"),
        ("司南评测", "benchmark/opencompass"),
        ("CC12M", "dataset/cc12m"),
        ("Ethos-U55", "chip/ethos-u55"),
        ("勘智K210", "chip/kendryte-k210"),
        ("安谋科技", "company/arm-china"),
        ("WuDaoCorpora", "dataset/wudaocorpora"),
        ("Common Crawl", "dataset/common-crawl"),
        ("杭州市", "place/hangzhou"),
        ("U.S.", "place/united-states"),
        ("矽谷", "place/silicon-valley"),
        ("清华大学", "organization/tsinghua-university"),
        ("ChatGPT", "product/chatgpt"),
        ("DeepSeek-R1", "aimodel/deepseek-r1"),
    ],
)
def test_well_known_names_lead_to_their_entry(sure_owners: dict[str, set[str]], name: str, entry: str) -> None:
    assert sure_owners[fold(name)] == {entry}
