"""The shell: what all faces share. Addresses and who may open them, layouts, components, languages, sign-in pages.

Words: a *page* is one address and method of a face with the role it is for; a *face* is the part of the house one kind
of person sees; a *component* is a folder with a macro, its style, its behaviour and its examples; a *voice* is the
language, the clock and the time zone in which a page speaks; a *standing* is who a request's cookies say it comes from.

Invariants: every address names its role and a stranger gets 404; a handler's scope comes from the sign-in, never from
the request; a GET reads in one transaction and writes nothing; a change is asked for from our own pages only; every
text shown to people has a Chinese twin; nothing is loaded from another host and no page needs a script to work.

Doors: pages.{page, see_other}, requests.{OwnerRequest, MerchantRequest, PropertyRequest, CourierRequest,
PlatformRequest, PublicRequest}, messages.{_, ngettext}, answers.problem (for the JSON face), formats.
"""
