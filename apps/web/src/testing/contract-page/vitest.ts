/**
 * What the engine's contract suites use of Vitest, for a page: the suites are synchronous where the
 * port is, so they run where the port runs. The test outside runs each case by its name.
 */
interface Case {
  readonly name: string;
  run(): Promise<void>;
}

type Body = () => void | Promise<void>;

export const cases: Case[] = [];
let path: readonly string[] = [];
let around: { readonly before: readonly Body[]; readonly after: readonly Body[] } = { before: [], after: [] };

export function describe(name: string, body: () => void): void {
  const outer = { path, around };
  path = [...path, name];
  body();
  ({ path, around } = outer);
}

export function beforeEach(body: Body): void {
  around = { ...around, before: [...around.before, body] };
}

export function afterEach(body: Body): void {
  around = { ...around, after: [...around.after, body] };
}

export function test(name: string, body: Body): void {
  const { before, after } = around;
  cases.push({
    name: [...path, name].join(' › '),
    async run() {
      for (const each of before) await each();
      try {
        await body();
      } finally {
        for (const each of after) await each();
      }
    },
  });
}

export function expect(actual: unknown) {
  const must = (holds: boolean, expected: unknown): void => {
    if (!holds) throw new Error(`expected ${shown(expected)}, got ${shown(actual)}`);
  };
  return {
    toBe: (expected: unknown) => must(Object.is(actual, expected), expected),
    toEqual: (expected: unknown) => must(shown(actual) === shown(expected), expected),
    toBeUndefined: () => must(actual === undefined, undefined),
    toContain: (expected: unknown) => must(Array.isArray(actual) && actual.includes(expected), expected),
    toThrow(expected: unknown) {
      const thrown = thrownBy(actual as () => unknown);
      must(expected instanceof RegExp ? thrown instanceof Error && expected.test(thrown.message) : thrown === expected, expected);
    },
  };
}

function thrownBy(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Equal for what is equal: the order of properties aside, and `undefined` is no property. */
function shown(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  return JSON.stringify(value, (_, part: unknown) => (part !== null && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part)) ?? 'undefined';
}
