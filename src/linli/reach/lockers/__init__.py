"""Lockers: cabinets with compartments that open by themselves, where orders wait at any hour of the day.

Words: a *cabinet* (快递柜) is a machine of a community, with a *sign* printed on it: who types it stands before it; a
*compartment* (格口) has a size; a *subject* is what lies in it, an order today.

Invariants: a compartment holds one thing and a thing lies in one compartment, held by the database; a drop takes the
smallest free one that fits; what is out of order or whose cabinet does not answer is given to nobody; nothing counts as
put in before the door is known to be shut or a picture shows it; what waits too long is the desk's to take out.

Doors: rules.{Size, Trouble, Door, LockerPolicy}; actions.{keep_cabinet, close_cabinet, take, note_shut, note_trouble,
free, mend, empty} and the errands {open_door, see_door}; queries.{cabinets, compartment_of, check}.
"""
