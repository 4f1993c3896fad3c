import { type Result, done } from '@everroll/engine';
import { type FreeUpItem, type FreeUpSection, type FreeUpSummary, LARGEST_VIDEOS, type LibraryId, inGroups } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { formatBytes, formatCapture, formatCount, formatItems } from '../output/format.ts';
import { indent, table, tone } from '../output/terminal.ts';
import { askFreeUpPage, askFreeUpSummary } from '@everroll/engine/http';
import { act } from './act.ts';
import { confirm } from './confirm.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

export interface SpaceOptions {
  readonly videos?: boolean;
  readonly duplicates?: boolean;
  readonly screenshots?: boolean;
  readonly recentlyDeleted?: boolean;
  readonly limit?: string;
  readonly delete?: boolean;
  readonly yes?: boolean;
}

/** What one section shows, and what comes back with it. */
interface Listed {
  readonly items: readonly FreeUpItem[];
  readonly freesBytes: number;
}

const sections = ['videos', 'duplicates', 'screenshots', 'recentlyDeleted'] as const satisfies readonly FreeUpSection[];

const names: Readonly<Record<FreeUpSection, { readonly title: string; readonly option: string }>> = {
  videos: { title: 'Largest videos', option: '--videos' },
  duplicates: { title: 'Exact duplicates', option: '--duplicates' },
  screenshots: { title: 'Screenshots', option: '--screenshots' },
  recentlyDeleted: { title: 'Recently Deleted', option: '--recently-deleted' },
};

/** Where space can be freed; with a section and `--delete`, frees it, as far as a person agrees. */
export function spaceCommand(context: Context, options: SpaceOptions): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const [section, another] = sections.filter((name) => options[name] === true);
    const limit = options.limit === undefined ? undefined : Number(options.limit);
    if (another !== undefined) return wrongUse('One section at a time: --videos, --duplicates, --screenshots or --recently-deleted.');
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) return wrongUse('--limit is a number of items.');
    if (section === undefined && options.delete === true) return wrongUse('Say what to delete: --videos, --duplicates, --screenshots or --recently-deleted.');
    const library = device.engine.identity()?.library.id;
    if (library === undefined) return failedWith({ code: 'signed_out', evidence: {} });
    if (section === undefined) {
      const summary = await askFreeUpSummary(device.connection, library, context.signal);
      return summary.ok ? succeeded(summary.value, describeSummary(summary.value)) : failedWith(summary.failure);
    }
    const listed = await list(device, library, section, limit ?? (section === 'videos' ? LARGEST_VIDEOS : Number.POSITIVE_INFINITY), context.signal);
    if (!listed.ok) return failedWith(listed.failure);
    if (options.delete === true) return remove(context, device, section, listed.value, options.yes === true);
    return succeeded({ section, ...listed.value }, [...describeList(section, listed.value), '', tone(`Delete ${listed.value.items.length === 1 ? 'it' : 'them'}: everroll space ${names[section].option} --delete`, 'quiet')]);
  });
}

/** The server's largest page: for as many together it says exactly what they free. */
const PAGE = 500;

async function list({ connection }: Device, library: LibraryId, section: FreeUpSection, limit: number, signal: AbortSignal): Promise<Result<Listed>> {
  const items: FreeUpItem[] = [];
  let freesBytes = 0;
  let page: string | null = null;
  do {
    const answer: Awaited<ReturnType<typeof askFreeUpPage>> = await askFreeUpPage(connection, library, { section, page, limit: Math.min(PAGE, limit - items.length) }, signal);
    if (!answer.ok) return answer;
    items.push(...answer.value.items);
    freesBytes += answer.value.freesBytes;
    page = answer.value.next;
  } while (page !== null && items.length < limit);
  if (page !== null || items.length <= PAGE) return done({ items, freesBytes });
  // Bytes that items of two pages share come back too when all go: the whole section's sum has them.
  const summary = await askFreeUpSummary(connection, library, signal);
  return summary.ok && section !== 'videos' ? done({ items, freesBytes: summary.value[section].freesBytes }) : done({ items, freesBytes });
}

async function remove(context: Context, device: Device, section: FreeUpSection, listed: Listed, isAgreed: boolean): Promise<Outcome> {
  const forEver = section === 'recentlyDeleted';
  // What this device has not heard of yet cannot be changed here: it comes with the next sync.
  const known = listed.items.filter(({ assetId }) => device.engine.assetsByPrefix(assetId, 1)[0]?.state === (forEver ? 'trashed' : 'live'));
  if (known.length === 0) return succeeded({ section, assetIds: [], unknown: listed.items.length }, [listed.items.length === 0 ? 'There is nothing to delete.' : 'This device does not know of them yet: everroll sync']);
  const question = forEver ? `Delete ${formatItems(known.length)} for ever? It frees ${formatBytes(listed.freesBytes)}.` : `Move ${formatItems(known.length)} to Recently Deleted?`;
  if (!isAgreed) {
    const answer = await confirm(context, question);
    if (answer === undefined) return wrongUse(`${question} Say so with --yes.`);
    if (!answer) return succeeded({ section, assetIds: [], unknown: 0 }, ['Nothing was changed.']);
  }
  const json = { section, assetIds: known.map(({ assetId }) => assetId), unknown: listed.items.length - known.length, freesBytes: listed.freesBytes, freesNow: forEver };
  const leftOut = json.unknown === 0 ? '' : ` ${formatItems(json.unknown)} that this device has not heard of yet stay.`;
  if (forEver) return act(device, known.map(({ assetId, seq }) => ({ op: 'asset.purge', assetId, saw: seq })), json, `${formatItems(known.length)} deleted for ever.${leftOut}`);
  return act(
    device,
    inGroups(json.assetIds).map((assetIds) => ({ op: 'asset.trash', assetIds })),
    json,
    `${formatItems(known.length)} moved to Recently Deleted, for 30 days; everroll recover brings them back. ${formatBytes(listed.freesBytes)} are free when it is emptied (everroll space --recently-deleted --delete).${leftOut}`,
  );
}

function describeSummary(summary: FreeUpSummary): string[] {
  const rows = sections.map((section) => {
    const { title, option } = names[section];
    const { items, freesBytes } = summary[section];
    return [title, formatItems(items), formatBytes(freesBytes), tone(`everroll space ${option}`, 'quiet')];
  });
  return ['', ...indent(table(rows, [{}, { align: 'right' }, { align: 'right' }])), ''];
}

const SHOWN = 20;

function describeList(section: FreeUpSection, { items, freesBytes }: Listed): string[] {
  if (items.length === 0) return ['Nothing is here.'];
  const rows = items.slice(0, SHOWN).map((item) => [tone(item.assetId.slice(0, 8), 'quiet'), formatCapture(item.capturedAt, null), item.name, formatBytes(item.bytes), item.freesBytes < item.bytes ? tone(`frees ${formatBytes(item.freesBytes)}`, 'quiet') : '']);
  return [
    ...table(rows, [{}, {}, {}, { align: 'right' }]),
    ...(items.length > SHOWN ? [tone(`and ${formatCount(items.length - SHOWN)} more`, 'quiet')] : []),
    '',
    `${formatItems(items.length)}; deleting them frees ${formatBytes(freesBytes)}${section === 'recentlyDeleted' ? '' : ' when Recently Deleted is emptied'}.`,
    ...(section === 'duplicates' ? ['Another photo or video of the library holds each of them whole; the same bytes are stored and charged once.'] : []),
  ];
}
