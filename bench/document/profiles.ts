/**
 * Where the time of a measure goes, by function and system call, where its aim is missed or just met; found with `perf record`
 * and Node's `--perf-basic-prof`. It stands in docs/performance.md below the measure.
 */
export interface Profile {
  /** Its name, as `npm run bench -- NAME` has it. */
  readonly measure: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What follows from it. */
  readonly reason: readonly string[];
}

export const profiles: readonly Profile[] = [
  {
    measure: 'first-sync',
    title: 'Where the time of a large replica goes',
    columns: ['1.1 million assets into the replica of the command line’s engine', 'of all'],
    rows: [
      ['SQLite: rows put into their tables and indexes', '31 %'],
      ['SQLite: COMMIT, the changed pages into the log and from it into the file', '30 %'],
      ['SQLite: whether a row, a file or its bytes are known here', '8 %'],
      ['collecting garbage', '6 %'],
      ['rows decoded and checked, and the rest', '25 %'],
    ],
    reason: [
      'An asset costs 56 µs of CPU where there are 104,000 and 91 where there are 1.1 million: the keys of rows and the hashes of originals',
      'are random bits, so each transaction of 16,384 rows changes most pages of two indexes that have grown tenfold, and writes them twice.',
      'It was 1.45 of linear while a third index, of originals by their asset, was in random order as well: they follow the numbers of rows',
      'now, as these come (102 and 91 µs an asset in turns, 81 for 10,000). What did not help: a page cache of 256 MB in place of 32 (107 s of',
      'CPU beside 114), transactions four times as large in the same cache (112 beside 111), a checkpoint after 256 MB in place of 32, pages of',
      '8 kB. Indexes built at the end would bring it to a half, but a device that shows photos asks them meanwhile.',
    ],
  },
  {
    measure: 'device-sync',
    title: 'Where the second device’s CPU goes',
    columns: ['2.0 GB in 667 files to `everroll sync`', 'of all'],
    rows: [
      ['sha256_block_data_order_shaext: the hash of what came, since then on a thread of its own', '19 %'],
      ['JavaScript, Node, HTTP and SQLite on the main thread, with the start of the program', '32 %'],
      ['memory copied and given out (libc): what came, into what is written', '8 %'],
      ['the kernel, for the main thread: what comes over the connection, names, SQLite’s log', '17 %'],
      ['V8’s own threads: compiling, collecting garbage', '14 %'],
      ['file threads: open(2), writes past the cache, fsync(2)', '10 %'],
    ],
    reason: [
      'The copy of each byte into the system’s memory was the largest part (41 %) until what comes was written past it: on a virtual machine',
      'it is mostly the price of fresh pages. 1.8 GB in files of 3 MB, written and synced by Node alone, take 2.1 s of system time through the',
      'cache and 0.45 s with O_DIRECT from memory that is used again. Of a library that arrives nothing is read soon, and on a small machine it',
      'would push all else out of the cache. The hash is next: without it nobody knows that what came is what was saved (I2). Each file is',
      'synced before it counts, and twelve at once wait for that beside each other: the main thread is what all of them share. With the hash on',
      'it, it was busy for three quarters of the time while a part of the other processor had nothing to do; without, in three turns each,',
      '407 to 424 MB/s and 3.3 s of CPU for a GB where there were 345 to 358 and 3.7. From run to run, with the disk and the memory in another',
      'state, syncthing took 4.3 to 6.3 s of CPU for a GB, at 269 to 390 MB/s.',
    ],
  },
  {
    measure: 'rescan',
    title: 'Where the CPU of a listing goes',
    columns: ['100,000 unchanged files', 'of all'],
    rows: [
      ['statSync: statx(2) by the whole path, an object each', '55 %'],
      ['readdirSync: getdents64(2), names sorted and copied', '10 %'],
      ['the rows of each folder, as one text: SQLite', '16 %'],
      ['… and the same text of the listing, made and compared', '6 %'],
      ['the device’s own status, which follows a listing', '3 %'],
      ['the listing’s own: names, paths, what is clutter, an entry each; garbage; its end', '10 %'],
    ],
    reason: [
      'Two thirds are what the disk is asked, in Node: names and a look at each file, with nothing done with them, take 1.2 times `find` by',
      'themselves. `find` asks by name within a folder that it holds open (fstatat(2)); Node offers paths from the root alone, whose five parts',
      'the kernel looks up anew for each file. Then 0.8 times `find` are left for a hundred thousand names, entries and rows: the rows of a',
      'folder are read as one range of an index and compared as one text, and what is looked up by name is only what differs.',
    ],
  },
];
