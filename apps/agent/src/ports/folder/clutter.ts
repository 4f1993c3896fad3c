/**
 * What systems and programs put beside photos and what is never a person's photo. A name on these
 * lists is passed over without a word; everything else in a source is listed and accounted for.
 */
const systemFolders = new Set([
  '@eadir', // Synology's thumbnails
  '#recycle', // Synology's and QNAP's bins
  '@recycle',
  '@recently-snapshot',
  '#snapshot',
  'lost+found',
  '$recycle.bin',
  'recycler',
  'system volume information',
  '__macosx', // AppleDouble halves in an unpacked archive
]);

const systemFiles = new Set(['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', '.nomedia', '.localized', 'icon\r']);
const longestSystemFile = Math.max(...[...systemFiles].map((name) => name.length));

/** Halves of files that a copying program has under way; each is renamed to its real name when it is whole. */
const unfinished = new Set(['part', 'partial', 'crdownload', 'download', 'filepart']);
const shortestUnfinished = Math.min(...[...unfinished].map((ending) => ending.length));
/** The same, of names that begin with a dot or a tilde: hardly any photo's does, so most files are not compared with these. */
const unfinishedAside: readonly RegExp[] = [
  /^\..+\.[0-9A-Za-z]{6}$/, // rsync
  /^\.syncthing\..+\.tmp$/,
  /^~syncthing~.+\.tmp$/,
  /^\.(?:goutputstream-|nfs[0-9a-f]{8})/, // GLib's and NFS's temporary names
  /^\._/, // AppleDouble: attributes of the file with the rest of the name
];

/** Folders whose name begins with a dot are a program's own (.Trash-1000, .thumbnails, .everroll, .git). */
export function isClutterFolder(name: string): boolean {
  return name.startsWith('.') || systemFolders.has(name.toLowerCase());
}

export function isClutterFile(name: string): boolean {
  // By its length first: to look at each name by a pattern took a fortieth of a listing.
  const ending = name.lastIndexOf('.') + 1;
  if (ending > 0 && name.length - ending >= shortestUnfinished && unfinished.has(name.slice(ending).toLowerCase())) return true;
  if (name.length <= longestSystemFile && systemFiles.has(name.toLowerCase())) return true;
  return (name.startsWith('.') || name.startsWith('~')) && unfinishedAside.some((pattern) => pattern.test(name));
}
