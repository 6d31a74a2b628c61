/**
 * Validators that are compiled when a route is first asked: all at once would cost a third of the start, and the compiler
 * alone ten megabytes of memory.
 */
import { createRequire } from 'node:module';

import type * as ajvCompiler from '@fastify/ajv-compiler';

const require = createRequire(import.meta.url);

type BuildCompiler = ajvCompiler.BuildCompilerFromPool;
type Compile = ReturnType<BuildCompiler>;

/** For `schemaController.compilersFactory.buildValidator`: Fastify's own compiler, put off. */
export function lazyValidators(): BuildCompiler {
  return (externalSchemas, options) => {
    let compile: Compile | undefined;
    return route => {
      let validate: ReturnType<Compile> | undefined;
      const lazy = (data: unknown): unknown => {
        compile ??= load()(externalSchemas, options);
        validate ??= compile(route);
        const answer = validate(data);
        // Fastify reads what was wrong from the function itself.
        Object.assign(lazy, { errors: validate.errors });
        return answer;
      };
      return lazy as ReturnType<Compile>;
    };
  };
}

function load(): BuildCompiler {
  const { default: AjvCompiler } =
    require('@fastify/ajv-compiler') as typeof ajvCompiler;
  return AjvCompiler();
}
