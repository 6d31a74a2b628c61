export type * from './graph/static-graph.ts';
export * from './payload/types.ts';
export * from './run/states.ts';
export type * from './run/view.ts';
export type * from './spec/ir.ts';
export * from './wire/watch.ts';
export type * from './wire/workbench.ts';
