"""The town's assets: lifts, pumps chairs with papers and plans, one late, one in repair, a stock-taking half done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from linli.estate.assets import actions, queries
from linli.estate.assets.actions import PlanDraft
from linli.estate.assets.queries import Sought
from linli.estate.assets.rules import AssetKind, AssetVerb, Every, PaperKind, Rhythm, Seen
from linli.ground.places import queries as places
from linli.spine.scope import SYSTEM, Scope

_SHEET = """own_number,kind,name,building,place,maker,serial,bought_on,warranty_until,cost,salvage,life_months,supplier
DT-01,lift,1 号客梯,1 栋,首层大堂,通力,KN-20118,2019-05-20,2021-05-20,286000.00,14300.00,180,通力电梯
DT-02,lift,2 号客梯,2 栋,首层大堂,通力,KN-20119,2019-05-20,2021-05-20,286000.00,14300.00,180,通力电梯
SB-01,pump,生活给水泵,,地下一层水泵房,格兰富,GF-8812,2020-03-11,,36500.00,1800.00,96,浩源机电
SB-02,pump,消防喷淋泵,,地下一层水泵房,格兰富,GF-8840,2020-03-11,,41200.00,2000.00,96,浩源机电
XF-01,fire equipment,灭火器箱（12 具）,1 栋,各层楼道,,,2024-06-01,,2160.00,0,60,平安消防
XF-02,fire equipment,灭火器箱（12 具）,2 栋,各层楼道,,,2024-06-01,,2160.00,0,60,平安消防
PD-01,power supply,低压配电柜,,地下一层配电室,正泰,ZT-3301,2019-05-20,,128000.00,6400.00,180,
JK-01,camera,东门枪机,,东门,海康,HK-771,2023-09-15,2026-09-15,1280.00,60.00,60,
JK-02,camera,车库球机,,地下车库入口,海康,HK-772,2023-09-15,2026-09-15,1680.00,80.00,60,
MJ-01,access control,单元门禁机,1 栋,单元门,,,2022-04-02,,3200.00,160.00,60,
YL-01,playground,组合滑梯,,中心花园,,,2021-10-08,,18600.00,0,96,
JJ-01,furniture,会客沙发,,物业服务中心,,,2022-01-10,,4200.00,0,60,
"""


def live(scope: Scope, *, now: datetime) -> None:
    """This will enter the assets of the town's first community, plan their maintenance and begin to count them."""
    community = places.communities(ids=scope.communities)[0].id
    began, today = now - timedelta(days=20), places.day_in(community, now)
    actions.take_over_assets(scope, community=community, file_name="资产.csv", content=_SHEET.encode(), at=began)
    cards = queries.assets(scope, sought=Sought(community=community))
    known = {card.own_number: card.asset for card in cards}
    lift, pump, camera = known["DT-01"], known["SB-01"], known["JK-02"]
    for asset, left in ((lift, 24), (known["DT-02"], 200), (known["XF-01"], -6)):
        until, kind = today + timedelta(days=left), PaperKind.CERTIFICATE
        actions.add_paper(scope, asset=asset, kind=kind, title="检验合格证", expires_on=until, at=began)
    actions.move_on(scope, asset=camera, verb=AssetVerb.MEND, why="画面有横纹，送厂家检修", at=began)
    _plan(
        scope,
        "电梯半月保养",
        2,
        Every.WEEKS,
        today,
        began,
        ("门锁与安全触板", "制动器", "轿厢照明与对讲"),
        kind=AssetKind.LIFT,
    )
    _plan(
        scope, "水泵月度保养", 1, Every.MONTHS, today - timedelta(days=4), began, ("轴承温度", "盘根渗漏"), asset=pump
    )
    inspected = {"is_statutory": True, "asset": lift}
    _plan(scope, "电梯年度检验", 12, Every.MONTHS, today + timedelta(days=24), began, ("限速器", "安全钳"), **inspected)
    for plan, asset in queries.maybe_due(SYSTEM, at=now, limit=50):
        actions.open_task(SYSTEM, plan=plan, asset=asset, at=now)
    taking = actions.begin_taking(scope, community=community, name="年度盘点", at=now - timedelta(hours=5))
    for card in cards[:7]:
        actions.count_asset(scope, taking=taking, asset=card.asset, seen=Seen.SEEN, at=now - timedelta(hours=4))
    sofa, later = known["JJ-01"], now - timedelta(hours=3)
    actions.count_asset(scope, taking=taking, asset=sofa, seen=Seen.ELSEWHERE, place="会议室", at=later)


def _plan(
    scope: Scope,
    name: str,
    n: int,
    every: Every,
    anchor: date,
    at: datetime,
    items: tuple[str, ...],
    **about: object,
) -> None:
    draft = PlanDraft(name=name, rhythm=Rhythm(n, every, anchor), items=items, **about)  # type: ignore[arg-type]
    actions.add_plan(scope, community=places.communities(ids=scope.communities)[0].id, draft=draft, at=at)
