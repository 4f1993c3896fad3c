/** A row of the table of aims: the figure of the strongest peer, which was measured elsewhere, and what is to be reached. */
export interface Aim {
  /** Under this name a measure says what it found. */
  readonly key: string;
  readonly work: string;
  /** Immich 2.5.6 without machine learning, on another machine of two cores. */
  readonly peer: string;
  readonly aim: string;
}

export const aims: readonly Aim[] = [
  { key: 'idle', work: 'idle memory of all processes', peer: '795 MB; 1,234 MB at 1.1 M rows', aim: 'PSS ≤ 120 MB; ≤ 200 MB at 1 M' },
  { key: 'start', work: 'start until healthy', peer: '5.6 s', aim: '≤ 1 s' },
  { key: 'ingest', work: 'ingest of one 2.9 MB JPEG, CPU of the server', peer: '24 ms', aim: '≤ 10 ms where the bare server takes 6.5; ≤ 1.5 times it' },
  { key: 'photos', work: 'ingest, metadata and renditions, CPU a JPEG', peer: '220 ms', aim: '≤ 110 ms' },
  { key: 'peak', work: 'peak memory while they are uploaded', peer: '1,391 MB', aim: '≤ 500 MB' },
  { key: 'first-sync-104k', work: 'first sync of 104 k assets with metadata', peer: '4.0 s, 131.5 MB (13 s with gzip)', aim: '≤ 0.7 s, ≤ 15 MB on the wire' },
  { key: 'first-sync-1.1M', work: 'first sync of 1.1 M', peer: '45.8 s, 1.39 GB', aim: '≤ 8 s, ≤ 150 MB' },
  { key: 'changes', work: 'nothing new, one change, at 1.1 M', peer: '7.4 and 13 ms', aim: '≤ 2 and 5 ms' },
  { key: 'timeline', work: 'months of the timeline at 1.1 M', peer: '362 ms', aim: '≤ 5 ms from the replica' },
  { key: 'propagation', work: 'a commit on one client until another has it', peer: '311 ms; 10.2 s in a burst of 200', aim: 'p50 ≤ 20 ms; ≤ 100 ms' },
  { key: 'stalled', work: 'clients that read nothing', peer: 'server grew to 2.9 GB, died with three', aim: 'memory bounded, others unharmed' },
  { key: 'rescan', work: '100,000 unchanged files listed again', peer: '(find is the limit)', aim: '≤ 2 times `find -printf`' },
  { key: 'device-sync', work: '2,000 × 3 MB to a second device', peer: '(rclone and syncthing, run beside it)', aim: 'faster than both, less CPU a GB' },
  { key: 'web', work: 'web app, 100,000 assets: first photo on an empty and a known device; frames a second; memory; script', peer: '(no figures)', aim: '≤ 1.5 s, ≤ 0.5 s; ≥ 55; ≤ 300 MB; ≤ 200 kB' },
];
