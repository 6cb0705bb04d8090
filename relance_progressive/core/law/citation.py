"""How an article of law is written: the rules name it in one way, each language writes it in its own."""

import re

NUMBER = re.compile(r"\b([ADLR])(?:\.[ \N{NO-BREAK SPACE}]?)?(?=\d{2,})")


def cite(article: str | None, lang: str | None) -> str:
    """Return articles as they are written in a language (a code).

    >>> cite("C. com. L441-10 II, D441-5", "en_US")
    'C. com. L441-10 II, D441-5'
    >>> cite("C. com. L441-10 II, D441-5", "fr_FR").replace("\\N{NO-BREAK SPACE}", "~")
    'C. com. L.~441-10 II, D.~441-5'
    """
    if not article or not (lang or "").startswith("fr"):
        return article or ""
    return NUMBER.sub("\\1.\N{NO-BREAK SPACE}", article)
