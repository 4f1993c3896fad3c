import type { AssetId, LibraryId, RenditionName, Sha256 } from '@everroll/protocol';

/**
 * Pictures have addresses; the session's cookie opens them and the service worker keeps those of the
 * timeline for offline. An address names the bytes: it never shows anything else.
 *
 * A rendition that is not made yet is waited for some seconds and then answered with 202 and no
 * picture (an `<img>` then fires `error`: try the same address again after two seconds). 404 is final.
 * @param shown `CollectionRows.shown`, `AssetView.shown`.
 */
export function renditionUrl(library: LibraryId, asset: AssetId, name: RenditionName, shown: string): string {
  return `/api/v1/libraries/${library}/assets/${asset}/renditions/${name}?v=${shown}`;
}

/** An original's bytes. It answers ranges, so a `<video>` can seek in it. */
export function originalUrl(library: LibraryId, sha256: Sha256): string {
  return `/api/v1/libraries/${library}/resources/${sha256}`;
}
