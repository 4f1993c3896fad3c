/** How the steps of housekeeping last went in this process, for whoever asks after the server's health. */
export interface StepRun {
  readonly endedAt: number;
  readonly ok: boolean;
}

export class Upkeep {
  readonly #steps = new Map<string, StepRun>();
  /** Reading originals again goes on all the time, and is no step of an hour. */
  scrub: StepRun | null = null;

  note(step: string, run: StepRun): void {
    this.#steps.set(step, run);
  }

  get steps(): ReadonlyMap<string, StepRun> {
    return this.#steps;
  }
}
