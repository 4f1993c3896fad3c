import type { AssetId } from '@everroll/protocol';
import { useEffect, useRef, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Collection } from '../timeline/collection.ts';

/** Neighbours whose rows are read and whose pictures are fetched before they are wanted. */
const AHEAD = 4;

/**
 * Where the photo of this id stands in the collection, also after the collection has changed. When it
 * went out of the collection, the place where it was: the photo that came there is shown instead.
 */
export function useViewedPosition(collection: Collection, id: AssetId, onGone: (position: number) => void): number | null {
  const { collections } = useDevice();
  const { scope, index, rows } = collection;
  const [found, setFound] = useState<{ readonly id: AssetId; readonly version: number; readonly position: number } | null>(null);
  const gone = useRef(onGone);
  useEffect(() => {
    gone.current = onGone;
  });
  const last = useRef(0);
  useEffect(() => {
    let isCurrent = true;
    const near = Array.from({ length: 2 * AHEAD + 1 }, (_, at) => last.current - AHEAD + at).find((position) => rows.photo(position)?.id === id);
    const settle = (position: number | null): void => {
      if (!isCurrent) return;
      if (position === null) return gone.current(last.current);
      last.current = position;
      void rows.want(position - AHEAD, position + AHEAD + 1).then(() => isCurrent && setFound({ id, version: index.version, position }));
    };
    if (near === undefined) void collections.find(scope, id).then((where) => (where === null || where.version === index.version) && settle(where?.position ?? null));
    else settle(near);
    return () => {
      isCurrent = false;
    };
  }, [collections, scope, index, rows, id]);
  return found?.id === id && found.version === index.version ? found.position : null;
}
