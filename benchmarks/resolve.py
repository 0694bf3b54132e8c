"""How well and how fast entities are resolved: a generated corpus of firms in two languages and five spellings, and sheer numbers.

python benchmarks/resolve.py [documents] [firms]      # B-cubed of 1,000 documents about 300 firms: their names alone
python benchmarks/resolve.py --read [documents] [firms]   # the same, the documents written out, read and built into a store
python benchmarks/resolve.py --entities 100000        # time and memory of comparing
"""

from __future__ import annotations

import random
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from kg import flow
from kg.config import Config
from kg.ids import content_id
from kg.resolve.cluster import judgements, links
from kg.resolve.profile import Profile
from kg.store.graph import View, Writer
from pypinyin import lazy_pinyin

FIRST = "云星青海千沐澜曙泓启瀚辰凌景博睿恒嘉卓朗弘旭昊霖泽毓钧颢珩瑾"
SECOND = "帆桥禾岳野石山达明宇川峰岚源图诺微芯量域衡维拓算擎"
TRADES = (("科技", "Technology"), ("半导体", "Semiconductor"), ("软件", "Software"), ("机器人", "Robotics"))
PLACES = (("北京", "Beijing"), ("上海", "Shanghai"), ("深圳市", "Shenzhen"), ("杭州", "Hangzhou"))


def firms(count: int) -> list[tuple[str, ...]]:
    """Spellings of each firm; brands whose pinyin would be one are left out, as nothing in a name could tell them apart."""
    chance, found, spoken = random.Random(7), [], set()
    while len(found) < count:
        brand = (
            chance.choice(FIRST)
            + chance.choice(SECOND)
            + "".join(chance.choice(SECOND) for _ in range((count > 600) + (count > 3000)))
        )
        pinyin = "".join(lazy_pinyin(brand))
        if pinyin in spoken or len(pinyin) < 5:
            continue
        spoken.add(pinyin)
        (zh, en), (place, city) = chance.choice(TRADES), chance.choice(PLACES)
        latin = pinyin.capitalize()
        found.append(
            (
                f"{place}{brand}{zh}有限公司",
                f"{brand}{zh}",
                f"{latin} {en}",
                f"{city} {latin} {en} Co., Ltd.",
                f"{brand}{zh}股份有限公司",
            )
        )
    return found


def profiles(documents: int, count: int) -> tuple[list[Profile], dict[str, int]]:
    chance, made, truth = random.Random(11), {}, {}
    spellings = firms(count)
    for _ in range(documents):
        for firm in chance.sample(range(count), 3):
            name = chance.choice(spellings[firm])
            iri = content_id(name)
            truth[iri] = firm
            made[iri] = Profile(iri=iri, type="Company", names=(name,))
    return sorted(made.values(), key=lambda p: p.iri), truth


SAID = {
    "zh": (
        "{a}今日宣布，与{b}签署合作协议，共同建设智能计算平台。",
        "{a}完成新一轮融资，由{b}领投，{c}跟投。",
        "{b}是{a}的主要客户，{a}去年向其交付了三批设备。",
        "据介绍，{c}的总部设在南方，员工约四百人，其产品由{a}代理。",
    ),
    "en": (
        "{a} said on Tuesday that it had signed a partnership agreement with {b} to build a computing platform.",
        "{a} closed a new round of funding led by {b}, with {c} taking part.",
        "{b} is the largest customer of {a}, which delivered three batches of equipment last year.",
        "{c} employs about four hundred people; its products are sold by {a}.",
    ),
}


def written(folder: Path, documents: int, count: int) -> dict[tuple[str, int], int]:
    """Documents of two or three sentences about three firms each; (document, offset of a name) -> its firm."""
    chance, truth = random.Random(13), {}
    spellings = firms(count)
    for number in range(documents):
        lang = chance.choice(("zh", "en"))
        chosen = dict(zip("abc", chance.sample(range(count), 3), strict=True))
        text, name = "", f"{number:05}.txt"
        for sentence in chance.sample(SAID[lang], chance.choice((2, 3))):
            for piece in re.split(r"({[abc]})", sentence):
                if piece[:1] == "{":
                    firm = chosen[piece[1]]
                    truth[(name, len(text))] = firm
                    piece = spellings[firm][chance.choice((0, 1, 4) if lang == "zh" else (2, 3))]
                text += piece
            text += "\n" if lang == "zh" else " "
        (folder / name).write_text(text, "utf-8")
    return truth


