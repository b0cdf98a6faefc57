"""`linli bench dispatch`: how well couriers are told what to do, on days of a public collection or on invented ones.

The days are those of the Meal Delivery Routing Problem, public repository grubhub/mdrplib (Reyes, Erera, Savelsbergh,
Sahasrabudhe and O'Neil, 2018); none of them is in this project. The dispatcher is the product's own
(`trade.delivery.rules.dispatch`); the `feeder` plays a day to it minute by minute and tells it nothing before it is
known, the `scorer` works out afterwards, from the day and the record alone, whether all rules were kept and how well it
went. `lines` lets any other program be the feeder, by lines of JSON.

Words: a *day* is an instance: shops, couriers with their shifts, orders with when they are placed and ready; a *record*
is what was done; a *player* remembers from minute to minute what the dispatcher has to be told.
"""
