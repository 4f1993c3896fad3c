/**
 * What a browser may show from this server's own origin: pictures and videos that run no script.
 * SVG and everything unknown is offered as a file to be saved, whatever its device called it.
 */
const shown: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/heic',
  'image/heif',
  'image/tiff',
  'image/bmp',
  'image/jxl',
  'video/mp4',
  'video/quicktime',
  'video/webm',
  'video/x-matroska',
  'video/x-m4v',
  'video/3gpp',
  'video/mpeg',
]);

export function contentHeaders(mediaType: string | undefined): Record<string, string> {
  return mediaType !== undefined && shown.has(mediaType)
    ? { 'content-type': mediaType }
    : { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' };
}
