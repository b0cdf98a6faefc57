"""Parcels: what carriers leave at a community's drop-off point, until somebody of the home fetches it.

Words: a *parcel* (快递) lies on a *shelf*, or in a locker's compartment; a *scan* is one line of a batch that is taken
in; its *people* are those of the home who see it, get its code and may fetch it.

Invariants: custody is `reach.handover`'s: one code a parcel, unique at the drop-off point, a few tries; a parcel is
handed out once; where a home is rented its owner sees nothing of the tenant's parcels; a batch takes in what it can
place and says which lines it cannot; what is not fetched is reminded of a few times and then goes back, never out of a
locker in which it still lies.

Doors: rules.{Scan, ParcelPolicy}; actions.{scan_in, hand_out, hand_out_seen, give_back, report_lost} and
the errands {open_compartment, put_in_locker, open_own_parcel, open_to_shelve}; queries.{my_parcels, waiting, parcels,
parcel_page, in_lockers, ages}.
"""
