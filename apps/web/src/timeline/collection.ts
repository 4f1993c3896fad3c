import type { AssetId, LibraryId } from '@everroll/protocol';
import { type RefObject, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { type CollectionIndex, renditionUrl, RowFlag, type Scope } from '../device/contract.ts';
import { type Photo, RowStore } from './row-store.ts';

/** Pictures that a window shows at first, some rows. */
const FIRST_PICTURES = 24;

/** A collection at one version: what laying it out takes, and what is known of its photos. */
export interface Collection {
  readonly scope: Scope;
  readonly index: CollectionIndex;
  readonly rows: RowStore;
  /** Where the photo stands now by which the window held on in the version before; null: it shows the beginning. */
  readonly anchor: number | null;
}

/** What a window on a collection shows now. */
export interface OnScreen {
  readonly photos: number;
  /** A photo in its middle; null: it shows the beginning, which is held on to. */
  readonly anchor: AssetId | null;
}

/**
 * A collection, and its newer versions. A new version takes the old one's place when the photos that
 * will be on screen have been read in it, so that nothing blinks and nothing jumps.
 * @param scope the same object until another collection is meant
 */
export function useCollection(scope: Scope, onScreen: RefObject<OnScreen>): Collection | null {
  const { collections } = useDevice();
  const library = useMember().library.id;
  const [collection, setCollection] = useState<Collection | null>(null);
  useEffect(() => {
    let newest = -1;
    const take = async (index: CollectionIndex): Promise<void> => {
      const rows = new RowStore(collections, scope, index);
      const { anchor, photos } = onScreen.current;
      const found = anchor === null ? null : await collections.find(scope, anchor);
      const position = found?.version === index.version ? found.position : null;
      const middle = position ?? 0;
      await rows.want(middle - photos, middle + photos);
      if (newest === index.version) setCollection({ scope, index, rows, anchor: position });
    };
    const end = collections.open(scope, (index) => {
      if (newest < 0) void askForPictures(library, index.head).then(() => collections.drawn());
      newest = index.version;
      void take(index);
    });
    return () => {
      newest = -1;
      end();
    };
  }, [collections, scope, onScreen, library]);
  return collection?.scope === scope ? collection : null;
}

/** The first pictures are on their way while their cells are made. Resolves when each of them came, or cannot. */
async function askForPictures(library: LibraryId, { ids, shown, flags }: CollectionIndex['head']): Promise<void> {
  const came = ids.slice(0, FIRST_PICTURES).map(async (id, at) => {
    if (((flags[at] ?? 0) & (RowFlag.noPicture | RowFlag.onlyHere)) !== 0) return;
    const picture = new Image();
    await new Promise((resolve) => {
      for (const end of ['load', 'error']) picture.addEventListener(end, resolve);
      picture.src = renditionUrl(library, id, 'thumb', shown[at] ?? '');
    });
  });
  await Promise.all(came);
}

/** One photo of the collection; undefined while it is not read. */
export function usePhoto(rows: RowStore, position: number): Photo | undefined {
  return useSyncExternalStore(
    rows.subscribe,
    useCallback(() => rows.photo(position), [rows, position]),
  );
}
