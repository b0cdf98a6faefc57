"""Files: pictures, papers and sheets that people upload, and the signed links under which they are fetched.

Words: a *purpose* says which kinds of file are taken for it, how large they may be, and whether everybody may see them;
a *link* is a signed word that opens one file until it expires.

Invariants: the kind of a file is what its bytes say, never its name; it is kept in LINLI_HOME/files under the hash of
its content, never under a name that somebody gave; the bytes are on the disk before the row is, so that a crash leaves
at most bytes without a row, which a task sweeps; public pictures are drawn anew, without the place and camera that
their maker's phone wrote into them, whole and once more in the size of a card; a private file is seen by who uploaded
it, by their shop or company, and by the platform.

Doors: rules.{PURPOSES, Purpose}; queries.{link, links, open_link, public_picture, described};
actions.{keep_file, discard_file}.
"""
