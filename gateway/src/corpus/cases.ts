/** The conformance corpus: compiled pipelines with the outcome the local service must give. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Json } from 'jupyterlab-kfp-model';

/** Beside the repository; tests that need it skip where it is absent. */
export const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus');

/** What an artifact of the pipeline must be; fields that are absent are not checked. */
export interface ExpectedArtifact {
  readonly type?: string;
  readonly text?: string;
  readonly metadata?: Readonly<Record<string, Json>>;
}

/** One case as its README describes it. */
export interface CorpusCase {
  readonly file: string;
  readonly class: string;
  readonly arguments: Readonly<Record<string, Json>>;
  readonly setup?: {
    readonly secrets?: Readonly<
      Record<string, Readonly<Record<string, string>>>
    >;
    readonly volumes?: readonly string[];
  };
  readonly action?: { readonly terminate_after_seconds: number };
  readonly expect: 'succeeded' | 'failed' | 'invalid' | 'refused-or-succeeded';
  readonly may_refuse?: boolean;
  readonly requires?: readonly string[];
  readonly expected_outputs?: {
    readonly parameters?: Readonly<Record<string, Json>>;
    readonly artifacts?: Readonly<Record<string, readonly ExpectedArtifact[]>>;
  } | null;
  readonly expected_tasks?: Readonly<Record<string, string>>;
  readonly expected_task_outputs?: Readonly<
    Record<string, Readonly<Record<string, Json>>>
  >;
  readonly expected_logs?: Readonly<Record<string, readonly string[]>>;
  readonly expected_argv?: Readonly<Record<string, readonly string[]>>;
  readonly expected_files?: Readonly<Record<string, string>>;
  readonly expected_attempts?: Readonly<Record<string, number>>;
  readonly expected_error?: string;
  readonly rerun?: 'cached';
  readonly slow_seconds?: number;
  readonly notes?: string;
}

/** The cases; `undefined` where the corpus is absent. */
export function readCases(): readonly CorpusCase[] | undefined {
  const file = join(CORPUS, 'cases.json');
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as readonly CorpusCase[])
    : undefined;
}

/** Put the case's own folder where it says `${TMP}`. */
export function withFolder<T extends Json>(value: T, folder: string): T {
  return JSON.parse(
    JSON.stringify(value).replaceAll(
      '${TMP}',
      JSON.stringify(folder).slice(1, -1)
    )
  ) as T;
}
