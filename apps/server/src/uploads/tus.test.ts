import { describe, expect, it } from 'vitest';
import { parseByteCount, parseMetadata } from './tus.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');
const library = '1'.repeat(32);
const sha256 = 'a'.repeat(64);
const metadata = (filename: string) => `library ${encode(library)},sha256 ${encode(sha256)},filename ${encode(filename)}`;

describe('U1 headers', () => {
  it.each([
    ['0', 0],
    ['3145728', 3_145_728],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads the byte count %s', (header, bytes) => {
    expect(parseByteCount(header)).toBe(bytes);
  });

  it.each([undefined, '', '-1', '+1', '1e99', '0x10', 'NaN', 'Infinity', '1.5', ' 1', '1 ', '1,2', '9007199254740993', '٣'])('refuses the byte count %s', (header) => {
    expect(parseByteCount(header)).toBeUndefined();
  });

  it.each(['IMG_0001.HEIC', 'Ferien in Köln.jpg', '旅行 2026.mov', '👩‍👩‍👧.png'])('reads the file name %s', (filename) => {
    expect(parseMetadata(metadata(filename))).toEqual({ ok: true, metadata: { library, sha256, filename } });
  });

  it('passes over keys that it does not know, also without a value', () => {
    expect(parseMetadata(`${metadata('a.jpg')},filetype ${encode('image/jpeg')},is_confidential`)).toMatchObject({ ok: true });
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['a key without its value', 'library'],
    ['no base64', metadata('a.jpg').replace(encode(library), '!!!!')],
    ['base64url', `${metadata('a.jpg')},x _-_-`],
    ['base64 without padding', metadata('a.jpg').replace(encode('a.jpg'), encode('a.jpg').replaceAll('=', ''))],
    ['bytes that are not UTF-8', `${metadata('a.jpg')},x ${Buffer.from([0xc3, 0x28]).toString('base64')}`],
    ['a key twice', `${metadata('a.jpg')},library ${encode(library)}`],
    ['a path as file name', metadata('../../etc/passwd')],
    ['a file name with a null', metadata('a\0.jpg')],
    ['a path as hash', `library ${encode(library)},sha256 ${encode('../../../etc/passwd')},filename ${encode('a')}`],
    ['an upper-case hash', metadata('a').replace(encode(sha256), encode(sha256.toUpperCase()))],
    ['a library that is no id', `library ${encode("' OR 1=1 --")},sha256 ${encode(sha256)},filename ${encode('a')}`],
    ['a prototype key alone', `__proto__ ${encode('{}')}`],
    ['more than it may be long', `${metadata('a.jpg')},x ${encode('y'.repeat(8000))}`],
  ])('refuses %s', (_what, header) => {
    const parsed = parseMetadata(header);
    expect(parsed.ok).toBe(false);
  });
});
