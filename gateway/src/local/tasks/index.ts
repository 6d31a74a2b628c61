export { createTaskRunner } from './task-runner.ts';
export type { TaskRunnerOptions } from './task-runner.ts';
export { settingsOf } from './settings.ts';
