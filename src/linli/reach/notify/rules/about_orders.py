"""What buyers and shops are told: of orders, of refunds, and of the shop itself. Codes and reasons stand on the phone
alone."""

from __future__ import annotations

from collections.abc import Mapping

ABOUT_ORDERS: Mapping[str, Mapping[str, str]] = {
    "order_ready": {
        "zh": "{shop} 的订单 {number} 已备好，请凭取件码领取。",
        "en": "Your order {number} from {shop_en} is ready. Collect it with your code.",
    },
    "order_refused": {
        "zh": "店铺无法接您的订单 {number}，已付的款项将原路退回，原因请在邻里查看。",
        "en": "The shop cannot take your order {number}. What you paid goes back the way it came. Linli shows you why.",
    },
    "order_called_off": {
        "zh": "您的订单 {number} 已取消，已付的款项将原路退回，原因请在邻里查看。",
        "en": "Your order {number} was called off. What you paid goes back the way it came. Linli shows you why.",
    },
    "order_refused_unpaid": {
        "zh": "店铺无法接您的订单 {number}，您无需付款，原因请在邻里查看。",
        "en": "The shop cannot take your order {number}. You have nothing to pay. Linli shows you why.",
    },
    "order_called_off_unpaid": {
        "zh": "您的订单 {number} 已取消，您无需付款，原因请在邻里查看。",
        "en": "Your order {number} was called off. You have nothing to pay. Linli shows you why.",
    },
    "order_left": {
        "zh": "您的订单 {number} 已送到自提点，请在 {until} 前凭取件码领取。位置和取件码请在邻里查看。",
        "en": "Order {number} is at the pick-up point for you until {until}. Linli shows you where, and the code.",
    },
    "order_left_elsewhere": {
        "zh": "快递柜没有空格口，您的订单 {number} 已改放其他自提点，请在 {until} 前凭取件码领取。位置请在邻里查看。",
        "en": "No locker was free, so order {number} waits for you elsewhere until {until}. Linli shows you where, and"
        " the code.",
    },
    "order_at_desk": {
        "zh": "您的订单 {number} 已从快递柜移到物业前台，请在 {until} 前凭取件码领取。",
        "en": "Order {number} was moved from its locker to the property desk. Fetch it there with your code before"
        " {until}.",
    },
    "order_waiting": {
        "zh": "您的订单 {number} 仍在自提点，请在 {until} 前领取。",
        "en": "Order {number} still waits at the pick-up point. Please fetch it before {until}.",
    },
    "order_not_fetched": {
        "zh": "您的订单 {number} 未在 {until} 前领取，将退回店铺；货款 {amount} 元将退还给您，配送费不退。",
        "en": "Order {number} was not fetched before {until} and goes back to its shop. {amount} for the goods"
        " goes back to you; the delivery stays paid.",
    },
    "order_gone_back": {
        "zh": "您的订单 {number} 未在 {until} 前领取，将退回店铺。",
        "en": "Order {number} was not fetched before {until} and goes back to its shop.",
    },
    "goods_back": {
        "zh": "订单 {number} 的商品已退回店铺，超过一天未清点。请在邻里清点入库，否则一周后将按损耗处理。",
        "en": "The goods of order {number} came back to your shop a day ago. Please count them in on Linli; after a"
        " week they are written off.",
    },
    "refund_given": {
        "zh": "您的订单 {number} 退款 {amount} 元，将原路退回。",
        "en": "¥{amount} of your order {number} goes back to you, the way it was paid.",
    },
    "refund_taken_off": {
        "zh": "您的订单 {number} 减少 {amount} 元，收货时少付这笔钱。",
        "en": "¥{amount} is taken off your order {number}: you pay so much less when it is handed over.",
    },
    "refund_declined": {
        "zh": "店铺未同意订单 {number} 的退款申请，已转由平台裁定，您无需再次申请。原因请在邻里查看。",
        "en": "The shop declined the refund of your order {number}. The platform decides now, you need not ask again."
        " Linli shows you why.",
    },
    "refund_unanswered": {
        "zh": "店铺未按时答复订单 {number} 的退款申请，已转由平台裁定，您无需再次申请。",
        "en": "The shop did not answer the refund of your order {number} in time. The platform decides now, you need"
        " not ask again.",
    },
    "refund_rejected": {
        "zh": "平台未支持订单 {number} 的退款申请，原因请在邻里查看。",
        "en": "The platform decided that your order {number} is not refunded. Linli shows you why.",
    },
    "refund_decided_given": {
        "zh": "订单 {number} 的退款已有结果：退给买家 {amount} 元。",
        "en": "The refund of order {number} is decided: ¥{amount} goes back to the buyer.",
    },
    "refund_decided_rejected": {
        "zh": "订单 {number} 的退款申请已由平台裁定：不予退款。",
        "en": "The platform decided about order {number}: nothing goes back to the buyer.",
    },
    "refund_done": {
        "zh": "订单 {number} 的退款 {amount} 元已退回。",
        "en": "The refund of ¥{amount} for your order {number} has gone back.",
    },
    "payment_goes_back": {
        "zh": "您有一笔 {amount} 元的付款因重复或超时未被使用，已自动原路退回，您无需操作。",
        "en": "¥{amount} of yours came a second time or too late. It goes back by itself, the way it came.",
    },
    "receiver_changed": {
        "zh": "{shop} 的收款账户已改为尾号 {tail}。若非本人操作，请立即联系平台。",
        "en": "The money of {shop_en} now goes to the account ending in {tail}. If this was not you, tell"
        " the platform.",
    },
    "shop_suspended": {
        "zh": "{shop} 已被平台责令停业，现在无法接新订单；已接的订单请继续完成。原因请在邻里的店铺设置中查看。",
        "en": "The platform has suspended {shop_en}: it takes no new orders, and finishes those in hand. Linli shows"
        " why in the shop's settings.",
    },
    "shop_reinstated": {
        "zh": "{shop} 已恢复营业，可以接单了。",
        "en": "{shop_en} may sell again.",
    },
}
