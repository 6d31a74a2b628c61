import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { TASK_STATES } from 'jupyterlab-kfp-model';

import type { TaskRecord } from '../engine/contract.ts';
import { message } from './answer-message.ts';
import { TaskDetails } from './run-details.ts';

/** The same as plain objects, all of it made anew for each question. */
function plainDetails(tasks: readonly TaskRecord[]): unknown {
  return tasks.map((task, index) => {
    const last = task.attempts.at(-1);
    return message({
      run_id: task.runId,
      task_id: task.taskId,
      display_name: task.displayName,
      create_time: whole(task.createdAt),
      start_time: whole(task.startedAt),
      end_time: whole(task.finishedAt),
      state: WORDS[task.state] ?? task.state,
      executor_detail: last && {
        main_job: last.attemptId,
        ...message({
          failed_main_jobs: task.attempts
            .filter(({ state }) => state === 'FAILED')
            .map(({ attemptId }) => attemptId)
        })
      },
      execution_id: String(index + 1),
      error: task.error && { code: 2, message: task.error.message },
      inputs: ids(task.inputs),
      outputs: ids(task.outputs),
      parent_task_id: task.parentId,
      pod_name: last?.attemptId,
      state_history: [
        ...(task.startedAt === undefined
          ? []
          : [{ update_time: whole(task.startedAt), state: 'RUNNING' }]),
        ...(task.finishedAt === undefined
          ? []
          : [
              message({
                update_time: whole(task.finishedAt),
                state: WORDS[task.state] ?? task.state
              })
            ])
      ],
      child_tasks: tasks
        .filter(({ parentId }) => parentId === task.taskId)
        .map(child =>
          message({
            task_id: child.taskId,
            pod_name: child.attempts.at(-1)?.attemptId
          })
        )
    });
  });
}

const WORDS: Readonly<Record<string, string>> = {
  PENDING: '',
  RETRYING: 'RUNNING',
  CACHED: 'SUCCEEDED',
  NOT_REACHED: '',
  UNKNOWN: ''
};

function whole(time: string | undefined): string {
  return time === undefined
    ? '0001-01-01T00:00:00Z'
    : new Date(Math.floor(Date.parse(time) / 1000) * 1000)
        .toISOString()
        .replace('.000Z', 'Z');
}

function ids(values: TaskRecord['inputs']): unknown {
  const lists = Object.entries(values.artifacts).filter(
    ([, list]) => list.length > 0
  );
  return lists.length === 0
    ? undefined
    : Object.fromEntries(
        lists.map(([name, list]) => [
          name,
          { artifact_ids: list.map(({ artifactId }) => artifactId) }
        ])
      );
}

const time = fc
  .date({
    min: new Date('2020-01-01'),
    max: new Date('2040-01-01'),
    noInvalidDate: true
  })
  .map(date => date.toISOString());
const sometimes = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(some, { nil: undefined });
const values = fc.record({
  parameters: fc.constant({}),
  artifacts: fc.dictionary(
    fc.string(),
    fc.array(
      fc.string({ minLength: 1 }).map(artifactId => ({
        artifactId,
        name: 'a',
        type: {},
        uri: 'file:///a',
        metadata: {}
      })),
      { maxLength: 3 }
    ),
    { maxKeys: 3 }
  )
});
const attempt = fc.record({
  attemptId: fc.uuid(),
  index: fc.nat(3),
  podName: fc.string(),
  state: fc.constantFrom('RUNNING' as const, 'FAILED' as const),
  folder: fc.string()
});
const someTask = fc.record({
  displayName: fc.string(),
  state: fc.constantFrom(...TASK_STATES),
  createdAt: time,
  startedAt: sometimes(time),
  finishedAt: sometimes(time),
  error: sometimes(fc.record({ message: fc.string(), code: fc.string() })),
  inputs: values,
  outputs: values,
  attempts: fc.array(attempt, { maxLength: 3 }),
  parent: fc.nat()
});

/** Tasks whose parents stand before them. */
const someTasks = fc
  .array(someTask, { minLength: 1, maxLength: 150 })
  .map(list =>
    list.map(
      (
        { parent, startedAt, finishedAt, error, ...task },
        index
      ): TaskRecord => ({
        ...task,
        taskId: `task "${index}"`,
        runId: 'run',
        ...(index === 0 ? {} : { parentId: `task "${parent % index}"` }),
        path: `root.${index}`,
        key: String(index),
        kind: 'task',
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(finishedAt === undefined ? {} : { finishedAt }),
        ...(error === undefined ? {} : { error })
      })
    )
  );

function read(details: TaskDetails, tasks: readonly TaskRecord[]): unknown {
  return JSON.parse(details.render(tasks)?.text ?? '[]');
}

describe('task details', () => {
  it('are the text of what plain objects would say', () => {
    fc.assert(
      fc.property(someTasks, tasks => {
        assert.equal(
          new TaskDetails().render(tasks)?.text,
          JSON.stringify(plainDetails(tasks))
        );
      })
    );
  });

  it('follow each task that changes, and its place among the others', () => {
    fc.assert(
      fc.property(someTasks, someTasks, (before, after) => {
        const details = new TaskDetails();
        read(details, before);
        const mixed = after.map((task, index) =>
          index % 2 === 0 ? task : (before[index] ?? task)
        );
        assert.deepEqual(read(details, mixed), plainDetails(mixed));
        const rest = mixed.slice(1);
        assert.deepEqual(read(details, rest), plainDetails(rest));
      })
    );
  });

  it('are absent while there are no tasks', () => {
    assert.equal(new TaskDetails().render([]), undefined);
  });
});
