"""The field names of the record of investor relations that Chinese exchanges prescribe: narrow columns break them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIELDS = frozenset(
    {
        "投资者关系活动类别",
        "参与单位名称",
        "参与单位名称及人员姓名",
        "参与单位及人员",
        "活动参与人员",
        "会议时间",
        "会议地点",
        "时间和地点",
        "上市公司接待人员",
        "上市公司接待人员姓名",
        "上市公司参加人员姓名",
        "公司接待人员姓名",
        "投资者关系活动主要内容",
        "投资者关系活动主要内容介绍",
        "关于本次活动是否涉及应当披露重大信息的说明",
        "活动过程中所使用的演示文稿、提供的文档等附件（如有）",
        "附件清单",
        "附件清单（如有）",
    }
)
_MOST_PIECES = 4


def pieces_before(above: Sequence[str], first: str) -> int:
    """How many of the last lines `above` a row belong to the field name that ends in its `first` cell.

    >>> pieces_before(["√电话会议", "参与单位名称"], "及人员姓名")
    1
    """
    name = _bare(first)
    for count, piece in enumerate(reversed(above[-_MOST_PIECES:]), 1):
        name = _bare(piece) + name
        if name in _FIELDS:
            return count
    return 0


def _bare(words: str) -> str:
    return "".join(words.split()).replace("(", "（").replace(")", "）")
