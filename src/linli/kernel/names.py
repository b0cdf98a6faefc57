"""Names and texts that people write in Chinese, in English or in both: `{"zh": ..., "en": ...}`."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = frozenset({"zh", "en"})
Names = dict[str, str]


def in_languages(texts: Mapping[str, str], *, most: int) -> Names | None:
    """This will tidy a text kept by language, and give None where a language or the length is not one of ours."""
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    return said if set(said) <= LANGUAGES and all(len(text) <= most for text in said.values()) else None


def called(name: Mapping[str, str], language: str = "zh") -> str:
    """This will give a name in a language, or else in the one that there is; nothing where there is none."""
    return name.get(language) or next(iter(name.values()), "")
