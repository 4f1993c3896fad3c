/**
 * What a file's name says about the photo that it is a part of. Cameras and editors write the parts
 * of one photo beside each other under names of one stem:
 *
 * - `IMG_1234.DNG` beside `IMG_1234.HEIC`: of one number in one folder (CIPA DC-009, DCF 2.0, calls them one object);
 * - `IMG_E1234.HEIC`, `IMG_E1234.MOV`: what an iPhone rendered after an edit of `IMG_1234`;
 * - `IMG_1234.AAE`, `IMG_O1234.AAE`: the edit as instructions, and what the camera app had applied before it;
 * - `IMG_1234_edited.heic` (osxphotos), `IMG_1234-edited.jpg` (Google Takeout): a rendered edit;
 * - `IMG_1234.xmp`, and `IMG_1234.CR3.xmp`, which names one file of that stem exactly.
 *
 * A name alone joins nothing: whoever asks looks at what the files say besides.
 */
export interface PartName {
  /** Equal for all parts of one photo: in lower case, Unicode NFC, without the marks of edits. */
  readonly stem: string;
  /** The name bears the mark of a rendered edit, or of an edit's instructions. */
  readonly edited: boolean;
  /** The whole name of the file that this one describes, in lower case, where it says it. */
  readonly describes: string | null;
}

const sidecar = /\.(?:aae|xmp)$/;
/** Endings of media that a sidecar may repeat, so that `St. James.xmp` is not taken for one of a file `St`. */
const original = /\.(?:jpe?g|hei[cf]|hif|avif|jxl|png|gif|webp|tiff?|psd|bmp|dng|cr[23w]|nef|nrw|arw|srf|sr2|srw|raf|orf|ori|rw2|raw|rwl|pef|ptx|iiq|3fr|fff|erf|mrw|x3f|gpr|kdc|dcr|mos|mef|mov|mp4|m4v|avi|mts|m2ts|3gp|mpe?g)$/;

export function partNameOf(name: string): PartName {
  const whole = name.normalize('NFC').toLowerCase();
  const isSidecar = sidecar.test(whole);
  let stem = whole.replace(/(?<=.)\.[^.]*$/, '');
  const describes = isSidecar && original.test(stem) ? stem : null;
  if (describes !== null) stem = stem.replace(original, '');
  const unmarked = stem.replace(/^img_e(?=\d{4})/, 'img_').replace(/(?<=.)[_-]edited$/, '');
  const edited = unmarked !== stem;
  // `IMG_O` marks instructions only: a photo of that name is none of an edit.
  const plain = isSidecar ? unmarked.replace(/^img_o(?=\d{4})/, 'img_') : unmarked;
  return { stem: plain, edited, describes };
}
