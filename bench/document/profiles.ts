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
    measure: 'device-sync',
    title: 'Where the second device’s CPU goes',
    columns: ['1.2 GB in 400 files to `everroll sync`', 'CPU s', 'of all'],
    rows: [
      ['copy_folio_from_iter_atomic: write(2) copies into the system’s memory', '2.35', '41 %'],
      ['sha256_block_data_order_shaext: the hash of what came', '0.70', '12 %'],
      ['tcp_recvmsg: what comes over the connection', '0.23', '4 %'],
      ['fsync(2) of the files and of their folders', '0.16', '3 %'],
      ['JavaScript, Node and SQLite, with the start of the program', '1.11', '19 %'],
      ['V8’s own threads: compiling, collecting garbage', '0.60', '10 %'],
      ['what is left: open, rename, futex, network interrupts', '0.64', '11 %'],
    ],
    reason: [
      'The largest part is the copy of each byte into the memory from which it goes to the disk, which all three programs make. On a virtual',
      'machine it is mostly the price of the page: 1 GB written by `dd` in files of 3 MB takes 2.0 s of system time into memory that has been',
      'free for five seconds, and 0.4 s into memory that was freed a moment ago; the measure waits before each program, so that all get the same.',
      'The hash is next: without it nobody knows that what came is what was saved (I2), and each file is synced before it counts.',
      'rclone does neither; syncthing, a compiled program, starts at once, while Node and the first listing take 0.8 s of each turn.',
      'Of both ends, while files come, each GB takes 5.1 s: 2.2 of the device’s file threads, 1.4 of its main thread, 0.4 of V8’s; 0.6 of the',
      'server’s main thread, 0.4 of its file threads. fsync waits beside the rest (twelve threads, 11 ms a file).',
      'This does not show that the aim cannot be met: on a machine at rest 1.2 of two processors are busy while files come, so the clock goes by',
      'something that is waited for, and syncthing, which hashes and syncs each file too, takes a quarter less. What that is has not been found.',
    ],
  },
  {
    measure: 'rescan',
    title: 'Where the CPU of a listing goes',
    columns: ['100,000 unchanged files', 'of all'],
    rows: [
      ['statx(2) by the whole path, in the kernel', '35 %'],
      ['statSync of Node around it: path to UTF-8, numbers, an object', '9 %'],
      ['readdirSync: getdents64(2), names sorted and copied', '15 %'],
      ['the listing’s own: names, paths, what is clutter, an entry each', '9 %'],
      ['compared with the rows, a folder at a time: SQLite', '11 %'],
      ['… and their five columns parsed and compared', '7 %'],
      ['the end of the listing: what was not shown', '4 %'],
      ['the device’s own status, which follows a listing', '3 %'],
      ['collecting garbage, and what is below 1 % each', '7 %'],
    ],
    reason: [
      'Three fifths are what the disk is asked, in Node: names and a look at each file, with nothing done with them, take 1.2 times `find` by',
      'themselves. `find` asks by name within a folder that it holds open (fstatat(2)); Node offers paths from the root alone, whose five parts',
      'the kernel looks up anew for each file. Then 0.8 times `find` are left for a hundred thousand names, entries and rows: the rows of a',
      'folder are read as one range of an index and compared as columns, and what is looked up by name is only what differs.',
    ],
  },
];
