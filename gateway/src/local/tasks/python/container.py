"""Stops a container, asks how it ended, and removes it, by docker or podman."""

import os
import signal


class Container:
    """The container behind an attempt: the process that is watched is only the client attached to it."""

    def __init__(self, settings):
        self.command = settings["command"]
        self.name = settings["name"]
        # The client only follows the log of a container that an earlier supervisor started.
        self.follows = settings.get("follows", False)
        self.stopper = None

    def begin_stop(self, grace):
        self.stopper = self._spawn("stop", "--time", str(max(1, int(grace))), self.name)

    def state(self):
        """(code, reason) as the runtime tells it, or None."""
        read_end, write_end = os.pipe()
        pid = self._spawn(
            "inspect",
            "--format",
            "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}",
            self.name,
            output=write_end,
        )
        os.close(write_end)
        text = b""
        while True:
            data = os.read(read_end, 4096)
            if not data:
                break
            text += data
        os.close(read_end)
        self._wait(pid)
        words = text.decode(errors="replace").split()
        if len(words) != 3 or not words[1].lstrip("-").isdigit():
            return None
        return words[0], int(words[1]), words[2] == "true"

    def remove(self):
        self._wait(self._spawn("rm", "--force", self.name))

    def _spawn(self, *args, output=None):
        argv = [*self.command, *args]
        null = os.open(os.devnull, os.O_RDWR)
        try:
            actions = [
                (os.POSIX_SPAWN_DUP2, null, 0),
                (os.POSIX_SPAWN_DUP2, output or null, 1),
                (os.POSIX_SPAWN_DUP2, null, 2),
            ]
            return os.posix_spawnp(
                argv[0], argv, os.environ, file_actions=actions, setsigdef=[signal.SIGTERM, signal.SIGINT]
            )
        finally:
            os.close(null)

    @staticmethod
    def _wait(pid):
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            pass