def build(documents: int, count: int) -> None:
    """Write documents, build a store of them and say how well the names in them came together. A name not found counts as alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        folder.mkdir()
        truth = written(folder, documents, count)
        began = time.monotonic()
        flow.build([folder], Config(store=Path(name) / "graph.kg"))
        seconds = time.monotonic() - began
        rows = View(Path(name) / "graph.kg").records(
            "SELECT ?d ?at ?e WHERE { ?m kg:refersTo ?e ; oa:hasSource ?s ; oa:start ?at . ?s dcterms:identifier ?d }"
        )
        found = {(Path(r["d"]).name, int(r["at"])): r["e"] for r in rows}
        began = time.monotonic()
        with Writer(Path(name) / "graph.kg") as writer:
            writer.refresh()
        again = time.monotonic() - began
    linked = {repr(place): found.get(place, repr(place)) for place in truth}
    missed = sum(place not in found for place in truth)
    quality = b_cubed({repr(place): firm for place, firm in truth.items()}, linked)
    print(
        f"{documents} documents, {len(truth)} names of {count} firms ({missed} not found), B-cubed F1 {quality:.3f}, "
        f"built in {seconds:.1f} s, of it resolution {again:.1f} s"
    )


def b_cubed(truth: dict[str, int], linked: dict[str, str]) -> float:
    gold, found = defaultdict(set), defaultdict(set)
    for iri, firm in truth.items():
        gold[firm].add(iri)
        found[linked.get(iri, iri)].add(iri)
    precision = recall = 0.0
    for iri, firm in truth.items():
        both = len(gold[firm] & found[linked.get(iri, iri)])
        precision += both / len(found[linked.get(iri, iri)])
        recall += both / len(gold[firm])
    precision, recall = precision / len(truth), recall / len(truth)
    return 2 * precision * recall / (precision + recall)


SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗",
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英文博一鸣思远子轩",
)


def crowd(size: int) -> list[Profile]:
    """Three fifths of `size` are firms in five spellings, one fifth people at them in two languages, one fifth models of them."""
    chance = random.Random(17)
    spellings = firms(size * 3 // 25)
    found = [Profile(iri=content_id(n), type="Company", names=(n,)) for some in spellings for n in some]
    for number in range(size // 5):
        brand = spellings[number % len(spellings)][2].split()[0].lower()
        surname, given = chance.choice(SURNAMES), "".join(chance.sample(GIVEN, 2))
        latin = f"{''.join(lazy_pinyin(given)).capitalize()} {lazy_pinyin(surname)[0].capitalize()}"
        found.append(
            Profile(
                iri=content_id("person", number),
                type="Person",
                names=(chance.choice((surname + given, latin)),),
                neighbours=frozenset((f"holdsPositionAt> {brand}",)),
            )
        )
        model = (
            f"{brand.capitalize()}-{chance.choice((1.5, 7, 13, 34, 70, 72))}B{chance.choice(('', '-Chat', '-Base'))}"
        )
        found.append(
            Profile(
                iri=content_id("model", number),
                type="AIModel",
                names=(model,),
                neighbours=frozenset((f"<develops {brand}",)),
            )
        )
    return list({p.iri: p for p in found}.values())


def compare(some: list[Profile], truth: dict[str, int] | None = None) -> None:
    """Compare and link profiles; say how long it took and, where the truth is known, how well."""
    began = time.monotonic()
    found = judgements(some)
    linked = dict(links(some, found))
    seconds = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    quality = f", B-cubed F1 {b_cubed(truth, linked):.3f}" if truth else ""
    print(f"{len(some)} entities, {len(found)} pairs compared{quality}, {seconds:.1f} s, {memory:.0f} MB")


def main() -> None:
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    if "--entities" in sys.argv:
        compare(crowd(*numbers))
    elif "--read" in sys.argv:
        build(*(numbers or (1000, 300)))
    else:
        compare(*profiles(*(numbers or (1000, 300))))


if __name__ == "__main__":
    main()
