"""How a pipeline decides, repeats and cleans up: conditions, loops, and a task that always runs at the end."""

from kfp import dsl


@dsl.component(base_image="python:3.11")
def throw_die(seed: int) -> int:
    """Answer a number from 1 to 6; the same seed gives the same number."""
    import random

    value = random.Random(seed or None).randint(1, 6)
    print(f"The die shows {value}")
    return value


@dsl.component(base_image="python:3.11")
def say(text: str) -> str:
    """Print a text and hand it on."""
    print(text)
    return text


@dsl.component(base_image="python:3.11")
def square(number: int) -> int:
    """One round of a loop."""
    return number * number


@dsl.component(base_image="python:3.11")
def add_all(numbers: list[int]) -> int:
    """Take what all rounds of a loop made."""
    return sum(numbers)


@dsl.component(base_image="python:3.11")
def goodbye(status: dsl.PipelineTaskFinalStatus) -> None:
    """Runs at the end, whatever happened before."""
    print(f"The pipeline ended: {status.state}")


@dsl.pipeline(
    name="tutorial-control-structures",
    description="One of three branches by the throw of a die, a loop whose rounds run side by side, and a last task.",
)
def control_structures(seed: int = 0) -> int:
    """Throw a die, take a branch, square some numbers and add them up."""
    with dsl.ExitHandler(goodbye(), name="always say goodbye"):
        die = throw_die(seed=seed)
        die.set_caching_options(False)
        with dsl.If(die.output == 6, name="a six"):
            say(text="A six!")
        with dsl.Elif(die.output >= 4, name="four or five"):
            say(text="Not bad.")
        with dsl.Else(name="three or less"):
            say(text="Better luck next time.")
    with dsl.ParallelFor([1, 2, 3, 4], name="squares", parallelism=2) as number:
        squared = square(number=number)
    return add_all(numbers=dsl.Collected(squared.output)).output
