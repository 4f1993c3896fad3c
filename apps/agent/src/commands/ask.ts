import type { Askable, Engine } from '@everroll/engine';
import { isRunnerLocked } from '../home/runner-lock.ts';
import { formatBytes, formatItems } from '../output/format.ts';
import { consentLacking } from './consent.ts';
import { type Context, withLibrary } from './context.ts';
import { filesNamed, namedAssets } from './named-assets.ts';
import { type Outcome, failedWith, succeeded } from './outcome.ts';

export interface AskOptions {
  readonly consent?: boolean;
}

/** What is named goes before all else, whatever holds the rest; above 50 MB on a metered connection with consent alone. */
export function askCommand(context: Context, names: readonly string[], options: AskOptions): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const { engine } = device;
    const wanted: Askable[] = [];
    for (const name of names) {
      const named = askables(engine, name);
      if ('exitCode' in named) return named;
      wanted.push(...named);
    }
    await device.surroundings.first();
    const { items, bytes } = engine.askable(wanted);
    if (items === 0) return succeeded({ items, bytes }, ['Nothing of it waits.']);
    const lacking = options.consent === true ? undefined : consentLacking(engine, bytes);
    if (lacking !== undefined) return failedWith(lacking);
    for (const what of wanted) engine.ask(what, options.consent === true);
    const sentence = `${formatItems(items)}, ${formatBytes(bytes)}, asked for`;
    return succeeded({ items, bytes }, [isRunnerLocked(device.home.runner) ? `${sentence}; it goes now.` : `${sentence}; it goes with the next: everroll sync`]);
  });
}

/** The files of this device that a name means, and where there is none, the assets of the library. */
function askables(engine: Engine, name: string): readonly Askable[] | Outcome {
  const files = filesNamed(engine, name).filter(({ state }) => state !== 'verified');
  if (files.length > 0) return files.map(({ itemId }) => ({ itemId }));
  const named = namedAssets(engine, [name]);
  return named.ok ? named.assets.map(({ id }) => ({ assetId: id })) : named.outcome;
}
