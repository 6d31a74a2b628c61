"""How data goes from task to task: small values as parameters, files as artifacts, numbers as metrics."""

from typing import NamedTuple

from kfp import dsl


@dsl.component(base_image="python:3.11")
def make_numbers(count: int, numbers: dsl.Output[dsl.Dataset]) -> int:
    """Write a file with one number per line; answer how many there are."""
    with open(numbers.path, "w") as file:
        for number in range(1, count + 1):
            file.write(f"{number}\n")
    numbers.metadata["rows"] = count
    return count


@dsl.component(base_image="python:3.11")
def summarize(
    numbers: dsl.Input[dsl.Dataset],
    summary: dsl.Output[dsl.Metrics],
) -> NamedTuple("Summary", [("total", int), ("mean", float)]):  # type: ignore[valid-type]
    """Read the file of another task; answer two values and show one as a metric."""
    with open(numbers.path) as file:
        values = [int(line) for line in file]
    total = sum(values)
    mean = total / len(values)
    summary.log_metric("mean", mean)
    return (total, mean)  # type: ignore[return-value]


@dsl.component(base_image="python:3.11")
def report(title: str, count: int, total: int, mean: float, page: dsl.Output[dsl.Markdown]) -> str:
    """Take values of two tasks and write a page that the workbench shows."""
    sentence = f"{count} numbers, {total} in all, {mean} on average"
    with open(page.path, "w") as file:
        file.write(f"# {title}\n\n{sentence}.\n")
    print(sentence)
    return sentence


@dsl.pipeline(
    name="tutorial-data-passing",
    description="Small values travel as parameters, files as artifacts. A task starts when all it takes is there.",
)
def data_passing(count: int = 10, title: str = "Numbers") -> str:
    """Make numbers, summarize them, and report on both."""
    made = make_numbers(count=count)
    summed = summarize(numbers=made.outputs["numbers"])
    told = report(
        title=title,
        count=made.outputs["Output"],
        total=summed.outputs["total"],
        mean=summed.outputs["mean"],
    )
    return told.outputs["Output"]
