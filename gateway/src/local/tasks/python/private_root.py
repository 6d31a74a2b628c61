"""A private view of the file system with the mounts of a task; nothing is created on the host. Linux only."""

import ctypes
import os
import shutil
import stat
import subprocess

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = (
    1024,
    2048,
    4096,
    16384,
    1 << 18,
    1 << 21,
)
MNT_DETACH = 2
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}
# What a bind mount must keep when it becomes read-only, as statvfs names it and as mount does.
KEPT_FLAGS = (
    (2, MS_NOSUID),
    (4, MS_NODEV),
    (8, MS_NOEXEC),
    (1024, MS_NOATIME),
    (2048, MS_NODIRATIME),
    (4096, MS_RELATIME),
)

_LIBC = ctypes.CDLL(None, use_errno=True)


def _check(answer, what):
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, os.strerror(number)))


def _mount(source, target, kind, flags, data=None):
    def encoded(text):
        return None if text is None else os.fsencode(text)

    _check(
        _LIBC.mount(encoded(source), encoded(target), encoded(kind), ctypes.c_ulong(flags), encoded(data)),
        "cannot mount %s" % target,
    )


def _unshare():
    """Get mounts of our own: as root directly, else with a user namespace in which nothing but us is mapped."""
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0 and _LIBC.unshare(CLONE_NEWNS) == 0:
        return False
    _check(_LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS), "no private mounts")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", "%d %d 1" % (uid, uid)),
        ("gid_map", "%d %d 1" % (gid, gid)),
    ):
        with open("/proc/self/" + name, "w") as out:
            out.write(text)
    return True


def _bind(source, target, read_only=False):
    """Bind a file or folder onto a new entry of our own root, or onto one that exists."""
    if not os.path.lexists(target):
        if os.path.isdir(source):
            os.makedirs(target)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    _mount(source, target, None, MS_BIND | MS_REC)
    if read_only:
        have = os.statvfs(target).f_flag
        kept = sum(ours for theirs, ours in KEPT_FLAGS if have & theirs)
        _mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


def _entries(folder):
    """Every entry of a host folder, and where it points to if it is a link."""
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        yield path, os.readlink(path) if os.path.islink(path) else None


def _show_entries(folder, stage):
    """Show every entry of a host folder below the stage, where the folder is ours."""
    for path, link in _entries(folder):
        if link is not None:
            os.symlink(link, stage + path)
            continue
        try:
            _bind(path, stage + path)
        except OSError:
            pass  # a socket or a broken file system: the task sees an empty entry


def _existing(path):
    """The deepest folder of the host on the way to `path`, without links, and what is missing after it."""
    missing = []
    while not os.path.lexists(path):
        path, name = os.path.split(path)
        missing.insert(0, name)
    return os.path.realpath(path), missing


def _steps(mounts):
    """What makes the root private, in order: ("cover", folder, mode) and ("bind", source, place, read only)."""
    ours = {"/"}
    for source, target, read_only in sorted(mounts, key=lambda mount: mount[1].count("/")):
        target = os.path.normpath(target)
        if not target.startswith("/") or target == "/":
            raise OSError("%s is no place for a mount" % target)
        folder, missing = _existing(target)
        if missing and folder not in ours:
            # The host must not get the mount point: a folder of ours shows the same entries and takes one more.
            yield "cover", folder, stat.S_IMODE(os.stat(folder).st_mode)
            ours.add(folder)
        yield "bind", source, os.path.join(folder, *missing), read_only


def enter(stage, mounts):
    """Leave for a private root; `mounts` are [source, target, read only], `stage` an empty folder of ours."""
    owner = os.stat(stage)
    steps = list(_steps(mounts))
    is_mapped = _unshare()
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _mount("tmpfs", stage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
    _show_entries("/", stage)
    for kind, *step in steps:
        if kind == "cover":
            folder, mode = step
            _mount("tmpfs", stage + folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=%o" % mode)
            _show_entries(folder, stage)
        else:
            source, place, read_only = step
            _bind(source, stage + place, read_only)
    os.chdir(stage)
    _pivot()
    if is_mapped and owner.st_uid != 0:
        _drop_capabilities()


def bwrap_command(bwrap, mounts):
    """The beginning of a command that does the same by bwrap, which systems allow that forbid it to others."""

    def shown(folder):
        for path, link in _entries(folder):
            yield from ("--symlink", link, path) if link is not None else ("--dev-bind-try", path, path)

    command = [bwrap, "--die-with-parent", *shown("/")]
    for kind, *step in _steps(mounts):
        if kind == "cover":
            folder, mode = step
            command += ["--perms", "%04o" % mode, "--tmpfs", folder, *shown(folder)]
        else:
            source, place, read_only = step
            command += ["--ro-bind" if read_only else "--bind", source, place]
    return [*command, "--"]


def _pivot():
    number = SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is not None and _LIBC.syscall(number, b".", b".") == 0:
        _check(_LIBC.umount2(b".", MNT_DETACH), "cannot leave the old root")
    else:
        # The old root is no mount of its own (a chroot, an initial RAM disk).
        os.chroot(".")
    os.chdir("/")


def _drop_capabilities():
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _LIBC.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


PROBE = "/jupyterlab-kfp-probe"


def tool(stage):
    """How a private root can be had here: "own" by ourselves, else the path of bwrap, else None."""
    if not hasattr(_LIBC, "unshare"):
        return None
    bwrap = shutil.which("bwrap")
    return "own" if _works(stage) else bwrap if bwrap and _bwrap_works(bwrap, stage) else None


def _works(stage):
    """Whether we can make one ourselves; tried in a child, so that nothing of it stays."""
    pid = os.fork()
    if pid == 0:
        try:
            enter(stage, [[stage, PROBE, True]])
            os._exit(0 if os.path.isdir(PROBE) and os.path.isdir("/proc/self") else 1)
        except BaseException:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0 and not os.path.lexists(PROBE)


def _bwrap_works(bwrap, stage):
    command = [*bwrap_command(bwrap, [[os.path.dirname(stage), PROBE, True]]), "test", "-d", PROBE]
    try:
        return subprocess.run(command, capture_output=True, timeout=5).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
