"""Takes pictures of pages of a running house, on a phone and at a desk, in both languages, in light and dark.

python tests/faces/shell/screenshots.py http://127.0.0.1:8000 / /gallery/
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from harness.browser import ARGUMENTS, NO_CHROMIUM, find_chromium

OUT = Path(__file__).resolve().parents[1] / "screenshots" / "out"
SIZES = {"phone": (390, 844), "desk": (1280, 800)}


def main(house: str, paths: list[str]) -> int:
    """This will take the pictures and tell of pages that are wider than the window."""
    program = find_chromium()
    if program is None:
        sys.stderr.write(NO_CHROMIUM + "\n")
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        for size, (width, height) in SIZES.items():
            for locale in ("zh-CN", "en"):
                for theme in ("light", "dark"):
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, locale=locale, color_scheme=theme
                    )
                    tab = context.new_page()
                    for path in paths:
                        tab.goto(house + path)
                        name = f"{path.strip('/').replace('/', '-') or 'home'}-{size}-{locale}-{theme}.png"
                        tab.screenshot(path=OUT / name, full_page=True)
                        if tab.evaluate("document.documentElement.scrollWidth") > width:
                            sys.stdout.write(f"{name}: wider than the window\n")
                    context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2:] or ["/"]))
