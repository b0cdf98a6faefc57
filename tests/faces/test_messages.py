"""Every text that people can meet has a Chinese twin, with the same places open."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PIL import Image

import linli
from linli.estate.billing.rules import InvoiceState, MandateState, MonthState
from linli.estate.permits.rules import PermitState
from linli.faces.shell import message_harvest, messages, voice
from linli.faces.shell.message_harvest import texts_by_area
from linli.faces.shell.messages import FOLDER, chinese, places
from linli.faces.shell.templates import environment
from linli.ground.files.rules import PURPOSES, FileTooLarge, checked
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal

HOW = "run `python -m linli.faces.shell.message_harvest` and fill in the Chinese"
ALL = {text for texts in texts_by_area().values() for text in texts}


@pytest.mark.parametrize("area", sorted(texts_by_area()))
def test_every_text_of_an_area_has_its_chinese(area: str):
    missing = sorted(text for context, text in texts_by_area()[area] if (context, text) not in chinese())
    assert missing == [], HOW


def test_no_chinese_is_kept_for_a_text_that_nobody_says_any_more():
    stale = {(p.name, *key) for p in FOLDER.glob("*.po") for key in messages.read_catalog(p) if key not in ALL}
    assert stale == set(), HOW


def test_nothing_in_the_catalogs_is_fuzzy():
    for path in FOLDER.glob("*.po"):
        with path.open("rb") as file:
            assert [m.id for m in read_po(file, locale="zh_Hans") if m.id and m.fuzzy] == [], path.name


def test_a_translation_opens_the_same_places():
    differing = [text for (_context, text), twin in chinese().items() if not places(twin) <= places(text)]
    assert differing == []


def test_every_refusal_of_the_running_house_is_among_the_texts():
    for found in pkgutil.walk_packages(linli.__path__, "linli."):
        if not found.name.startswith(("linli.config", "linli.works")) and ".migrations" not in found.name:
            importlib.import_module(found.name)
    said = {refusal.says for refusal in _all_refusals(Refusal) if refusal.__module__.startswith("linli.")}
    assert {s for s in said if (None, s) not in ALL and not message_harvest.ONLY_A_PLACE.fullmatch(s)} == set()


def _all_refusals(kind: type[Refusal]) -> set[type[Refusal]]:
    return {kind}.union(*(_all_refusals(sub) for sub in kind.__subclasses__()))


@pytest.fixture
def in_chinese():
    voice.speak(voice.CHINESE, at=voice.current().at)
    yield
    voice.hush()


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize(
    "refusal", [NotFound(), NotFound("permit"), NotFound("work_order"), WrongState(state="done", verb="add_material")]
)
def test_no_english_is_left_in_what_a_refusal_names(refusal):
    assert re.search("[A-Za-z]", messages.words_of(refusal)) is None


@pytest.mark.usefixtures("in_chinese")
def test_a_picture_of_too_many_points_is_told_of_in_chinese():
    large = io.BytesIO()
    Image.new("1", (8_001, 5_001)).save(large, "PNG")
    with pytest.raises(FileTooLarge) as raised:
        checked("a.png", large.getvalue(), PURPOSES["attachment"])
    assert re.search("[A-Za-z]", messages.words_of(raised.value)) is None


@pytest.mark.usefixtures("in_chinese")
def test_no_page_shows_a_refusal_as_it_is_written_in_the_code():
    faces = Path(linli.__file__).parent / "faces"
    assert [each.name for each in faces.rglob("*.jinja") if "refusal|string" in each.read_text(encoding="utf-8")] == []


def test_what_a_page_lists_has_the_readers_mark_between_its_things():
    """甲、乙 in Chinese: a comma stands only between things that are typed."""
    plain = re.compile(r"""(.{0,40})(?:join\(["'], ["']\)|", " if not loop)""")
    shown = [
        (each.name, found.group())
        for each in Path(str(linli.__file__)).parent.rglob("*.jinja")
        for found in plain.finditer(each.read_text(encoding="utf-8"))
        if "value=" not in found.group(1)
    ]
    assert shown == []
    page = environment().from_string("{% for one in things %}{{ one }}{{ comma() if not loop.last }}{% endfor %}")
    for language, said in ((voice.ENGLISH, "a, b"), (voice.CHINESE, "a、b")):
        voice.speak(language, at=voice.current().at)
        assert page.render(things=("a", "b")) == said
    voice.hush()


def test_a_refusal_is_put_into_the_readers_words_with_its_values():
    assert messages.words_of(NotFound()) == f"这里没有找到{messages.look_up('page', messages.WORD)}。"
    assert messages.words_of(Invalid("low", "Please write at least {low}.", low=Money(100))) == "不能小于 ¥1.00。"
    assert messages.words_of(WrongState(state="partly_refunded", verb="cancel")) == "当前状态为“部分退款”，不能“取消”。"


def test_english_is_said_as_it_is_written():
    voice.speak(voice.ENGLISH, at=voice.current().at)
    assert messages.gettext("Please write at least {low}.", low="1") == "Please write at least 1."
    assert messages.ngettext("{n} star", "{n} stars", 2) == "2 stars"
    assert messages.ngettext("{n} star", "{n} stars", 1) == "1 star"
    voice.hush()


def test_a_value_cannot_bring_markup_into_a_template_text():
    said = messages.template_gettext("promised {time}", time="<b>")
    assert str(said).endswith("&lt;b&gt;")


def test_a_word_that_stands_in_a_template_is_said_to_each_reader_in_their_language():
    """Jinja would work it out once, in the language of whoever asked first."""
    page = environment().from_string('{{ "tenant"|word }} {% set x = "tenant"|word %}{{ x }}')
    for language, said in (
        (voice.ENGLISH, "tenant tenant"),
        (voice.CHINESE, "租户 租户"),
        (voice.ENGLISH, "tenant tenant"),
    ):
        voice.speak(language, at=voice.current().at)
        assert page.render() == said
    voice.hush()


def test_the_harvest_finds_each_kind_of_text():
    tree = message_harvest.ast.parse(
        'class State(StrEnum):\n    ON_WAY = "on_way"\n'
        'class Late(Refusal):\n    says = "Too late."\n'
        'f(_("Hello {name}"), ngettext("one", "many", 2)); Invalid("a", "Wrong."); setting(1, says="A limit.")'
        '; NotFound("work_order"); WrongState(state=row.state, verb="add_up")'
    )
    found = set(message_harvest._texts_of_python(tree, with_words=True))
    words = {("word", word) for word in ("on way", "work order", "add up")}
    expected = words | {(None, t) for t in ("Too late.", "Hello {name}", "one", "Wrong.", "A limit.")}
    assert found == expected


def test_updating_keeps_translations_and_forgets_lost_texts(tmp_path: Path):
    (tmp_path / "shell.po").write_text('msgid "Basket"\nmsgstr "篮子"\n\nmsgid "Gone"\nmsgstr "没了"\n', "utf-8")
    (tmp_path / "nobody.po").write_text('msgid "Gone"\nmsgstr "没了"\n', "utf-8")
    message_harvest.update(tmp_path)
    assert messages.read_catalog(tmp_path / "shell.po") == {(None, "Basket"): "篮子"}
    assert not (tmp_path / "nobody.po").exists()
    before = (tmp_path / "shell.po").read_bytes()
    message_harvest.update(tmp_path)
    assert (tmp_path / "shell.po").read_bytes() == before


@pytest.mark.usefixtures("in_chinese")
def test_a_word_that_means_something_else_in_one_enum_is_said_as_it_is_meant():
    assert (messages.word(MonthState.ISSUED), messages.word(InvoiceState.ISSUED)) == ("已出账", "已开具")
    assert (messages.word(MandateState.PAUSED), messages.word("paused")) == ("已暂停", "暂停接单")
    assert messages.word(PermitState.WORKING) == "施工中"
