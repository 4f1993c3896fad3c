import { Aperture, Archive, Camera, CircleDashed, Copy, EyeOff, Film, GalleryHorizontal, HardDrive, Heart, History, Images, MapPin, Monitor, RefreshCw, ScanFace, Settings, Sticker, Timer, Trash2, Users, Video } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMember } from '../app/device-context.tsx';
import type { CollectionKind } from '../device/contract.ts';
import { collectionKinds } from '../search/kinds.ts';
import { strings } from '../strings/strings.ts';
import { useCounts } from '../timeline/counts.ts';
import { NavLink } from './nav-link.tsx';

const words = strings.navigation;

/** The parts of the library that are no albums. */
export function LibraryLinks(): ReactNode {
  const counts = useCounts();
  return (
    <ul>
      <li>
        <NavLink to="/favourites" name={words.favourites} icon={<Heart />} count={counts?.favourites} />
      </li>
      <li>
        <NavLink to="/memories" name={words.memories} icon={<History />} />
      </li>
      <li>
        <NavLink to="/map" name={words.map} icon={<MapPin />} />
      </li>
      <li>
        <NavLink to="/archive" name={words.archive} icon={<Archive />} count={counts?.archive} />
      </li>
      <li>
        <NavLink to="/hidden" name={words.hidden} icon={<EyeOff />} />
      </li>
      <li>
        <NavLink to="/deleted" name={words.deleted} icon={<Trash2 />} count={counts?.deleted} />
      </li>
    </ul>
  );
}

const kindIcons: Readonly<Record<CollectionKind, ReactNode>> = {
  videos: <Video />,
  live_photos: <CircleDashed />,
  portraits: <ScanFace />,
  panoramas: <GalleryHorizontal />,
  slow_motion: <Timer />,
  time_lapse: <Film />,
  bursts: <Images />,
  motion_photos: <Aperture />,
  screenshots: <Monitor />,
  raw: <Camera />,
  animated: <Sticker />,
};

/** The kinds of which there are some, below their heading. */
export function KindLinks(): ReactNode {
  const counts = useCounts();
  const present = collectionKinds.filter((kind) => (counts?.kinds[kind] ?? 0) > 0);
  if (present.length === 0) return null;
  return (
    <>
      <h2>{words.kinds}</h2>
      <ul>
        {present.map((kind) => (
          <li key={kind}>
            <NavLink to={`/kinds/${kind}`} name={strings.search.kinds[kind]} icon={kindIcons[kind]} count={counts?.kinds[kind]} />
          </li>
        ))}
      </ul>
    </>
  );
}

export function ToolLinks(): ReactNode {
  const isOwner = useMember().account.role === 'owner';
  return (
    <ul>
      <li>
        <NavLink to="/health" name={words.health} icon={<RefreshCw />} />
      </li>
      <li>
        <NavLink to="/duplicates" name={words.duplicates} icon={<Copy />} />
      </li>
      <li>
        <NavLink to="/storage" name={words.storage} icon={<HardDrive />} />
      </li>
      {isOwner && (
        <li>
          <NavLink to="/people" name={words.people} icon={<Users />} />
        </li>
      )}
      <li>
        <NavLink to="/settings" name={words.settings} icon={<Settings />} />
      </li>
    </ul>
  );
}
