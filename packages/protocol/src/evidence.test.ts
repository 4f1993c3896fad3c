import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REASONS_DOCUMENT, reasonsDocument } from '../../../scripts/reasons-document.ts';
import { evidenceSchemas } from './evidence.ts';
import { fixActions, fixOf } from './fixes.ts';
import { problem, Problem } from './problem.ts';
import { reasonCodes, reasons } from './reasons.ts';

test('docs/reasons.md is what the table says (node scripts/reasons-document.ts)', () => {
  expect(readFileSync(REASONS_DOCUMENT, 'utf8')).toBe(reasonsDocument());
});

test.each(reasonCodes)('%s has its evidence, and who is stopped by it is told what to do', (code) => {
  expect(Object.keys(evidenceSchemas)).toContain(code);
  const { class: kind, fixes } = reasons[code];
  const { actions } = fixOf(code);
  if (kind === 'blocked' && code !== 'not_found' && code !== 'range_invalid') expect(fixes.length + actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(fixActions[action].sentence).not.toBe('');
});

test('a fix is guided only where no software can do it', () => {
  for (const code of reasonCodes) {
    const { kind, actions } = fixOf(code);
    expect(kind === 'guided').toBe(actions.length === 0);
  }
});

test('evidence that a problem document carries comes through', () => {
  expect(Problem.parse(problem(507, 'quota_full', { shortBytes: 5 }))).toMatchObject({ shortBytes: 5 });
  expect(evidenceSchemas.quota_full.safeParse({}).success).toBe(false);
});
