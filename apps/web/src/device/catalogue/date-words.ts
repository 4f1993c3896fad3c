/** What a word says of a date, as SQLite's `strftime` shows it. */
export interface DateWord {
  readonly format: '%Y' | '%m' | '%Y-%m' | '%Y-%m-%d';
  readonly value: string;
}

const months = new Map(
  (['long', 'short'] as const).flatMap((month) => Array.from({ length: 12 }, (_, at) => [new Intl.DateTimeFormat('en', { month, timeZone: 'UTC' }).format(Date.UTC(2024, at, 1)).toLowerCase(), String(at + 1).padStart(2, '0')])),
);
const SHAPES = [
  [/^(?:18|19|20|21)\d\d$/, '%Y'],
  [/^\d{4}-(?:0[1-9]|1[0-2])$/, '%Y-%m'],
  [/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, '%Y-%m-%d'],
] as const;

/** A year, a month by its name, `2019-11` or `2019-11-30`; null: the word is of something else. */
export function dateWord(word: string): DateWord | null {
  const month = months.get(word.toLowerCase());
  if (month !== undefined) return { format: '%m', value: month };
  const shape = SHAPES.find(([pattern]) => pattern.test(word));
  return shape === undefined ? null : { format: shape[1], value: word };
}
