import type { AssetId } from '@everroll/protocol';
import { type ReactNode, useEffect, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { type Face, RowFlag } from '../device/contract.ts';
import { formatNumber } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';
import { type Camera, onMap, type Size, toWorld } from './camera.ts';
import type { Group } from './clusters.ts';

/** So far a picture reaches from its middle, in pixels. */
const REACH_PX = 32;

export interface GroupPicturesProps {
  readonly groups: readonly Group[];
  readonly camera: Camera;
  readonly size: Size;
  readonly chosen: Group | null;
  readonly onChoose: (group: Group) => void;
}

/** Each group by its newest photo, where it was taken. */
export function GroupPictures({ groups, camera, size, chosen, onChoose }: GroupPicturesProps): ReactNode {
  const faces = useFaces(groups);
  return groups.map((group) => {
    const { x, y } = onMap(camera, size, toWorld(group));
    if (x < -REACH_PX || x > size.width + REACH_PX || y < -REACH_PX || y > size.height + REACH_PX) return null;
    const face = faces.get(group.face);
    return (
      <button
        key={group.key}
        type="button"
        className="group"
        aria-label={strings.map.group(group.count)}
        aria-pressed={chosen?.key === group.key}
        style={{ transform: `translate(${Math.round(x)}px, ${Math.round(y)}px)` }}
        onClick={() => onChoose(group)}
      >
        <span className="face">{face && (face.flags & RowFlag.noPicture) === 0 && <Picture key={face.shown} id={face.id} shown={face.shown} rendition="thumb" onlyHere={(face.flags & RowFlag.onlyHere) !== 0} alt="" />}</span>
        {group.count > 1 && <span className="count figures">{formatNumber(group.count)}</span>}
      </button>
    );
  });
}

/** What the groups' pictures are, as far as it is known yet. */
function useFaces(groups: readonly Group[]): ReadonlyMap<AssetId, Face> {
  const { assets } = useDevice();
  const [faces, setFaces] = useState<ReadonlyMap<AssetId, Face>>(() => new Map());
  const missing = groups.map(({ face }) => face).filter((id) => !faces.has(id));
  const wanted = missing.join(' ');
  useEffect(() => {
    if (wanted === '') return;
    let isHere = true;
    void assets.faces(wanted.split(' ') as AssetId[]).then((found) => isHere && found.length > 0 && setFaces((before) => new Map([...before, ...found.map((face) => [face.id, face] as const)])));
    return () => {
      isHere = false;
    };
  }, [assets, wanted]);
  return faces;
}
