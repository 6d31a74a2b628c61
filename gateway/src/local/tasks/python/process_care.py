"""What a supervisor must know about processes: who is who, who is left, and how to end them."""

import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

IS_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True)


def start_time(pid):
    """What tells this process from a later one with the same number; None where /proc is absent."""
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rpartition(")")[2].split()[19]
    except OSError:
        return None


def yield_to_others():
    """Let the gateway, JupyterLab and kernels go first: on a small machine a wide run would starve them."""
    os.nice(10)
    if IS_LINUX:
        try:
            # Linux weighs sessions against each other before it looks at the processes inside (`man 7 sched`, autogroup).
            with open("/proc/self/autogroup", "w") as group:
                group.write("5")
        except OSError:
            pass  # not built in, or asked for too often by an ordinary user


def adopt_orphans(whether=True):
    """Become the parent of whatever a task leaves behind, so that it can be found and ended."""
    if IS_LINUX:
        _LIBC.prctl(PR_SET_CHILD_SUBREAPER, int(whether), 0, 0, 0)


def end_with_parent():
    """Be killed when the supervisor is: a task without one would run unseen."""
    if IS_LINUX:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def lead_group():
    """Lead a process group, to be signalled as one; not a session, whose weight would be that of the gateway."""
    os.setpgid(0, 0)


def kill_group(pid, number):
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def children():
    """Processes whose parent is this one."""
    own = os.getpid()
    try:
        with open("/proc/self/task/%d/children" % own) as listed:
            return [int(pid) for pid in listed.read().split()]
    except OSError:
        pass
    found = []
    try:
        entries = os.listdir("/proc")
    except OSError:
        return []
    for entry in entries:
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry) as stat:
                    if int(stat.read().rpartition(")")[2].split()[1]) == own:
                        found.append(int(entry))
            except OSError:
                pass
    return found


def end_leftovers():
    """Kill what the ended task left running, also what left its group, as the end of a container does."""
    limit = time.monotonic() + 2
    while time.monotonic() < limit:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return  # the usual end, without a look at all processes of the machine
        for pid in children():
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except OSError:
                pass


def close_above(last):
    """Close every descriptor above `last`, whoever opened it."""
    try:
        for name in os.listdir("/dev/fd"):
            if int(name) > last:
                try:
                    os.close(int(name))
                except OSError:
                    pass
    except OSError:
        os.closerange(last + 1, 1024)
