"""Forks supervisors that need not import the runtime again. An optimisation: everything works without it.

Reads one job per line from standard input, `<id> <job as JSON>`, and answers on standard output with
`started <id> <pid>` and `ended <id> <status>`. Ends with its standard input; supervisors go on.
"""

import gc
import os
import select
import signal

import process_care
import supervision
import task_process


class Spare:
    """A supervisor that was forked before its job came, so that the job need not wait for the forks."""

    def __init__(self):
        job_read, self.job_write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.job_write)
            _stand_by(job_read)
        os.close(job_read)

    def send(self, number, job):
        with open(self.job_write, "wb", buffering=0) as out:
            left = memoryview(number + b" " + job)
            while left:
                left = left[out.write(left) :]


def _stand_by(job_read):
    status = 1
    try:
        process_care.lead_group()
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        # Not by way of the server: whoever waits hears it before this process is gone.
        answers = os.dup(1)
        os.dup2(null, 1)
        supervisor = supervision.Supervisor()
        with open(job_read, "rb", buffering=0) as waiting:
            number, _, job = waiting.read().partition(b" ")
        status = 0
        if job:
            status = 1
            supervisor.supervise(job, lambda: say("ended", int(number), 0, to=answers))
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
    process_care.yield_to_others()
    task_process.import_runtime()
    task_process.warm_up()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is there now is shared by all children for good.
    gc.freeze()
    jobs = {}
    rest = b""
    spare = Spare()
    while True:
        ready, _, _ = select.select([0, wake_read], [], [])
        if wake_read in ready:
            os.read(wake_read, 4096)
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    break
                if pid == spare.pid:
                    os._exit(1)  # forking does not work here; the gateway does without
                elif pid in jobs:
                    say("ended", jobs.pop(pid), status)
        if 0 in ready:
            data = os.read(0, 1 << 20)
            if not data:
                os._exit(0)
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                number, _, job = line.partition(b" ")
                jobs[spare.pid] = int(number)
                try:
                    spare.send(number, job)
                except BrokenPipeError:
                    pass  # it died meanwhile, and its end will be told
                say("started", int(number), spare.pid)
                spare = Spare()


if __name__ == "__main__":
    main()
