"""Notices that every property company writes again and again, to start from."""

from __future__ import annotations

from dataclasses import dataclass

from linli.estate.notices.rules.lives import NoticeKind


@dataclass(frozen=True, slots=True)
class Sample:
    """A notice with gaps (＿) to fill, in both languages."""

    word: str
    kind: NoticeKind
    title: dict[str, str]
    body: dict[str, str]


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "water_off",
        NoticeKind.OUTAGE,
        {"zh": "停水通知", "en": "Water will be off"},
        {
            "zh": "因＿＿检修，＿月＿日＿时至＿时停水，请提前储水。恢复供水后如有浑浊，请先放水片刻。",
            "en": "Because of work on ＿＿ there is no water on ＿ from ＿ to ＿. Please store some before."
            " If it is cloudy afterwards, let it run for a moment.",
        },
    ),
    Sample(
        "power_off",
        NoticeKind.OUTAGE,
        {"zh": "停电通知", "en": "Power will be off"},
        {
            "zh": "因＿＿检修，＿月＿日＿时至＿时停电，期间电梯停用，请合理安排出行。",
            "en": "Because of work on ＿＿ there is no power on ＿ from ＿ to ＿. The lifts stand still meanwhile.",
        },
    ),
    Sample(
        "lift_care",
        NoticeKind.GENERAL,
        {"zh": "电梯保养通知", "en": "The lift is serviced"},
        {
            "zh": "＿栋电梯将于＿月＿日＿时至＿时保养，期间暂停使用，不便之处敬请谅解。",
            "en": "The lift of building ＿ is serviced on ＿ from ＿ to ＿ and cannot be used.",
        },
    ),
    Sample(
        "storm",
        NoticeKind.SAFETY,
        {"zh": "大风暴雨安全提醒", "en": "Storm warning"},
        {
            "zh": "预计＿＿有大风暴雨，请关好门窗，收回阳台物品，车辆勿停放在树下和低洼处。",
            "en": "A storm is expected ＿. Please close your windows, take things in from the balcony, and park neither"
            " under trees nor in low places.",
        },
    ),
    Sample(
        "fire_drill",
        NoticeKind.ACTIVITY,
        {"zh": "消防演练通知", "en": "Fire drill"},
        {
            "zh": "定于＿月＿日＿时在＿＿举行消防演练，届时会有警报声，请勿惊慌，欢迎参加。",
            "en": "There is a fire drill on ＿ at ＿, at ＿＿. You will hear the alarm. Everybody is welcome to join.",
        },
    ),
    Sample(
        "accounts",
        NoticeKind.DISCLOSURE,
        {"zh": "收支公示", "en": "Accounts of the community"},
        {
            "zh": "现将＿年＿季度公共收益收支情况予以公示，公示期至＿月＿日，明细见附件。",
            "en": "The shared income and spending of the ＿ quarter of ＿ are laid open until ＿. See the attachment.",
        },
    ),
)
