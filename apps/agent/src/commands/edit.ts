import { adjustmentOf, type Asset, type AssetFields, Capture, lookOf, type Operation, Place, plainRecipe, type RevisionId, setOperations } from '@everroll/protocol';
import { formatItems } from '../output/format.ts';
import { act } from './act.ts';
import { type AdjustOptions, adjustedRecipe } from './adjust-options.ts';
import { type Context, withLibrary } from './context.ts';
import { namedAssets } from './named-assets.ts';
import { type Outcome, wrongUse } from './outcome.ts';

export interface EditOptions extends AdjustOptions {
  readonly favourite?: boolean;
  readonly hidden?: boolean;
  readonly archived?: boolean;
  readonly caption?: string;
  readonly date?: string;
  readonly shift?: string;
  readonly place?: string;
}

/** What an option says in place of a value: what the photo came with (rule M11). */
const OWN = 'own';

export function editCommand(context: Context, names: readonly string[], options: EditOptions): Promise<Outcome> {
  return withLibrary(context, (device) => {
    const edit = editFrom(options);
    if (typeof edit === 'string') return wrongUse(edit);
    const named = namedAssets(device.engine, names);
    if (!named.ok) return named.outcome;
    const looks = looksFrom(named.assets, options, () => device.ports.random.id() as RevisionId);
    if (typeof looks === 'string') return wrongUse(looks);
    if (edit === null && looks === null) return wrongUse('Say what to change: --favourite, --hidden, --archived, --caption, --date, --shift, --place; --rotate, --flip, --crop, --straighten, --exposure and the like, --filter or --revert.');
    const assetIds = named.assets.map(({ id }) => id);
    const changes = edit === null ? [] : named.assets.map((asset) => ({ id: asset.id, fields: edit(asset) }));
    const adjusted = looks?.map(({ assetId, revision }) => ({ assetId, recipe: revision.recipe }));
    return act(device, [...setOperations(changes), ...(looks ?? [])], { assetIds, fields: changes[0]?.fields ?? {}, ...(adjusted && { adjusted }) }, `${formatItems(assetIds.length)} changed.`);
  });
}

type Edit = (asset: Asset) => Partial<AssetFields>;

/** What becomes of each asset's fields; null where none is to change, a sentence where the options cannot be followed. */
function editFrom(options: EditOptions): Edit | string | null {
  const { favourite, hidden, archived, caption } = options;
  const fields: Partial<AssetFields> = {
    ...(favourite !== undefined && { favourite }),
    ...(hidden !== undefined && { hidden }),
    ...(archived !== undefined && { archived }),
    ...(caption !== undefined && { caption: caption === '' ? null : caption }),
  };
  const capture = captureFrom(options);
  if (typeof capture === 'string') return capture;
  const place = placeFrom(options);
  if (typeof place === 'string') return place;
  if (Object.keys(fields).length === 0 && capture === null && place === null) return null;
  return (asset) => ({ ...fields, ...capture?.(asset), ...place?.(asset) });
}

function captureFrom({ date, shift }: EditOptions): Edit | string | null {
  if (date !== undefined && shift !== undefined) return 'A date is set or moved: --date or --shift.';
  if (shift !== undefined) {
    const byMs = parseShift(shift);
    return byMs === undefined ? `${shift} is no time to move by: +1h30m, -2d, +45s.` : ({ capture }) => ({ capture: { ...capture, at: capture.at + byMs } });
  }
  if (date === undefined) return null;
  if (date === OWN) return (asset) => ({ capture: (asset.asTaken ?? asset).capture });
  const capture = parseDate(date);
  return capture === undefined ? `${date} is no date: 2024-05-17T14:30 or, with its zone, 2024-05-17T14:30+02:00; own for the one that the photo came with.` : () => ({ capture });
}

function placeFrom({ place: text }: EditOptions): Edit | string | null {
  if (text === undefined) return null;
  if (text === OWN) return (asset) => ({ place: (asset.asTaken ?? asset).place });
  const place = text === '' ? null : parsePlace(text);
  return place === undefined ? `${text} is no place: latitude,longitude such as 48.137,11.575; empty for none; own for the one that the photo came with.` : () => ({ place });
}

/** One for each photo, over what is shown of it; null where nothing of the kind is asked, or a sentence about what is wrong. */
function looksFrom(assets: readonly Asset[], options: EditOptions, newId: () => RevisionId): Extract<Operation, { op: 'asset.adjust' }>[] | string | null {
  const change = adjustedRecipe(options);
  if (typeof change === 'string' || change === null) return change;
  const looks = [];
  for (const asset of assets) {
    const look = adjustmentOf(asset, change(lookOf(asset)?.recipe ?? plainRecipe), newId());
    if (!look) return `${asset.id.slice(0, 12)} is no photo: videos cannot be adjusted yet.`;
    looks.push(look);
  }
  return looks;
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

/** In milliseconds: `+1h30m`, `-2d`. */
function parseShift(text: string): number | undefined {
  const [, sign, days, hours, minutes, seconds] = /^([+-])(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text.trim()) ?? [];
  const byMs = (((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
  return sign === undefined || byMs === 0 ? undefined : sign === '-' ? -byMs : byMs;
}

function parsePlace(text: string): Place | undefined {
  const [latitude, longitude, altitude, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return rest.length > 0 ? undefined : Place.safeParse({ latitude, longitude, altitude: altitude ?? null }).data;
}
