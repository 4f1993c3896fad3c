import { MapPin, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Scope } from '../device/contract.ts';
import { loadPlaceNames } from '../places/place-names.ts';
import { commonName } from '../places/place-name.ts';
import { formatPlace } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Gallery, useGallery } from '../timeline/gallery.tsx';
import { GridTools } from '../timeline/grid-tools.tsx';
import { Empty } from '../ui/empty.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import type { Group, PhotosOfGroup } from './clusters.ts';

/** The photos of a group: beside the map, on a phone over its lower part. */
export function GroupPanel({ group, photos, onClose }: { readonly group: Group; readonly photos: PhotosOfGroup; readonly onClose: () => void }): ReactNode {
  const { ids, points } = photos;
  const scope = useMemo((): Scope => ({ of: 'these', assets: ids }), [ids]);
  const gallery = useGallery(scope);
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    void loadPlaceNames().then((names) => isHere && names && setName(commonName(names, points)));
    return () => {
      isHere = false;
    };
  }, [points]);
  const title = name ?? formatPlace(group.latitude, group.longitude);
  return (
    <section
      className="group-panel"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <header>
        <h2>
          {title}
          <small className="figures">{strings.timeline.count(gallery.collection?.index.count ?? group.count)}</small>
        </h2>
        <GridTools density={gallery.density} selection={gallery.selection} />
        <IconButton label={strings.actions.close} onPress={onClose}>
          <X />
        </IconButton>
      </header>
      <div className="photos">
        <Gallery gallery={gallery} name={title} empty={<Empty sign={<MapPin />} title={strings.map.emptyTitle} text={strings.map.emptyText} />} />
      </div>
    </section>
  );
}
