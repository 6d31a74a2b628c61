"""Forks supervisors that need not import the runtime again. An optimisation: everything works without it.

Reads one job per line from standard input, `{"id": 1, "job": {...}}`, and answers on standard output with
`started <id> <pid>` and `ended <id> <status>`. Ends with its standard input; supervisors go on.
"""

import gc
import json
import os
import select
import signal

import supervision
import task_process


def fork_supervisor(number, job):
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        # Not by way of the server: whoever waits hears it before this process is gone.
        answers = os.dup(1)
        os.set_inheritable(answers, False)
        os.dup2(null, 1)
        gc.enable()
        supervision.supervise(job, lambda: say("ended", number, 0, to=answers))
        status = 0
    except BaseException as error:
        os.write(2, ("%s: %s\n" % (type(error).__name__, error)).encode())
    finally:
        os._exit(status)


def say(*words, to=1):
    try:
        os.write(to, (" ".join(str(word) for word in words) + "\n").encode())
    except BrokenPipeError:
        pass  # the gateway is gone; the record on disk is what counts


def main():
    task_process.import_runtime()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is there now is shared by all children for good.
    gc.disable()
    gc.freeze()
    jobs = {}
    rest = b""
    while True:
        ready, _, _ = select.select([0, wake_read], [], [])
        if wake_read in ready:
            os.read(wake_read, 4096)
            while jobs:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    break
                if pid in jobs:
                    say("ended", jobs.pop(pid), status)
        if 0 in ready:
            data = os.read(0, 1 << 20)
            if not data:
                os._exit(0)
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                order = json.loads(line)
                pid = fork_supervisor(order["id"], order["job"])
                jobs[pid] = order["id"]
                say("started", order["id"], pid)


if __name__ == "__main__":
    main()
