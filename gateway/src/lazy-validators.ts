/** Validators that are compiled when a route is first asked: all at once would cost a third of the start. */
import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';

/** For `schemaController.compilersFactory.buildValidator`: Fastify's own compiler, put off. */
export function lazyValidators(): BuildCompilerFromPool {
  const build = AjvCompiler();
  return (externalSchemas, options) => {
    const compile = build(externalSchemas, options);
    return route => {
      let validate: ReturnType<typeof compile> | undefined;
      const lazy = (data: unknown): unknown => {
        validate ??= compile(route);
        const answer = validate(data);
        // Fastify reads what was wrong from the function itself.
        Object.assign(lazy, { errors: validate.errors });
        return answer;
      };
      return lazy as ReturnType<typeof compile>;
    };
  };
}
