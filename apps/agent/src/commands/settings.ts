import { formatSpan, parseSpan } from '../output/format.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, succeeded, wrongUse } from './outcome.ts';

export function setCommand(context: Context, pairs: readonly string[]): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    const change: { sync?: boolean } = {};
    for (const pair of pairs) {
      const [key, value] = pair.split('=', 2);
      if (key !== 'sync') return wrongUse(`There is no setting ${key ?? ''}. The settings are: sync=on, sync=off.`);
      if (value !== 'on' && value !== 'off') return wrongUse('sync is on or off.');
      change.sync = value === 'on';
    }
    engine.set(change);
    const settings = engine.settings();
    return succeeded({ settings }, [settings.sync ? 'Syncing is switched on.' : 'Syncing is switched off: nothing moves, and nothing is deleted on either side.']);
  });
}

export function pauseCommand(context: Context, options: { readonly for?: string }): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    const span = options.for === undefined ? null : parseSpan(options.for);
    if (span === undefined) return wrongUse(`${options.for ?? ''} is not a time: 30m, 2h or 1d.`);
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
