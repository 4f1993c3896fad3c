import type { Plugin } from 'vite';

/** The device's tables, with what each is for. */
const MODULE = /\/engine\/src\/database\/schema\.ts$/;
/** A line of its own, or what follows a column. */
const COMMENT = /^[ \t]*--.*\n|[ \t]+--.*$/gm;

/** What is said in SQL of the device's tables is for who reads the source: 1 kB of the worker, compressed. */
export function noSqlComments(): Plugin {
  return {
    name: 'everroll:no-sql-comments',
    apply: 'build',
    transform(code, id) {
      if (!MODULE.test(id)) return null;
      const left = code.replaceAll(COMMENT, '');
      if (left === code) this.error(`${id} has no comments that are known here`);
      return { code: left, map: null };
    },
  };
}
