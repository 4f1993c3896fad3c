import { expect, test } from 'vitest';
import type { Surroundings } from '../device/contract.ts';
import { type SyncInputs, syncState } from './sync-state.ts';

const surroundings: Surroundings = { online: true, fault: null, role: 'leader', persisted: true, durable: null, space: null, firstSync: null };
const items = { found: 0, verified: 0, waiting: 0, uploading: 0, failed: 0, excluded: 0 };
const status = (counts: Partial<typeof items>): SyncInputs['status'] => ({ items: { ...items, ...counts } }) as SyncInputs['status'];
const given = (counts: { readonly waiting?: number; readonly copying?: number }): SyncInputs['uploads'] => ({
  total: 0,
  byState: { copying: 0, waiting: 0, uploading: 0, verified: 0, failed: 0, excluded: 0, ...counts },
  totalBytes: 0,
  doneBytes: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  version: 0,
});
const tone = (inputs: Partial<SyncInputs>): string => syncState({ session: undefined, surroundings, status: status({}), uploads: undefined, pendingChanges: 0, ...inputs }).tone;

test('green is said only when everything is known and saved', () => {
  expect(tone({})).toBe('good');
  expect(tone({ surroundings: undefined })).toBe('unknown');
  expect(tone({ status: undefined })).toBe('unknown');
  expect(tone({ pendingChanges: 1 })).toBe('busy');
  expect(tone({ status: status({ waiting: 1 }) })).toBe('warn');
  expect(tone({ surroundings: { ...surroundings, online: false } })).toBe('warn');
  expect(tone({ surroundings: { ...surroundings, fault: { code: 'server_unreachable', since: 0 } } })).toBe('warn');
  expect(tone({ surroundings: { ...surroundings, persisted: false } })).toBe('warn');
  expect(tone({ status: status({ failed: 1 }) })).toBe('bad');
});

test('what was just given to this browser is not saved before the engine has looked at it', () => {
  expect(tone({ uploads: given({ copying: 1 }) })).toBe('busy');
  expect(tone({ uploads: given({ waiting: 1 }) })).toBe('busy');
  expect(tone({ uploads: given({ waiting: 1 }), status: status({ waiting: 1 }) })).toBe('warn');
  expect(tone({ uploads: given({}) })).toBe('good');
});
