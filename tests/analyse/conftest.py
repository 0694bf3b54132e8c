import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "view"))


@pytest.fixture(scope="session")
def industry():
    """A small graph of the industry in both languages, every claim sure."""
    from view_sample import sample_graph

    graph = sample_graph()
    for _, _, data in graph.edges(data=True):
        data["confidence"] = 0.9
    return graph
