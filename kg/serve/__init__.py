"""The store on the network: SPARQL 1.1 Protocol, pages for people, tools for language models. All of it only reads."""
