"""What the names of one thing have in common: the core of a firm's name, legal forms, initials, short forms."""

from __future__ import annotations

import re

from kg.text import fold, has_han

_LEGAL_ZH = re.compile(
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|控股有限公司|（有限合伙）|\(有限合伙\)|公司)$"
)
_LEGAL_EN = re.compile(
    r"[,\s]+(?:Co\.?,? Ltd|Incorporated|Inc|Corporation|Corp|Company|Co|Limited|Ltd|LLC|LLP|L\.P|LP|PLC|plc|GmbH|AG|S\.A|SA|S\.p\.A|N\.V|NV|B\.V|BV|SE|AB|A/S|ASA|Oyj|Oy|"
    r"Co\.?, Ltd|K\.K|KK|e\. ?V|Pte|Pty|Bhd|Holdings|Holding|Group)\.?(?=$|[,\s])"
)
_PLACE_ZH = re.compile(
    r"^(?:中国|北京|上海|天津|重庆|广东|浙江|江苏|山东|福建|四川|湖北|湖南|安徽|河南|河北|江西|陕西|辽宁|吉林|黑龙江|深圳|广州|杭州|南京|苏州|无锡|成都|武汉|西安|合肥|"
    r"厦门|珠海|青岛|宁波|长沙|郑州|济南|东莞|佛山|大连|福州|常州|昆山|嘉兴|天津|海南|贵州|云南|广西|内蒙古|新疆|香港|台湾)(?:省|市)?(?=.{2,}$)"
)
_TRADE_ZH = re.compile(
    r"(?:集成电路设计|集成电路|人工智能科技|人工智能|信息科技|信息技术|网络科技|智能科技|电子科技|科技|技术|网络|软件|信息|电子|半导体|微电子|智能|股份|控股|集团|实业|投资|资产管理|基金管理|基金|证券)$"
)
_BRACKETED = re.compile(r"[（(][\u4e00-\u9fff]{2,6}[）)]")

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶"
    "黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
    "管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
    "寿谌蒯郯濮嵇裘糜隗宓蓬仰伊戎束韶郜蓟籍蔺屠胥莘逄扶堵雍璩扈燕冀郏浦慕茹宦慎庾终暨弘匡寇禄阙殳沃蔚夔隆厍晁融訾阚毋乜鞠须荆逯盖竺亓仉佴壽諶賁閻闕"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭蔣葉蘇呂盧鍾譚陸範賈韋鄒閻龍賀顧龔萬錢嚴湯溫顏倪莊聶魯歐關蘭寧紀畢單寶藍遊"
)
"""Chinese family names of one character, simplified and traditional."""
FULL_STOP = r"(?<!Inc)(?<!Corp)(?<!Ltd)(?<!Co)(?<!\.[A-Z])\."
"""The full stop that ends a sentence and not a legal form or an initial, as a pattern."""
TITLES = "总|董|博士|教授|先生|女士|院士|老师|總|醫師|經理|工(?![作业程厂人具])"
"""What stands behind a family name alone, as alternatives of a pattern."""


def without_legal_form(name: str) -> str:
    """`name` less its legal form: `Preferred Networks, Inc.` -> `Preferred Networks`, 某某科技股份有限公司 -> 某某科技."""
    if has_han(name):
        short = _LEGAL_ZH.sub("", _BRACKETED.sub("", name))
        return short if len(short) >= 2 else name
    short = name
    while (found := _LEGAL_EN.search(short)) and found.end() == len(short) and found.start():
        short = short[: found.start()]
    return short.strip(" ,") or name


def core(name: str) -> str:
    """The part of a firm's name that tells it from others, folded: 北京某某科技有限公司 and 某某 share it."""
    short = without_legal_form(name)
    if has_han(short):
        bare = _PLACE_ZH.sub("", short)
        trade = _TRADE_ZH.sub("", bare)
        if len(trade) >= 3 or (len(trade) >= 2 and short != name):
            bare = trade
        short = bare
    return fold(short)


def short_forms(name: str, kind: str) -> tuple[str, ...]:
    """Shorter forms under which a text may go on to speak of `name`, without a claim that it does."""
    forms: list[str] = []
    if kind in ("Company", "Organization"):
        short = without_legal_form(name)
        forms.append(short)
        if has_han(short):
            bare = _PLACE_ZH.sub("", short)
            forms += [bare, _TRADE_ZH.sub("", bare)]
        else:
            words = short.split()
            if len(words) > 1:
                trimmed = re.sub(
                    r"\s+(?:Technologies|Technology|Systems|Labs|Networks|Semiconductor|Semiconductors|Research|Robotics|Software|Electronics|AI|Ventures|Capital)$",
                    "",
                    short,
                )
                forms.append(trimmed)
    elif kind == "Person" and not has_han(name):
        words = name.split()
        if len(words) > 1 and len(words[-1]) > 1:
            forms.append(words[-1])
    elif kind == "AIModel" and has_han(name):
        forms.append(re.sub(r"(?:大语言模型|大模型|模型)$", "", name))
    return tuple(dict.fromkeys(f for f in forms if f != name and len(f) >= 2))


def initials(name: str) -> str:
    """`Taiwan Semiconductor Manufacturing Company` -> `TSMC`."""
    return "".join(w[0] for w in re.findall(r"[A-Za-z][\w’']*", name) if w[0].isupper())
