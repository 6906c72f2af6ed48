"""Runs other programs and turns their failure into a readable error."""

import subprocess
from contextlib import nullcontext

from .errors import DevError

TAIL = 15


def stream(command, *, log=None, watch=None, **options):
    """Run a command to its end, line by line.

    :param log: file that receives the output while it comes
    :param watch: called with each line
    :return: ``(exit code, output)``
    """
    lines = []
    with (
        _open(log) as handle,
        subprocess.Popen(
            [str(part) for part in command],
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        ) as process,
    ):
        for line in process.stdout:
            lines.append(line)
            if handle:
                handle.write(line)
                handle.flush()
            if watch:
                watch(line)
    return process.returncode, "".join(lines)


def _open(log):
    if not log:
        return nullcontext()
    log.parent.mkdir(parents=True, exist_ok=True)
    return open(log, "w", encoding="utf-8")


def run(command, *, log=None, hint="", what="", watch=None, **options):
    """Run a command; on failure raise :class:`DevError` with its last lines.

    :return: the output as text
    """
    code, output = stream(command, log=log, watch=watch, **options)
    if code:
        tail = "\n".join(output.strip().splitlines()[-TAIL:])
        where = f"\nWhole output: {log}" if log else ""
        raise DevError(
            f"{what or command[0]} failed (exit code {code})\n{tail}{where}", hint
        )
    return output
