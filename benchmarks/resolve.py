"""How well and how fast entities are resolved: a generated corpus of firms in two languages and five spellings, and sheer numbers.

python benchmarks/resolve.py [documents] [firms]      # B-cubed of 1,000 documents about 300 firms
python benchmarks/resolve.py --entities 100000        # time and memory of comparing
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import defaultdict

from kg.ids import content_id
from kg.resolve.cluster import judgements, links
from kg.resolve.profile import Profile
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


def main() -> None:
    if "--entities" in sys.argv:
        size = int(sys.argv[sys.argv.index("--entities") + 1])
        spellings = [n for some in firms(size // 5) for n in some]
        some = [Profile(iri=content_id(n), type="Company", names=(n,)) for n in dict.fromkeys(spellings)]
        truth = {p.iri: 0 for p in some}
    else:
        numbers = [int(a) for a in sys.argv[1:]]
        some, truth = profiles(*(numbers or (1000, 300)))
    began = time.monotonic()
    found = judgements(some)
    linked = dict(links(some, found))
    seconds = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    quality = "" if "--entities" in sys.argv else f", B-cubed F1 {b_cubed(truth, linked):.3f}"
    print(f"{len(some)} names, {len(found)} pairs compared{quality}, {seconds:.1f} s, {memory:.0f} MB")


if __name__ == "__main__":
    main()
