"""kg reads Chinese and English documents about the AI industry into an RDF knowledge graph with evidence for every claim."""

__version__ = "0.1.0"
