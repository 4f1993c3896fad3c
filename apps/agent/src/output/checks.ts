import { type CheckName, type CheckResult, type Finding, fixActions, type FixAction, reasons } from '@everroll/protocol';
import { formatBytes, formatCount, formatItems, formatSince, formatSpan } from './format.ts';
import { indent, tone } from './terminal.ts';

/** What each check is called, and what it means that nothing is wrong with it. */
const titles: Readonly<Record<CheckName, readonly [title: string, ok: string]>> = {
  settings: ['Settings', 'This device is signed in, syncing is on, and its sources can be read.'],
  connection: ['Connection', 'The server answers through every layer.'],
  storage_plan: ['Storage plan', 'There is room in the storage plan.'],
  device_storage: ['Device storage', 'There is room on this device.'],
  restart: ['Restart', 'Nothing hangs.'],
  update: ['Update', 'Both sides speak the same protocol.'],
  power: ['Power', 'Power holds nothing back.'],
  local_database: ['Local database', 'It is sound.'],
  leases: ['Leases', 'Nothing was left behind by an earlier run.'],
  clock: ['Clock', 'It agrees with the server’s.'],
  epoch: ['History', 'This device and the server know the same history.'],
  items: ['Items', 'No item has a reason of its own to wait.'],
  server: ['Server', 'It is in order.'],
  server_database: ['Server: database', 'It is sound.'],
  server_disk: ['Server: disk', 'There is room.'],
  server_plan: ['Server: your plan', 'There is room.'],
  uploads: ['Server: uploads', 'None is stuck.'],
  housekeeping: ['Server: upkeep', 'It runs.'],
  originals: ['Server: originals', 'The counters agree with what is stored.'],
  epochs: ['Server: history', 'It is whole.'],
  renditions: ['Server: renditions', 'None waits.'],
  scrub: ['Server: scrub', 'Every original is as it was saved.'],
  devices: ['Server: devices', 'All of them make progress.'],
};

const marks = { ok: ['✓', 'good'], warn: ['!', 'warn'], fail: ['✗', 'bad'], unknown: ['?', 'warn'] } as const;

/** One result: its mark and sentence, what was measured, and what to do. */
export function describeCheck(result: CheckResult, now: number): string[] {
  const [title, ok] = titles[result.check];
  const [mark, as] = marks[result.verdict];
  const head = `${tone(mark, as)} ${tone(title, 'strong')}  `;
  switch (result.verdict) {
    case 'ok':
      return [head + tone(ok, 'quiet')];
    case 'unknown':
      return [`${head}Not known. ${result.why}`, ...indent(evidenceLines(result, now), 4)];
    case 'warn':
    case 'fail': {
      const { count, bytes } = result.items;
      const waits = count === 0 ? [] : [`${formatItems(count)}, ${formatBytes(bytes)}${now - result.since < 5000 ? '' : `, since ${formatSince(result.since, now)}`}`];
      const actions = result.fix.actions.slice(0, 1).map((action) => `→ ${fixActions[action].sentence}: everroll doctor --fix`);
      return [`${head}${tone(sentenceOf(result), as)}`, ...indent([...waits, ...evidenceLines(result, now), ...actions, ...result.fix.steps.map((step) => `→ ${step}`)], 4)];
    }
  }
}

/** What is over and only waits for the next try is not told as if it still were so. */
const sentenceOf = ({ reason, evidence }: Finding): string => (evidence.facts['answersNow'] === true ? `This is over, and what waited for it was not tried again yet: ${reasons[reason].sentence}` : reasons[reason].sentence);

export const actionSentence = (action: FixAction): string => fixActions[action].sentence;

export function describeOutcome(results: readonly CheckResult[]): string {
  const count = (verdict: CheckResult['verdict']): number => results.filter((result) => result.verdict === verdict).length;
  const parts = ([['fail', 'failed'], ['warn', 'to look at'], ['unknown', 'not known'], ['ok', 'in order']] as const).flatMap(([verdict, text]) => (count(verdict) === 0 ? [] : [`${formatCount(count(verdict))} ${text}`]));
  return parts.join(', ');
}

function evidenceLines({ evidence }: CheckResult, now: number): string[] {
  const facts = Object.entries(evidence.facts);
  const plain = facts.filter(([key]) => key !== 'answersNow').flatMap(([key, value]) => (Array.isArray(value) ? [] : [`${words(key)} ${factText(key, value, now)}`]));
  const lists = facts.flatMap(([, value]) => (Array.isArray(value) ? value : [])).map((row) => Object.entries(row).map(([key, value]) => (typeof value === 'string' ? value : `${words(key)} ${factText(key, value, now)}`.trim())).join(' · '));
  const names = Object.entries(evidence.private).map(([key, value]) => `${key}: ${value}`);
  return [...(plain.length === 0 ? [] : [plain.join(', ')]), ...lists, ...names].map((line) => tone(line, 'quiet'));
}

const words = (key: string): string => (key === 'ms' ? '' : key.replaceAll(/(?:Bytes|Ms|At)$/g, '').replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());

const byteFacts: ReadonlySet<string> = new Set(['plan', 'used', 'reserved', 'photos', 'videos', 'livePhotos', 'raw', 'edits', 'other', 'recentlyDeleted', 'bytes']);

function factText(key: string, value: string | number | boolean | null, now: number): string {
  if (value === null) return key === 'plan' ? 'unlimited' : 'not told';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (key.endsWith('Bytes') || byteFacts.has(key)) return formatBytes(value);
  if (key.endsWith('At')) return value > now ? `in ${formatSpan(value - now)}` : formatSince(value, now);
  if (key === 'ms') return `${value} ms`;
  if (key === 'port' || key === 'status') return String(value);
  if (key.endsWith('Ms')) return value < 0 ? `-${formatSpan(-value)}` : formatSpan(value);
  return formatCount(value);
}
