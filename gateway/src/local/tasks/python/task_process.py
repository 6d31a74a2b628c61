"""Becomes the task: its own process group, its own files, folder, variables and mounts, then the program or KFP's runtime."""

import json
import os
import signal
import sys
import time

import process_care


def import_runtime():
    """Import what KFP's runtime needs, and nothing of the user's."""
    os.environ["_KFP_RUNTIME"] = "true"
    import kfp.dsl.executor_main  # noqa: F401


def warm_up():
    """Let the parts of the standard library that the runtime uses do their first-time work; nothing of it is seen."""
    import argparse
    import atexit  # noqa: F401
    import threading  # noqa: F401
    import traceback  # noqa: F401

    parser = argparse.ArgumentParser(description="")
    parser.add_argument("--name", type=str, required=True, help="")
    parser.parse_known_args(["--name", "value"])
    json.dumps(json.loads('{"list": [1]}'), indent=4)


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
    # Not the folder of the supervisor: modules of the task must not meet ours.
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


def become(order, output):
    """Become the task that is read from `order`, once it comes; never returns."""
    code = 127
    try:
        process_care.end_with_parent()
        process_care.lead_group()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        # All that can be done before the job is known: it waits for nothing else.
        order = os.dup2(order, 3)
        process_care.close_above(3)
        sys.stdout = _stream(1)
        sys.stderr = _stream(2)
        with open(order, "rb", buffering=0) as waiting:
            text = waiting.read()
        if not text:
            # The supervisor ended without a job.
            os._exit(code)
        job = json.loads(text)
        environment = dict(job["env"])
        for name, file in job["secrets"]:
            with open(file) as value:
                environment[name] = value.read()
        if job.get("mounts"):
            import private_root

            if job.get("bwrap"):
                _go_on_inside(job, environment)
            private_root.enter(job["stage"], job["mounts"])
        code = _work(job, environment)
    except BaseException as error:
        os.write(2, ("cannot start: %s\n" % error).encode())
    finally:
        os._exit(code & 255)


def _work(job, environment):
    """Do the task's work; return its exit code, if it is not another program by then."""
    os.chdir(job["folder"])
    if "python" not in job:
        os.execvpe(job["argv"][0], job["argv"], environment)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    code = run_python(job)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _go_on_inside(job, environment):
    """Become bwrap, which starts this file again in a private root; never returns."""
    import private_root

    inside = {name: job[name] for name in ("folder", "python", "argv") if name in job}
    # In memory, since secrets are in it and no pipe may hold it all.
    text = os.memfd_create("job", 0)
    os.set_inheritable(text, True)
    with open(text, "wb", buffering=0, closefd=False) as out:
        out.write(json.dumps([inside, environment]).encode())
    # The stop is the task's to hear: bwrap only waits for it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    command = [
        *private_root.bwrap_command(job["bwrap"], job["mounts"]),
        sys.executable,
        "-s",
        __file__,
        str(text),
    ]
    os.execvp(command[0], command)


def _inside():
    """Go on as the task, in the private root; never returns."""
    code = 127
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(int(sys.argv[1]), "rb") as text:
            text.seek(0)
            job, environment = json.load(text)
        sys.stdout = _stream(1)
        sys.stderr = _stream(2)
        if "python" in job:
            import_runtime()
        code = _work(job, environment)
    except BaseException as error:
        os.write(2, ("cannot start: %s\n" % error).encode())
    finally:
        os._exit(code & 255)


def _stream(number):
    return os.fdopen(number, "w", buffering=1, closefd=False, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    _inside()
