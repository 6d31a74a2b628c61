/** Tables of the engine: task instances, attempts, artifacts, cache. */
import type { Migration } from './database.ts';

export const executionMigrations: readonly Migration[] = [
  { version: 2, statements: [] }
];
