/**
 * A picture in the place of `IMG_1.HEIC` is called `IMG_1.HEIC.preview.jpg`: it lies beside what it
 * belongs to, opens everywhere, and says that it is not the original.
 */
const endings: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/webp': 'webp' };

/** With the number that tells it from another of that name. */
const ending = /\.preview(?: \(\d+\))?\.(?:jpg|webp)$/i;

export const previewNameOf = (name: string, mediaType: string): string => `${name}.preview.${endings[mediaType] ?? 'img'}`;

/**
 * What the original is called when it comes back: as the picture is, which a person may have renamed,
 * where that still ends as the original does; else as the library calls it.
 */
export function originalNameOf(previewName: string, name: string): string {
  const kept = previewName.replace(ending, '');
  return kept !== previewName && extensionOf(kept) === extensionOf(name) ? kept : name;
}

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.')).toLowerCase();
