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
import task_process
from attempt_log import Log
from container import Container

CHUNK = 1 << 20
F_SETPIPE_SZ = 1031
GRACE = 10


def write_by_rename(path, value, prepared=False):
    """Write JSON so that a reader sees all of it or nothing. A prepared file has its block on disk already."""
    fresh = path + ".new"
    data = json.dumps(value).encode()
    # Not truncated before it is written: the block stays ours on a full disk.
    flags = os.O_WRONLY | os.O_CREAT | (0 if prepared else os.O_TRUNC)
    try:
        out = os.open(fresh, flags, 0o600)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        out = os.open(fresh, flags, 0o600)
    try:
        os.write(out, data)
        if prepared:
            os.ftruncate(out, len(data))
    finally:
        os.close(out)
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
    return values + job.get("hidden", [])


class Child:
    """A process that waits to become the task, or a container's client; `output` is what it will print."""

    def __init__(self):
        self.output, write_end = os.pipe()
        order, self.order = os.pipe()
        if sys.platform.startswith("linux"):
            try:
                fcntl.fcntl(self.output, F_SETPIPE_SZ, CHUNK)
            except OSError:
                pass  # the user's share of pipe memory is used up
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.order)
            task_process.become(order, write_end)
        os.close(write_end)
        os.close(order)

    def begin(self, text):
        with open(self.order, "wb", buffering=0) as out:
            left = memoryview(text)
            while left:
                left = left[out.write(left) :]

    def dismiss(self):
        """Let it go without work."""
        os.close(self.order)


class Supervisor:
    """A process that is ready to supervise, with a child that is ready to become the task."""

    def __init__(self):
        self.wake_read, wake_write = os.pipe()
        os.set_blocking(self.wake_read, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        self.stops = []
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self.stops.append("canceled"))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        process_care.adopt_orphans()
        self.task = Child()
        own = os.getpid()
        self.processes = {
            "pid": own,
            "start": process_care.start_time(own),
            "task": self.task.pid,
            "taskStart": process_care.start_time(self.task.pid),
        }

    def supervise(self, text, ended=lambda: None):
        """Run the job that stands in `text`, from its claim to its record; `ended` is called when that is there."""
        job = json.loads(text)
        folder = job["folder"]
        # Whoever comes second must not run the task again.
        os.close(os.open(os.path.join(folder, "claim"), os.O_CREAT | os.O_EXCL, 0o600))
        write_by_rename(os.path.join(folder, "pid.json"), self.processes)
        container = Container(job["container"]) if "container" in job else None
        if container is not None:
            # What a runtime leaves behind looks after the container: it is not ours to end.
            process_care.adopt_orphans(False)
        job["ends"] = time.monotonic() + job["deadline"] if job.get("deadline") else None
        inits = job.get("init")
        if not inits:
            self.task.begin(text)
        exit_file = os.path.join(folder, "exit.json")
        prepare(exit_file)
        identity = os.stat(folder).st_ino
        log = Log(os.path.join(folder, "log"), job["logCap"], read_secrets(job))
        record = self._before(job, inits, log) if inits else None
        if record is None:
            if inits:
                self.task.begin(text)
            record = self._run(self.task, job, log, container)
        else:
            self.task.dismiss()
        # Before the log is ended, which may make the folder anew.
        try:
            if os.stat(folder).st_ino != identity:
                record["folder_lost"] = True
        except OSError:
            record["folder_lost"] = True
        log.end()
        if log.is_full_disk:
            record["disk_full"] = True
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

    def _before(self, job, inits, log):
        """Run the containers before the task's own, in order; return the record of one that did not end well."""
        for init in inits:
            log.begin(init["title"])
            container = Container({"command": job["container"]["command"], "name": init["container"]})
            child = Child()
            order = {"folder": job["folder"], "env": job["env"], "secrets": [], "argv": init["argv"]}
            child.begin(json.dumps(order).encode())
            record = self._run(child, job, log, container)
            os.close(child.output)
            container.remove()
            if record["code"] != 0 or record["reason"] is not None:
                return dict(record, init=init["name"])
        log.begin("the task itself")
        # Whoever takes the container up without us writes its part of the log again.
        write_by_rename(os.path.join(job["folder"], "task_log.json"), log.size())
        return None

    def _run(self, child, job, log, container):
        """Watch one child to its end; return how it ended."""
        status, reason = self._watch(child, job, log, container)
        record = {
            "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None,
            "reason": reason,
            "finished_at": _now(),
        }
        if container is not None:
            _ask(container, record)
        elif job.get("bwrap") and (record["code"] or 0) > 128:
            _name_signal(record)
        return record

    def _watch(self, child, job, log, container):
        """Copy output until the child has ended; return its status and why it was stopped."""
        deadline = job["ends"]
        kill_at = status = reason = drain_until = None
        open_pipe = True
        while status is None or (open_pipe and time.monotonic() < drain_until):
            now = time.monotonic()
            if status is None and reason is None:
                if self.stops:
                    reason = "canceled"
                elif deadline is not None and now >= deadline:
                    reason = "deadline"
                if reason:
                    grace = _grace(job["folder"])
                    kill_at = now + grace
                    if container is None:
                        process_care.kill_group(child.pid, signal.SIGTERM)
                    else:
                        container.begin_stop(grace)
                        kill_at += 20
            if kill_at is not None and now >= kill_at:
                process_care.kill_group(child.pid, signal.SIGKILL)
                kill_at = None
            waits = [
                t - now for t in (kill_at, drain_until, deadline if reason is None else None) if t is not None
            ]
            ready, _, _ = select.select(
                [self.wake_read] + ([child.output] if open_pipe else []),
                [],
                [],
                max(0, min(waits)) if waits else None,
            )
            if self.wake_read in ready:
                os.read(self.wake_read, 4096)
            if child.output in ready:
                data = os.read(child.output, CHUNK)
                open_pipe = bool(data)
                log.write(data)
            while True:
                try:
                    done, code = os.waitpid(-1, os.WNOHANG)
                except ChildProcessError:
                    break
                if done == 0:
                    break
                if done == child.pid:
                    status = code
                    if container is None:
                        # What the task left behind ends with it, as in a container.
                        process_care.kill_group(child.pid, signal.SIGKILL)
                        process_care.end_leftovers()
                    drain_until = time.monotonic() + 2
                elif container is not None and done == container.stopper and code != 0 and status is None:
                    # There is no container yet, or no longer: only its client can be stopped.
                    process_care.kill_group(child.pid, signal.SIGTERM)
        return status, reason


def _ask(container, record):
    """Let the runtime say how the container ended, where its client cannot know."""
    if not container.follows and record["code"] == 0:
        return
    state = container.state()
    if state is None or state[0] in ("created", "configured"):
        record["container_failed"] = True
        return
    record["code"], record["signal"] = state[1], None
    if state[2]:
        record["out_of_memory"] = True


def _name_signal(record):
    """Bwrap tells the signal that ended the task as shells do, by a code."""
    try:
        record["signal"] = signal.Signals(record["code"] - 128).name
        record["code"] = None
    except ValueError:
        pass  # a code of the task's own


def _grace(folder):
    try:
        with open(os.path.join(folder, "cancel.json")) as request:
            return json.load(request)["graceMs"] / 1000
    except (OSError, ValueError, KeyError):
        return GRACE


def _now():
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + ".%03dZ" % (now % 1 * 1000)
