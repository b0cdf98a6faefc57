"""Metering: what the meters of homes and of whole buildings counted, by whom it was read, and what is doubtful.

Words: a *meter* counts one kind (water, power, gas, heat) for a home or is *shared*; a *register* is one display of it
(total, or peak, flat and valley); a *reading* is what the display *showed* on a day; *counted* is what has gone through
the meter since it was put in; *charged up to* never goes back, so an estimate that was too high is worked off by what
follows; a *share* is a home's weight in a shared meter.

Invariants: one reading that stands for a meter and a day; a display that reads lower has gone past its last digit, and
a person says so; what is suspicious waits for a person and is no usage meanwhile; a reading is corrected by a new one;
a reading that a bill was made of is locked, and the next bill of that use goes on from there; no cut of days changes
usage.

Doors: actions.{add_meters, describe_meter, set_shares, end_meter, exchange_meter, take_readings, take_reading,
send_reading, accept_reading, refuse_reading, correct_reading, estimate_missing, lock_readings, mark_left_out,
preview_readings, import_readings}; queries.{usage, meter_usage, shares, meters, meter_page, progress, next_on_walk,
doubtful, my_meters, months_of, meters_file}; rules (MeteringPolicy, Kind, Usage).
"""
