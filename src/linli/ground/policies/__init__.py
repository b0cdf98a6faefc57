"""Policies: what differs from community to community, typed, dated and inherited.

Words: a *policy* is a class of *settings* that a module declares in its rules; a *version* is the value of one setting
at one *place* from an instant on. Levels from the widest to the narrowest: platform, city, company, community,
building.

Invariants: each setting is inherited by itself, and the narrowest level that says something wins; at one level the
latest version that has begun wins, and of two that begin together the one set last; versions are never changed or
deleted (a value of null says "inherit again"); no policy begins in the past; a value that the class does not allow is
refused with its setting.

A process remembers the versions of a place for `queries.REMEMBERED_S` seconds, so that hot paths ask no SQL; a change
made elsewhere is seen after that time at the latest, and one made in the same process at once. Changes that must hold
everywhere at a known moment are set with a `start_at` a few seconds ahead.

Doors: rules.{Policy, setting, resolve, Level}; queries.{policy, explain, policy_classes}; actions.set_policy;
events.PolicySet.
"""
