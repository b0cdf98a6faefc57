"""The languages of a walk: what stands on the pages, by the English words that stand in the code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.faces.shell.messages import WORD, chinese


@dataclass(frozen=True)
class Tongue:
    """What a browser asks for, and how the house then says things; what it cannot say in Chinese is a KeyError."""

    locale: str

    @property
    def is_english(self) -> bool:
        return self.locale.startswith("en")

    def __call__(self, english: str, **values: object) -> str:
        """This will say a message with its values in place."""
        said = english if self.is_english else chinese()[None, english]
        return said.format(**values) if values else said

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        """This will say a message about so many things."""
        return self(many if self.is_english and n != 1 else one, n=n, **values)

    def like(self, one: str, many: str = "") -> re.Pattern[str]:
        """This will make a pattern of a message whose places may hold anything."""
        said = self(many or one) if self.is_english else self(one)
        return re.compile("(.+)".join(re.escape(part) for part in re.split(r"\{\w+\}", said)))

    def word(self, plain: str) -> str:
        """This will say a word of the rules."""
        return plain if self.is_english else chinese()[WORD, plain]

    def named(self, *, zh: str, en: str) -> str:
        """This will give the one of two names that the house shows."""
        return en if self.is_english else zh


ENGLISH, CHINESE = Tongue("en-GB"), Tongue("zh-CN")
