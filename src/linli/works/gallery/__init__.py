"""The gallery: pictures of the main pages of every face, taken by a browser in a running demo, so that anyone can look.

Words: a view is a page worth looking at, found by its address or by the first link of another page; a
visitor is one of the demo's people, who signs in as everybody does; a look is a size of screen, a language and a theme;
a shot is one picture with what was strange about it (an answer that is no page, a page wider than the screen).

Invariants: it only looks: after the sign-in it sends nothing but GET; it speaks to the house over HTTP alone, so that
any running demo can be pictured; the browser is the machine's own, and its driver is part of the tools of development.
"""
