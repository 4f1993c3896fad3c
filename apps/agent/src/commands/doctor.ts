import { type CheckName, type CheckResult, type Finding, type FixAction, fixActions, reasons, serverChecks } from '@everroll/protocol';
import { diagnoseHome, mendHome } from '../doctor/home.ts';
import { actionSentence, describeCheck, describeOutcome } from '../output/checks.ts';
import { describeFailure, isSynced } from '../output/reasons.ts';
import { tone } from '../output/terminal.ts';
import { confirm } from './confirm.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, succeeded, wrongUse } from './outcome.ts';

export interface DoctorOptions {
  readonly fix?: boolean;
  readonly yes?: boolean;
  /** `HOST:PORT`, or `off`. */
  readonly outside?: string;
}

interface Mended {
  readonly action: FixAction;
  readonly check: CheckName;
  readonly outcome: 'done' | 'failed' | 'declined';
  readonly code: string | null;
}

/** Goes through all checks and says each result as it comes; `--fix` does what software can and looks again. */
export async function doctorCommand(context: Context, options: DoctorOptions): Promise<Outcome> {
  if (options.outside !== undefined) return allowOutside(context, options.outside);
  const say = (lines: readonly string[]): void => {
    if (!context.json) process.stdout.write(`${lines.join('\n')}\n`);
  };
  const results: CheckResult[] = [];
  for await (const result of diagnoseHome(context)) {
    results.push(result);
    say(describeCheck(result, context.now()));
  }
  const fixes: Mended[] = [];
  let last = results;
  if (options.fix === true) {
    for (const finding of results) {
      if (!isMendable(finding) || fixes.some(({ action }) => action === finding.fix.actions[0])) continue;
      fixes.push(...(await mendOne(context, finding, options.yes === true, say)));
    }
    const changed = fixes.some(({ outcome }) => outcome === 'done');
    if (changed) last = await again(context, results, say);
  }
  say(['', describeOutcome(last)]);
  return { exitCode: last.every(isInOrder) && (await isAllSynced(context)) ? 0 : 3, json: { results: last, ...(options.fix === true ? { before: results, fixes } : {}) }, lines: [] };
}

/** What is unknown because there is no such thing here is no fault; what could not be asked is no green. */
const isInOrder = (result: CheckResult): boolean => result.verdict === 'ok' || (result.verdict === 'unknown' && result.cause === 'not_available');

/** Green is what is saved: a check that knows nothing of an item does not make it so. */
async function isAllSynced(context: Context): Promise<boolean> {
  const outcome = await withDevice(context, ({ engine }) => (isSynced(engine.status()) ? succeeded({}, []) : { exitCode: 3, json: {}, lines: [] }));
  return outcome.exitCode === 0;
}

const ofServer: ReadonlySet<CheckName> = new Set<CheckName>(serverChecks);

/** The server mends itself; its findings are for its owner to read. */
function isMendable(result: CheckResult): result is Finding {
  return (result.verdict === 'warn' || result.verdict === 'fail') && result.fix.actions.length > 0 && !ofServer.has(result.check);
}

async function mendOne(context: Context, { fix, check, reason }: Finding, yes: boolean, say: (lines: readonly string[]) => void): Promise<Mended[]> {
  const [action] = fix.actions;
  if (action === undefined) return [];
  if (fixActions[action].asks !== null && !yes && (await confirm(context, `${reasons[reason].sentence} ${actionSentence(action)}? It may cost money.`)) !== true) {
    say([`  ${actionSentence(action)}: not done, as it may cost money (--yes does it).`]);
    return [{ action, check, outcome: 'declined', code: null }];
  }
  const mended = await mendHome(context, action);
  say(mended.ok ? [`${tone('→', 'good')} ${actionSentence(action)}: done.`] : [`${tone('→', 'bad')} ${actionSentence(action)}: ${describeFailure(mended.failure).join(' ')}`]);
  return [{ action, check, outcome: mended.ok ? 'done' : 'failed', code: mended.ok ? null : mended.failure.code }];
}

/**
 * The retest. What was ok before can have been so only because what is mended now stood in front of
 * it, and what was unknown waited for it: everything is looked at again, and what changed is said.
 */
async function again(context: Context, before: readonly CheckResult[], say: (lines: readonly string[]) => void): Promise<CheckResult[]> {
  say(['', tone('And now:', 'strong')]);
  const after: CheckResult[] = [];
  for await (const result of diagnoseHome(context)) {
    after.push(result);
    const earlier = before.find(({ check, reason }) => check === result.check && reason === result.reason);
    if (earlier?.verdict !== result.verdict || result.verdict === 'fail' || result.verdict === 'warn') say(describeCheck(result, context.now()));
  }
  return after;
}

function allowOutside(context: Context, outside: string): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    if (outside === 'off') {
      engine.allowOutsideAddress(null);
      return succeeded({ outside: null }, ['The doctor asks nothing outside of your own machines.']);
    }
    if (!/^[^\s/]+:\d{1,5}$/.test(outside) || !URL.canParse(`tcp://${outside}`)) return wrongUse(`${outside} is not HOST:PORT, nor off.`);
    engine.allowOutsideAddress(outside);
    return succeeded({ outside }, [`The doctor may connect to ${outside} to see whether the internet is there. It sends nothing.`]);
  });
}
