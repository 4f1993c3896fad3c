import { styleText } from 'node:util';

/** What is printed goes to standard output; what is only for a person who watches goes to standard error. */
export type Tone = 'strong' | 'quiet' | 'good' | 'warn' | 'bad';

const styles = { strong: 'bold', quiet: 'dim', good: 'green', warn: 'yellow', bad: 'red' } as const;

/** Colour on a terminal alone, and not where NO_COLOR is set (https://no-color.org). */
export function tone(text: string, as: Tone): string {
  return styleText(styles[as], text, { stream: process.stdout, validateStream: true });
}

/** Columns that text takes, without what only colours it. */
export function widthOf(text: string): number {
  // oxlint-disable-next-line no-control-regex -- the escape sequences of colours (ECMA-48, SGR)
  return [...new Intl.Segmenter().segment(text.replace(/\u001b\[[0-9;]*m/g, ''))].length;
}

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

export interface Column {
  readonly align?: 'left' | 'right';
}

/** Rows in columns, two spaces apart; the last column is as long as it likes. */
export function table(rows: readonly (readonly string[])[], columns: readonly Column[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, at) => {
        if (columns[at]?.align === 'right') return padStart(cell, widths[at] ?? 0);
        return at === row.length - 1 ? cell : padEnd(cell, widths[at] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}

export const indent = (lines: readonly string[], by = 2): string[] => lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
