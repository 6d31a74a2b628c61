"""Runs one attempt of a task and outlives whoever started it.

Reads its job as JSON from standard input, writes pid.json before the task starts and exit.json (by rename) after
it ended. Standard library only; POSIX only.
"""

import json
import os
import select
import signal
import sys
import time

CHUNK = 1 << 20


def start_time(pid):
    """What tells this process from a later one with the same number; None where /proc is absent."""
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rpartition(")")[2].split()[19]
    except OSError:
        return None


def write_by_rename(path, value):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w") as out:
        json.dump(value, out)
    os.replace(path + ".new", path)


def run_python(job):
    """Run the KFP runtime in this process; return the exit code."""
    import threading
    import traceback

    from kfp.dsl import executor_main

    task = job["python"]
    sys.argv = [
        executor_main.__file__,
        "--component_module_path",
        task["module"],
        "--executor_input",
        task["input"],
        "--function_to_execute",
        task["function"],
    ]
    sys.path[0] = job["folder"]
    # So that multiprocessing re-imports the runtime and not the supervisor.
    sys.modules["__main__"] = executor_main
    code = 0
    try:
        executor_main.executor_main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()
    import atexit

    atexit._run_exitfuncs()
    return code


def child(job, write_end):
    """Become the task; never returns."""
    code = 127
    try:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(write_end, 1)
        os.dup2(write_end, 2)
        os.closerange(3, 1024)
        environment = dict(job["env"])
        for name, file in job["secrets"]:
            with open(file) as value:
                environment[name] = value.read()
        os.chdir(job["folder"])
        if "python" in job:
            os.environ.clear()
            os.environ.update(environment)
            time.tzset()
            sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False, errors="backslashreplace")
            sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False, errors="backslashreplace")
            code = run_python(job)
            sys.stdout.flush()
            sys.stderr.flush()
        else:
            os.execvpe(job["argv"][0], job["argv"], environment)
    except BaseException as error:
        os.write(2, ("cannot start: %s\n" % error).encode())
    finally:
        os._exit(code & 255)


class Log:
    """The attempt's log with its cap; never raises, so that a full disk does not end the task."""

    def __init__(self, path, cap):
        self.left = cap
        self.dropped = 0
        self.cap = cap
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _put(self, data):
        try:
            while data:
                data = data[os.write(self.fd, data) :]
        except OSError:
            self.dropped += len(data)

    def write(self, data):
        if len(data) > self.left:
            if self.left >= 0:
                self._put(data[: self.left] + b"\n[log cut here: limit of %d bytes]\n" % self.cap)
                data = data[self.left :]
                self.left = -1
            self.dropped += len(data)
            return
        self.left -= len(data)
        self._put(data)

    def end(self):
        if self.dropped:
            self._put(b"[%d bytes of log dropped]\n" % self.dropped)
        os.close(self.fd)


def kill_group(pid, number):
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def supervise(job):
    folder = job["folder"]
    exit_file = os.path.join(folder, "exit.json")
    if "python" in job:
        os.environ["_KFP_RUNTIME"] = "true"
        import kfp.dsl.executor_main  # noqa: F401 - before the fork, so that the child need not
    # Whoever comes second must not run the task again.
    claim = os.open(os.path.join(folder, "claim"), os.O_CREAT | os.O_EXCL, 0o600)
    os.close(claim)
    log = Log(os.path.join(folder, "log"), job["logCap"])
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    stops = []
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: stops.append("canceled"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    write_by_rename(os.path.join(folder, "pid.json"), {"pid": os.getpid(), "start": start_time(os.getpid())})
    read_end, write_end = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        child(job, write_end)
    os.close(write_end)
    deadline = began + job["deadline"] if job.get("deadline") else None
    kill_at = status = reason = drain_until = None
    open_pipe = True
    while status is None or (open_pipe and time.monotonic() < drain_until):
        now = time.monotonic()
        if status is None and reason is None:
            if stops:
                reason = "canceled"
            elif deadline is not None and now >= deadline:
                reason = "deadline"
            if reason:
                kill_group(pid, signal.SIGTERM)
                try:
                    with open(os.path.join(folder, "cancel.json")) as request:
                        grace = json.load(request)["graceMs"] / 1000
                except (OSError, ValueError, KeyError):
                    grace = 10
                kill_at = now + grace
        if kill_at is not None and now >= kill_at:
            kill_group(pid, signal.SIGKILL)
            kill_at = None
        waits = [
            t - now for t in (kill_at, drain_until, deadline if reason is None else None) if t is not None
        ]
        ready, _, _ = select.select(
            [wake_read] + ([read_end] if open_pipe else []), [], [], max(0, min(waits)) if waits else None
        )
        if wake_read in ready:
            os.read(wake_read, 4096)
        if read_end in ready:
            data = os.read(read_end, CHUNK)
            open_pipe = bool(data)
            log.write(data)
        if status is None:
            done, code = os.waitpid(pid, os.WNOHANG)
            if done:
                status = code
                # What the task left behind ends with it, as in a container.
                kill_group(pid, signal.SIGKILL)
                drain_until = time.monotonic() + 2
    log.end()
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    record = {
        "code": code,
        "signal": signal.Signals(number).name if number else None,
        "reason": reason,
        "finished_at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        + ".%03dZ" % (time.time() % 1 * 1000),
    }
    write_by_rename(exit_file, record)


def main():
    job = json.loads(sys.stdin.buffer.read())
    supervise(job)
    os._exit(0)


if __name__ == "__main__":
    main()
