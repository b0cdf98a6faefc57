"""Questions about work orders and outages, each shaped for the page that asks."""

from linli.estate.workorders.queries.alike import template_of
from linli.estate.workorders.queries.board import Board, BoardCard, Wanted, WorkSort, board, numbers_of, work_orders
from linli.estate.workorders.queries.clock import Due, due_orders, overdue_outages, waiting_for_hands
from linli.estate.workorders.queries.comings import Coming, comings
from linli.estate.workorders.queries.going_on import going_on, late_in
from linli.estate.workorders.queries.jobs import Job, grab_list, my_jobs
from linli.estate.workorders.queries.mine import MyOrder, my_orders, orders_to_answer, prices_to_answer
from linli.estate.workorders.queries.outages import OutageCard, OutagePage, outage_page, outages, outages_here
from linli.estate.workorders.queries.page import MaterialLine, OrderPage, QuoteLine, SayingLine, VisitLine, order_page
from linli.estate.workorders.queries.punctuality import Punctual, punctuality
from linli.estate.workorders.queries.records import WorkOrderRecord, my_work_order_records
from linli.estate.workorders.queries.types import TypeCard, types_here, types_of_company
from linli.estate.workorders.queries.warranties import Warranty, warranties, warranty
from linli.estate.workorders.queries.workers import Candidate, WorkerCard, candidates, workers, workers_at_hand

__all__ = [
    "Board",
    "BoardCard",
    "Candidate",
    "Coming",
    "Due",
    "Job",
    "MaterialLine",
    "MyOrder",
    "OrderPage",
    "OutageCard",
    "OutagePage",
    "Punctual",
    "QuoteLine",
    "SayingLine",
    "TypeCard",
    "VisitLine",
    "Wanted",
    "Warranty",
    "WorkOrderRecord",
    "WorkSort",
    "WorkerCard",
    "board",
    "candidates",
    "comings",
    "due_orders",
    "going_on",
    "grab_list",
    "late_in",
    "my_jobs",
    "my_orders",
    "my_work_order_records",
    "numbers_of",
    "order_page",
    "orders_to_answer",
    "outage_page",
    "outages",
    "outages_here",
    "overdue_outages",
    "prices_to_answer",
    "punctuality",
    "template_of",
    "types_here",
    "types_of_company",
    "waiting_for_hands",
    "warranties",
    "warranty",
    "work_orders",
    "workers",
    "workers_at_hand",
]
