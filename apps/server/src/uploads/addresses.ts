import { LibraryId, Sha256, type UploadId } from '@everroll/protocol';

/** Where creations and addresses of uploads live. */
export const UPLOADS_PATH = '/api/v1/uploads';

export function uploadAddress(upload: UploadId): string {
  return `${UPLOADS_PATH}/${upload}`;
}

/**
 * The address of an upload that is complete: it names what the library holds instead of a row, so
 * it needs none and stays true for as long as the library holds it. A generic tus client that asks
 * there learns that nothing is to be sent.
 */
export function completeAddress(library: LibraryId, sha256: Sha256): string {
  return `${UPLOADS_PATH}/${library}-${sha256}`;
}

export function parseComplete(id: string): { readonly library: LibraryId; readonly sha256: Sha256 } | undefined {
  const [first, second, ...rest] = id.split('-');
  const library = LibraryId.safeParse(first);
  const sha256 = Sha256.safeParse(second);
  return rest.length === 0 && library.success && sha256.success ? { library: library.data, sha256: sha256.data } : undefined;
}
