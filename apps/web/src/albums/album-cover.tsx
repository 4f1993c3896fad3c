import { Images } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AlbumSummary } from '../device/contract.ts';
import { Picture } from '../timeline/picture.tsx';

export function AlbumCover({ album }: { readonly album: AlbumSummary }): ReactNode {
  return <div className="album-cover">{album.cover === null ? <Images /> : <Picture key={album.cover.shown} id={album.cover.id} shown={album.cover.shown} rendition="thumb" onlyHere={false} alt="" />}</div>;
}
