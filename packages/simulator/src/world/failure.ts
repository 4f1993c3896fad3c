/** A broken invariant, or a defect that the code itself reported. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** `I1` … `I14`, or `defect`. */
  readonly rule: string;

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.rule = rule;
  }
}
