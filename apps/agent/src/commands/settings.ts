import type { Device } from '../device/device.ts';
import { formatSpan, parseSpan } from '../output/format.ts';
import { parseChange } from '../settings/change.ts';
import { describeSettings } from '../settings/describe.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, succeeded, wrongUse } from './outcome.ts';

/** A pause of which nobody said how long it is holds for a day. */
const PAUSE_MS = 24 * 60 * 60_000;

/** Shows all settings and conditions, or changes what is named: all of it, or nothing where a part is wrong. */
export function setCommand(context: Context, pairs: readonly string[]): Promise<Outcome> {
  return withDevice(context, async (device) => {
    const { engine } = device;
    const parsed = parseChange(pairs);
    if (!parsed.ok) return wrongUse(parsed.sentence);
    engine.set(parsed.change.settings, parsed.change.conditions);
    await device.surroundings.first();
    const lines = describeSettings(engine, context.now());
    return succeeded(shown(device), parsed.change.settings.sync === false ? [...lines, 'Syncing is switched off: nothing moves, and nothing is deleted on either side.'] : lines);
  });
}

function shown({ engine, ports }: Device): Readonly<Record<string, unknown>> {
  return { settings: engine.settings(), conditions: engine.conditions(), conditionsByHand: engine.conditionsByHand(), conditionsTold: ports.conditions() };
}

export interface PauseOptions {
  readonly for?: string;
  readonly untilResumed?: boolean;
}

export function pauseCommand(context: Context, options: PauseOptions): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    if (options.untilResumed === true && options.for !== undefined) return wrongUse('Either --for or --until-resumed.');
    const span = options.untilResumed === true ? null : options.for === undefined ? PAUSE_MS : parseSpan(options.for);
    if (span === undefined || span === 0) return wrongUse(`${options.for ?? ''} is not a time: 30m, 2h or 1d.`);
    const until = span === null ? null : context.now() + span;
    engine.pause(until);
    return succeeded({ pausedUntil: until }, [span === null ? 'Paused until: everroll resume' : `Paused for ${formatSpan(span)}. Continue earlier with: everroll resume`]);
  });
}

export function resumeCommand(context: Context): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    engine.resume();
    return succeeded({ pausedUntil: null }, ['Syncing goes on.']);
  });
}
