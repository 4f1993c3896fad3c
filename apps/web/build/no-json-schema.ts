import type { Plugin } from 'vite';

/** Where zod makes a JSON Schema of one of its schemas (zod/v4/core). */
const MODULE = /\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/;
/** Called as each schema is made: it gives the method that makes the JSON Schema. */
const MAKES_METHOD = /^create\w+Method$/;

/**
 * The server describes its interface by JSON Schema; the app never does, and every schema of zod brings
 * what could: 7 kB of the worker, compressed. Here that says so when it is called.
 */
export function noJsonSchema(): Plugin {
  return {
    name: 'everroll:no-json-schema',
    apply: 'build',
    transform(code, id) {
      if (!MODULE.test(id)) return null;
      const names = [...code.matchAll(/^export (?:(?:const|function|class) |\{ \w+ as )(\w+)/gm)].flatMap(([, name]) => (name === undefined ? [] : [name]));
      if (names.length === 0) this.error(`${id} exports nothing that is known here`);
      return {
        code: [`const refuse = () => { throw new Error('JSON Schema is not made in the app'); };`, ...names.map((name) => `export const ${name} = ${MAKES_METHOD.test(name) ? '() => refuse' : 'refuse'};`)].join('\n'),
        map: null,
      };
    },
  };
}
