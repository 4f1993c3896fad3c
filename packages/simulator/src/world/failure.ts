/** What can be broken: the invariants that are checked, and `defect` for an exception or an internal error. */
export const rules = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12', 'I13', 'I14', 'defect'] as const;
export type Rule = (typeof rules)[number];

/** Rules that are taken away, as if nobody had thought of them: only to show that each is needed. */
export type Without = ReadonlySet<Rule>;
export const withoutNone: Without = new Set();

/** @returns undefined where one of the names is no rule. */
export function parseWithout(text: string): Without | undefined {
  const named = text.split(',').map((name) => rules.find((rule) => rule === name.trim()));
  return named.includes(undefined) ? undefined : new Set(named.filter((rule) => rule !== undefined));
}

/** A broken invariant, or a defect that the code itself reported. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: Rule;
  readonly detail: string;

  constructor(rule: Rule, detail: string) {
    super(`${rule}: ${detail}`);
    this.rule = rule;
    this.detail = detail;
  }
}
