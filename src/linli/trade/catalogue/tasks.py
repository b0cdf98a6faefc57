"""What the catalogue does for whoever has a sheet of goods."""

from __future__ import annotations

from linli.ground.chores.rules import Work, undertakes
from linli.ground.files import queries as files
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import actions
from linli.trade.catalogue.actions import Imported, ImportPreview
from linli.trade.catalogue.rules.runs import IMPORT_LISTINGS, PREVIEW_LISTINGS, GoodsRun


@undertakes(PREVIEW_LISTINGS, needs=May.KEEP_CATALOGUE)
def preview_listings(scope: Scope, run: GoodsRun, work: Work) -> ImportPreview:
    """This will tell what a sheet of goods would do."""
    content = files.given_to(scope, file=work.file).content
    return actions.preview_listings(shop=run.shop, file_name=work.label, content=content, tell=work.tell)


@undertakes(IMPORT_LISTINGS, needs=May.KEEP_CATALOGUE)
def import_listings(scope: Scope, run: GoodsRun, work: Work) -> Imported:
    """This will take a sheet of goods in."""
    content = files.given_to(scope, file=work.file).content
    return actions.import_listings(
        scope, shop=run.shop, file_name=work.label, content=content, tell=work.tell, at=work.at
    )
