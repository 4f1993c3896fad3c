import { RenditionPending } from '@everroll/protocol';
import { useEffect, useState } from 'react';

export type PendingVideo = { readonly state: 'asking' } | { readonly state: 'making'; readonly progress: number | null } | { readonly state: 'ready' } | { readonly state: 'none' };

const AGAIN_MS = 2000;

/** A video's preview is made when it is first wanted; a `<video>` can be given its address when it is there. */
export function usePendingVideo(address: string): PendingVideo {
  const [video, setVideo] = useState<PendingVideo>({ state: 'asking' });
  useEffect(() => {
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const response = await fetch(address, { headers: { range: 'bytes=0-0' }, signal: ended.signal }).catch(() => null);
      if (ended.signal.aborted) return;
      if (response !== null && response.status === 202) {
        const pending = RenditionPending.safeParse(await response.json().catch(() => null));
        setVideo({ state: 'making', progress: pending.data?.progress ?? null });
        timer = setTimeout(() => void ask(), AGAIN_MS);
      } else {
        setVideo({ state: response?.ok === true ? 'ready' : 'none' });
      }
    };
    void ask();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [address]);
  return video;
}
