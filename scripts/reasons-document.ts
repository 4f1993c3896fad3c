/**
 * docs/reasons.md, made from the one table of reasons: `node scripts/reasons-document.ts` writes it,
 * and a test compares it with what stands in the repository.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceSchemas, fixActions, fixOf, type ReasonCode, reasonCodes, reasons, type ReasonScope } from '@everroll/protocol';

export const REASONS_DOCUMENT = join(import.meta.dirname, '..', 'docs', 'reasons.md');

const titles: Readonly<Record<ReasonScope, string>> = {
  device: 'All of a device’s work',
  item: 'One photo',
  request: 'One call to the server',
};

export function reasonsDocument(): string {
  return [
    '# Reasons',
    '',
    'Why something waits, failed or is left out, in the words that every part of Everroll uses. Made from',
    '`packages/protocol/src/reasons.ts` by `node scripts/reasons-document.ts`; do not edit it by hand.',
    '',
    '`waiting` resolves by itself; `blocked` needs a person; `failed` was tried and is tried again at a stated',
    'time; `excluded` by a rule; `warning` stops nothing. The evidence is what is measured with the code; what',
    'is optional has a `?`. **Bold** is what `everroll doctor --fix` does.',
    '',
    ...(['device', 'item', 'request'] as const).flatMap((scope) => ['', `## ${titles[scope]}`, '', '| code | class | sentence | evidence | what to do |', '|---|---|---|---|---|', ...reasonCodes.filter((code) => reasons[code].scope === scope).map(rowOf)]),
    '',
  ].join('\n');
}

function rowOf(code: ReasonCode): string {
  const actions = fixOf(code).actions.map((action) => `**${fixActions[action].sentence}**`);
  const cells = [`\`${code}\``, reasons[code].class, reasons[code].sentence, evidenceOf(code), [...actions, ...reasons[code].fixes].join('<br>')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function evidenceOf(code: ReasonCode): string {
  return Object.entries(evidenceSchemas[code].shape)
    .map(([name, schema]) => `\`${name}${schema.safeParse(undefined).success ? '?' : ''}\``)
    .join(' ');
}

if (import.meta.main) writeFileSync(REASONS_DOCUMENT, reasonsDocument());
