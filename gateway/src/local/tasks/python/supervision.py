"""Supervises one attempt: starts it, copies its output to the log, stops it, and writes down how it ended."""

import errno
import fcntl
import json
import os
import select
import signal
import sys
import time

import process_care
from attempt_log import Log
from container import Container

CHUNK = 1 << 20
F_SETPIPE_SZ = 1031
GRACE = 10


def write_by_rename(path, value, prepared=False):
    """Write JSON so that a reader sees all of it or nothing. A prepared file has its block on disk already."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    fresh = path + ".new"
    data = json.dumps(value).encode()
    if prepared and os.path.exists(fresh):
        with open(fresh, "r+b") as out:
            out.write(data)
            out.truncate()
    else:
        with open(fresh, "wb") as out:
            out.write(data)
    os.replace(fresh, path)


def prepare(path):
    """Take the space for a record now: at the end the disk may be full."""
    with open(path + ".new", "wb") as out:
        out.write(b" " * 512)


def read_secrets(job):
    values = []
    for file in [file for _, file in job["secrets"]] + job.get("masked", []):
        try:
            with open(file, encoding="utf-8", errors="surrogateescape") as value:
                values.append(value.read(1 << 20))
        except OSError:
            pass  # the task itself says so
    return values


def supervise(job, ended=lambda: None):
    """Run one job from its claim to its exit record; `ended` is called as soon as that can be read."""
    import task_process

    folder = job["folder"]
    exit_file = os.path.join(folder, "exit.json")
    # Whoever comes second must not run the task again.
    os.close(os.open(os.path.join(folder, "claim"), os.O_CREAT | os.O_EXCL, 0o600))
    log = Log(os.path.join(folder, "log"), job["logCap"], read_secrets(job))
    prepare(exit_file)
    identity = os.stat(folder).st_ino
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    stops = []
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: stops.append("canceled"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process_care.adopt_orphans()
    container = Container(job["container"]) if "container" in job else None
    read_end, write_end = os.pipe()
    if sys.platform.startswith("linux"):
        try:
            fcntl.fcntl(read_end, F_SETPIPE_SZ, CHUNK)
        except OSError:
            pass  # the user's share of pipe memory is used up
    own = {"pid": os.getpid(), "start": process_care.start_time(os.getpid())}
    write_by_rename(os.path.join(folder, "pid.json"), own)
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        task_process.become(job, write_end)
    os.close(write_end)
    # So that the task can be found and ended should this process be killed.
    task = {"task": pid, "taskStart": process_care.start_time(pid)}
    write_by_rename(os.path.join(folder, "pid.json"), dict(own, **task))
    status, reason = _watch(job, pid, log, read_end, wake_read, stops, container, began)
    log.end()
    record = {
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None,
        "reason": reason,
        "finished_at": _now(),
    }
    if log.is_full_disk:
        record["disk_full"] = True
    if container is not None:
        _ask(container, record)
    try:
        record["folder_lost"] = os.stat(folder).st_ino != identity
    except OSError:
        record["folder_lost"] = True
    try:
        write_by_rename(exit_file, record, prepared=True)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        # The log gives way: how it ended matters more.
        os.truncate(os.path.join(folder, "log"), 0)
        write_by_rename(exit_file, dict(record, disk_full=True))
    ended()
    if container is not None:
        container.remove()


def _ask(container, record):
    """Let the runtime say how the container ended, where its client cannot know."""
    client = record["code"]
    if not container.follows and client is not None and client < 125:
        return
    state = container.state()
    if state is None or state[0] in ("created", "configured"):
        record["container_failed"] = True
        return
    record["code"], record["signal"] = state[1], None
    if state[2]:
        record["out_of_memory"] = True


def _watch(job, pid, log, read_end, wake_read, stops, container, began):
    """Copy output until the task has ended; return its status and why it was stopped."""
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
                grace = _grace(job["folder"])
                kill_at = now + grace
                if container is None:
                    process_care.kill_group(pid, signal.SIGTERM)
                else:
                    container.begin_stop(grace)
                    kill_at += 20
        if kill_at is not None and now >= kill_at:
            process_care.kill_group(pid, signal.SIGKILL)
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
        while True:
            try:
                done, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if done == 0:
                break
            if done == pid:
                status = code
                # What the task left behind ends with it, as in a container.
                process_care.kill_group(pid, signal.SIGKILL)
                process_care.end_leftovers()
                drain_until = time.monotonic() + 2
            elif container is not None and done == container.stopper and code != 0 and status is None:
                # There is no container yet, or no longer: only its client can be stopped.
                process_care.kill_group(pid, signal.SIGTERM)
    return status, reason


def _grace(folder):
    try:
        with open(os.path.join(folder, "cancel.json")) as request:
            return json.load(request)["graceMs"] / 1000
    except (OSError, ValueError, KeyError):
        return GRACE


def _now():
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + ".%03dZ" % (now % 1 * 1000)
