"""Runs other programs and turns their failure into a readable error."""

import subprocess

from .errors import DevError


def run(command, *, log=None, hint="", what="", **options):
    """Run a command; on failure raise :class:`DevError` with its last lines.

    :param log: file that receives the whole output, named in the error
    :return: the output as text
    """
    command = [str(part) for part in command]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **options,
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout, "utf-8")
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        where = f"\nWhole output: {log}" if log else ""
        raise DevError(
            f"{what or command[0]} failed (exit code {done.returncode})\n{tail}{where}",
            hint,
        )
    return done.stdout
