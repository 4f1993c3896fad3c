import type { HonoRequest } from 'hono';
import { fail } from '../http/problem.ts';
import { type ByteRange, parseRange } from './ranges.ts';

/** What a request says about bytes that its sender may have, or wants a part of. */

/** `If-None-Match` is a list, and compares weakly (RFC 9110 section 13.1.2). */
export function hasAlready(request: HonoRequest, etag: string): boolean {
  const tags = request.header('if-none-match')?.split(',') ?? [];
  return tags.some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
}

export interface WantedPart extends ByteRange {
  readonly status: 200 | 206;
  readonly headers: Readonly<Record<string, string>>;
}

/** The whole, or the one range that is asked for; ends the request with 416 where that lies outside. */
export function wantedPart(request: HonoRequest, etag: string, bytes: number): WantedPart {
  // Without `If-Range`, or with the tag in it, the range is of these very bytes (RFC 9110 section 13.1.5).
  const ifRange = request.header('if-range');
  const range = ifRange === undefined || ifRange === etag ? parseRange(request.header('range'), bytes) : 'whole';
  if (range === 'unsatisfiable') return fail(416, 'range_invalid', {}, { 'content-range': `bytes */${bytes}` });
  if (range === 'whole') return { start: 0, end: bytes, status: 200, headers: { 'content-length': String(bytes) } };
  const { start, end } = range;
  return { start, end, status: 206, headers: { 'content-length': String(end - start), 'content-range': `bytes ${start}-${end - 1}/${bytes}` } };
}
