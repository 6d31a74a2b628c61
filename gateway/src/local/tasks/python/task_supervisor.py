"""Runs one attempt of a task and outlives whoever started it: reads its job as JSON from standard input.

Standard library only; POSIX only. A fork server (fork_server.py) does the same for jobs that it is sent.
"""

import json
import os
import sys


def main():
    if sys.argv[1:2] == ["--probe-namespace"]:
        import private_root

        print(private_root.tool(sys.argv[2]) or "", flush=True)
        os._exit(0)
    import process_care

    process_care.yield_to_others()
    text = sys.stdin.buffer.read()
    if "python" in json.loads(text):
        import task_process

        # Before the fork, so that the child need not.
        task_process.import_runtime()
    import supervision

    supervision.Supervisor().supervise(text)
    os._exit(0)


if __name__ == "__main__":
    main()
