/**
 * `text/html` and `text/plain` of a draft.
 */
import { line } from './cut-text.ts';
import {
  element,
  escapeHead,
  escapeHtml,
  joined,
  list,
  type Html
} from './html.ts';
import { moreSentence } from './run-sentences.ts';
import type { PipelineInput, PipelinePayload } from './types.ts';

/** Types as people write them in Python. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['STRING', 'str'],
  ['NUMBER_INTEGER', 'int'],
  ['NUMBER_DOUBLE', 'float'],
  ['BOOLEAN', 'bool'],
  ['LIST', 'list'],
  ['STRUCT', 'dict']
]);

/** `Pipeline train (not sent): 5 tasks; parameters rows: int = 100, lr: float = 0.1`, then findings. */
export function pipelineText(
  payload: PipelinePayload,
  tasks: number,
  rows: number
): string {
  const inputs = limited(payload.inputs.map(inputText), rows);
  const parameters =
    inputs.length === 0 ? '' : `; parameters ${inputs.join(', ')}`;
  return [
    `Pipeline ${payload.name} (not sent)${tasksText(payload, tasks)}${parameters}`,
    ...findings(payload, rows).map(text => `  ${text}`)
  ].join('\n');
}

/** The same as a list, with the images and packages of the components. */
export function pipelineHtml(
  payload: PipelinePayload,
  tasks: number,
  rows: number
): Html {
  const inputs = limited(payload.inputs.map(inputText), rows);
  return joined(
    element('strong', escapeHead(`Pipeline ${payload.name}`)),
    escapeHtml(` (not sent)${tasksText(payload, tasks)}\n`),
    list([
      ...(inputs.length === 0
        ? []
        : [
            joined(
              escapeHtml('parameters '),
              element('code', escapeHtml(inputs.join(', ')))
            )
          ]),
      ...limited(payload.components.map(componentText), rows).map(escapeHtml),
      ...findings(payload, rows).map(escapeHtml)
    ])
  );
}

function tasksText({ format }: PipelinePayload, tasks: number): string {
  // The tasks of a workflow of KFP 1.x are not read.
  return format === 'argo'
    ? ''
    : `: ${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
}

function componentText({
  name,
  image,
  packages
}: PipelinePayload['components'][number]): string {
  const parts = [
    ...(image === undefined ? [] : [image]),
    ...(packages?.length ? [`with ${packages.join(', ')}`] : [])
  ];
  return parts.length === 0 ? name : `${name}: ${parts.join(' ')}`;
}

function inputText({ name, type, default: value }: PipelineInput): string {
  const typed = `${name}: ${TYPES.get(type) ?? type}`;
  return value === undefined ? typed : `${typed} = ${line(value, 60)}`;
}

function findings({ lint }: PipelinePayload, rows: number): readonly string[] {
  return limited(
    (lint ?? []).map(
      ({ rule, severity, message, line: at, where }) =>
        `${severity} ${rule}: ${message}${at === undefined ? '' : ` (${where === undefined ? '' : `${where}, `}line ${at})`}`
    ),
    rows
  );
}

function limited(texts: readonly string[], rows: number): readonly string[] {
  return texts.length <= rows || rows === 0
    ? texts.slice(0, rows)
    : [...texts.slice(0, rows), moreSentence(texts.length - rows)];
}
