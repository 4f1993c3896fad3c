import { resolve } from 'node:path';
import { diagnose } from '@everroll/engine';
import type { CheckResult } from '@everroll/protocol';
import { probesOf } from '../doctor/probes.ts';
import { describeBundle, supportBundle } from '../doctor/support-bundle.ts';
import { writeAtomically } from '../home/atomic-file.ts';
import { formatBytes } from '../output/format.ts';
import { confirm } from './confirm.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, succeeded, wrongUse } from './outcome.ts';

export interface SupportBundleOptions {
  readonly out?: string;
  readonly yes?: boolean;
}

/** Shows what would be in it, and saves it when the person agrees. */
export function supportBundleCommand(context: Context, options: SupportBundleOptions): Promise<Outcome> {
  return withDevice(context, async (device) => {
    const results: CheckResult[] = [];
    for await (const result of diagnose(device.ports, probesOf(device), { signal: context.signal })) results.push(result);
    const bundle = supportBundle(device, results, context.now());
    const text = `${JSON.stringify(bundle, null, 2)}\n`;
    const summary = describeBundle(bundle);
    const path = resolve(options.out ?? `everroll-support-${new Date(context.now()).toISOString().slice(0, 10)}.json`);
    if (context.json && options.yes !== true) return succeeded({ saved: null, bundle }, []);
    if (!context.json) process.stdout.write(`${summary.join('\n')}\n\n`);
    const agreed = options.yes === true || (await confirm(context, `Save this to ${path}?`));
    if (agreed === undefined) return wrongUse('Nothing was saved: there is no terminal to ask on. Agree with --yes, or look at it whole with --json.');
    if (!agreed) return succeeded({ saved: null }, ['Nothing was saved.']);
    writeAtomically(path, text);
    return succeeded({ saved: path, bytes: Buffer.byteLength(text), summary }, [`Saved: ${path} (${formatBytes(Buffer.byteLength(text))}). It is plain text; look at it before you show it to anyone.`]);
  });
}
