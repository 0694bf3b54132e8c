"""Questions in plain words, Chinese and English: their words are linked to the graph, a form turns them into SPARQL, sentences prove the answer."""
