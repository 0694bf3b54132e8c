"""The errors of kg: each message names the value, the place and the remedy, in words for the person who reads it."""


class KgError(Exception):
    """Any failure that the user can act on. The command line prints it in one line and exits with 1."""


class DocumentError(KgError):
    """A document cannot be read. `path` names it, `cause` says why; the run goes on with the next one."""

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause


class DataError(KgError):
    """A file of the project or of the user (ontology, registry, pattern, configuration) contradicts itself."""


class StoreError(KgError):
    """The store cannot be opened, read or written."""


class QueryError(KgError):
    """A SPARQL query is malformed or not allowed."""
