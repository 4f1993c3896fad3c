import { type AssetFields, Capture, Place, TARGETS_MAX } from '@everroll/protocol';
import { formatItems } from '../output/format.ts';
import { act } from './act.ts';
import { type Context, withLibrary } from './context.ts';
import { namedAssets } from './named-assets.ts';
import { type Outcome, wrongUse } from './outcome.ts';

export interface EditOptions {
  readonly favourite?: boolean;
  readonly hidden?: boolean;
  readonly archived?: boolean;
  readonly caption?: string;
  readonly date?: string;
  readonly place?: string;
}

export function editCommand(context: Context, names: readonly string[], options: EditOptions): Promise<Outcome> {
  return withLibrary(context, (device) => {
    const fields = fieldsFrom(options);
    if (typeof fields === 'string') return wrongUse(fields);
    const named = namedAssets(device.engine, names);
    if (!named.ok) return named.outcome;
    const assetIds = named.assets.map(({ id }) => id);
    return act(device, inGroups(assetIds).map((group) => ({ op: 'asset.set', assetIds: group, fields })), { assetIds, fields }, `${formatItems(assetIds.length)} changed.`);
  });
}

/** An operation commits as one change and names a bounded number of targets. */
export function inGroups<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / TARGETS_MAX) }, (_, at) => all.slice(at * TARGETS_MAX, (at + 1) * TARGETS_MAX));
}

function fieldsFrom(options: EditOptions): Partial<AssetFields> | string {
  const fields: Partial<AssetFields> = {};
  if (options.favourite !== undefined) fields.favourite = options.favourite;
  if (options.hidden !== undefined) fields.hidden = options.hidden;
  if (options.archived !== undefined) fields.archived = options.archived;
  if (options.caption !== undefined) fields.caption = options.caption === '' ? null : options.caption;
  if (options.date !== undefined) {
    const capture = parseDate(options.date);
    if (capture === undefined) return `${options.date} is no date: 2024-05-17T14:30 or, with its zone, 2024-05-17T14:30+02:00.`;
    fields.capture = capture;
  }
  if (options.place !== undefined) {
    const place = options.place === '' ? null : parsePlace(options.place);
    if (place === undefined) return `${options.place} is no place: latitude,longitude such as 48.137,11.575; empty for none.`;
    fields.place = place;
  }
  return Object.keys(fields).length === 0 ? 'Say what to change: --favourite, --hidden, --archived, --caption, --date or --place.' : fields;
}

/** Where no zone is given, the wall clock is kept as UTC, as for a photo whose file says none. */
function parseDate(text: string): Capture | undefined {
  const [, wall, zone] = /^(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)\s*(Z|[+-]\d{2}:\d{2})?$/.exec(text.trim()) ?? [];
  if (wall === undefined) return undefined;
  const day = wall.length === 10 ? `${wall}T12:00` : wall.replace(' ', 'T');
  const at = Date.parse(`${day}${zone ?? 'Z'}`);
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(zone ?? '') ?? [];
  const offsetMinutes = zone === undefined ? null : zone === 'Z' ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return Capture.safeParse({ at, offsetMinutes }).data;
}

function parsePlace(text: string): Place | undefined {
  const [latitude, longitude, altitude, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return rest.length > 0 ? undefined : Place.safeParse({ latitude, longitude, altitude: altitude ?? null }).data;
}
