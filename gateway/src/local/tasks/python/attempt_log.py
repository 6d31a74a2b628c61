"""The log of an attempt: one file, with a cap, and without the values of secrets."""

import errno
import json
import os
import time


class Mask:
    """Replaces the values of secrets in a stream; a value may come in pieces."""

    SHORTEST = 6
    STARS = b"********"

    def __init__(self, values):
        wanted = set()
        for value in values:
            text = value.strip()
            for part in [text, *text.splitlines()]:
                part = part.strip()
                for form in (part, json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1]):
                    if len(form) >= self.SHORTEST:
                        wanted.add(form.encode("utf-8", "surrogateescape"))
        self.values = sorted(wanted, key=len, reverse=True)
        self.held = b""

    def feed(self, data):
        """Return what can be written now; the beginning of a value waits for its rest."""
        if not self.values:
            return data
        data = self.held + data
        for value in self.values:
            data = data.replace(value, self.STARS)
        hold = max(self._begun(data, value) for value in self.values)
        self.held = data[len(data) - hold :]
        return data[: len(data) - hold]

    def rest(self):
        held, self.held = self.held, b""
        return held

    @staticmethod
    def _begun(data, value):
        for length in range(min(len(value) - 1, len(data)), 0, -1):
            if data.endswith(value[:length]):
                return length
        return 0


class Times:
    """Notes when the log had which length: once a second at first, later more seldom, so that it stays small."""

    MANY = 2048

    def __init__(self, path):
        self.path = path
        self.fd = None
        self.pause = 1.0
        self.marks = 0
        self.next = 0.0

    def mark(self, length):
        now = time.monotonic()
        if now < self.next:
            return
        self.next = now + self.pause
        self.marks += 1
        if self.marks % self.MANY == 0:
            self.pause *= 2
        try:
            if self.fd is None:
                self.fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(self.fd, b"%d %d\n" % (length, int(time.time() * 1000)))
        except OSError:
            self.next = float("inf")  # the log itself is worth more, and tells of a full disk

    def end(self):
        if self.fd is not None:
            os.close(self.fd)


class Log:
    """Appends to the log file; never raises, so that a full disk does not end the task."""

    def __init__(self, path, cap, secrets=()):
        self.left = self.cap = cap
        self.dropped = 0
        self.is_full_disk = False
        self.mask = Mask(secrets)
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self.times = Times(path + "_times")

    def _put(self, data):
        self.times.mark(self.size())
        try:
            while data:
                data = data[os.write(self.fd, data) :]
        except OSError as error:
            self.is_full_disk = self.is_full_disk or error.errno in (errno.ENOSPC, errno.EDQUOT)
            self.dropped += len(data)

    def _capped(self, data):
        if len(data) <= self.left:
            self.left -= len(data)
            self._put(data)
            return
        if self.left >= 0:
            self._put(data[: self.left] + b"\n[log cut here: limit of %d bytes]\n" % self.cap)
            data = data[self.left :]
            self.left = -1
        self.dropped += len(data)

    def write(self, data):
        if self.left < 0:
            # Past the cap nothing is looked at any more: a task that only writes must not wait for us.
            self.dropped += len(data)
        else:
            self._capped(self.mask.feed(data))

    def begin(self, title):
        """A line of ours at the head of a part."""
        self._capped(self.mask.rest())
        self._capped(("[%s]\n" % title).encode())

    def size(self):
        return os.fstat(self.fd).st_size

    def end(self):
        self._capped(self.mask.rest())
        if self.dropped:
            self._put(b"[%d bytes of log dropped]\n" % self.dropped)
        if os.fstat(self.fd).st_nlink == 0:
            self._save()
        os.close(self.fd)
        self.times.end()

    def _save(self):
        """The task deleted its folder: what it wrote is there as long as the file is open."""
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            saved = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            return  # there is something else in its place
        try:
            at = 0
            while True:
                data = os.pread(self.fd, 1 << 20, at)
                if not data:
                    return
                at += os.write(saved, data)
        except OSError:
            pass  # the disk is full: what fits is there
        finally:
            os.close(saved)
