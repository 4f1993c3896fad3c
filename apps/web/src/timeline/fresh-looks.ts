/** Looks that this page has drawn itself: shown until the server's rendition is there, whose crops may be sharper. */
interface FreshLook {
  readonly preview: string;
  readonly thumb: string;
}

/** Edits of one sitting whose pictures are still in memory, some hundred KB each. */
const KEPT = 20;
const looks = new Map<string, FreshLook>();

/** @param shown as `shownKey` names it. */
export function keepFreshLook(shown: string, { preview, thumb }: { readonly preview: Blob; readonly thumb: Blob }): void {
  looks.set(shown, { preview: URL.createObjectURL(preview), thumb: URL.createObjectURL(thumb) });
  const [oldest] = looks;
  if (looks.size <= KEPT || oldest === undefined) return;
  looks.delete(oldest[0]);
  for (const address of Object.values(oldest[1])) URL.revokeObjectURL(address);
}

/** null: the server's is the only one, or the look was drawn elsewhere. */
export function freshLook(shown: string, rendition: string): string | null {
  const look = looks.get(shown);
  return look === undefined ? null : rendition === 'thumb' ? look.thumb : rendition === 'preview' ? look.preview : null;
}
