import { AlbumId, AssetId, type Entry, Epoch, Incarnation, type WrittenAt } from '@everroll/protocol';
import { fail } from '../http/problem.ts';

/**
 * Where a snapshot goes on. It travels as text and holds nothing that its reader may not know: the
 * cursor that the first page fixed, the head when the last page was read and what wrote the change there, and the last
 * entity that was read. So a snapshot is resumed
 * after any pause, and the server keeps nothing for it.
 */
export interface Place {
  readonly epoch: Epoch;
  readonly seq: number;
  readonly head: WrittenAt;
  readonly after: After;
}

export type After =
  | { readonly kind: 'asset'; readonly capturedAt: number; readonly id: AssetId }
  | { readonly kind: 'album'; readonly id: AlbumId }
  | { readonly kind: 'album_item'; readonly albumId: AlbumId; readonly assetId: AssetId };

export function afterEntry(entry: Entry): After {
  switch (entry.kind) {
    case 'asset':
      return { kind: 'asset', capturedAt: entry.row.capture.at, id: entry.row.id };
    case 'album':
      return { kind: 'album', id: entry.row.id };
    case 'album_item':
      return { kind: 'album_item', albumId: entry.row.albumId, assetId: entry.row.assetId };
  }
}

// As text: epoch.seq.head.incarnation.kind.key.key, for example 9f…c1.1042.1058.d0…3b.asset.1767225600000.04…7e

export const placeText = ({ epoch, seq, head, after }: Place): string => [epoch, seq, head.seq, head.by ?? 'none', afterText(after)].join('.');

export function afterText(after: After): string {
  const key = after.kind === 'asset' ? [after.capturedAt, after.id] : after.kind === 'album' ? [after.id] : [after.albumId, after.assetId];
  return [after.kind, ...key].join('.');
}

export function parsePlace(text: string): Place {
  const [epochText, seqText = '', headText = '', byText, ...rest] = text.split('.');
  const epoch = Epoch.safeParse(epochText);
  const by = Incarnation.nullable().safeParse(byText === 'none' ? null : byText);
  const after = parseAfter(rest);
  if (!epoch.success || !/^\d{1,15}$/.test(seqText) || !/^\d{1,15}$/.test(headText) || !by.success || !after) return fail(400, 'invalid_request', { detail: 'query.page: not a page of a snapshot' });
  return { epoch: epoch.data, seq: Number(seqText), head: { seq: Number(headText), by: by.data }, after };
}

export function parseAfter([kind, first = '', second = '']: readonly string[]): After | null {
  switch (kind) {
    case 'asset': {
      const id = AssetId.safeParse(second);
      return id.success && /^-?\d{1,15}$/.test(first) ? { kind, capturedAt: Number(first), id: id.data } : null;
    }
    case 'album': {
      const id = AlbumId.safeParse(first);
      return id.success ? { kind, id: id.data } : null;
    }
    case 'album_item': {
      const albumId = AlbumId.safeParse(first);
      const assetId = AssetId.safeParse(second);
      return albumId.success && assetId.success ? { kind, albumId: albumId.data, assetId: assetId.data } : null;
    }
    default:
      return null;
  }
}
