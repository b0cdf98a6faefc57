"""Venues: rooms and courts of a community that residents book by the slot.

Words: a *venue* (场地) has hours, a slot's length, a price and rules; a *booking* (预约) holds one slot for a home,
or, made by the desk without one, keeps it closed.

Invariants: two bookings of a venue never overlap (the database excludes it); a slot lies within the hours of its day in
the community's zone; a fee is charged with the booking and given up when that is cancelled; a code checks in once.

Doors: actions.{keep_venue, retire_venue, book, block, cancel_booking, call_off_booking, check_in, miss_booking};
queries.{venues, venue_card, venue_days, bookings, booking_page, booking_by_code, bookings_due}; rules (slots,
VenuePolicy).
"""
