export type { Action, ActionKind, Scenario } from './actions/action.ts';
export { generate } from './search/generate.ts';
export { type Outcome, run } from './search/run.ts';
export { type Figures, search } from './search/search.ts';
export { Hardware } from './world/hardware.ts';
