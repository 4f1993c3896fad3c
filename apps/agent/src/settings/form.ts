import { formatBytes } from '../output/format.ts';

/** How a value is written on the command line, and what is possible, in words. */
export interface Form<Value> {
  /** undefined: no such value. */
  read(text: string): Value | undefined;
  write(value: Value): string;
  readonly possible: string;
}

/** `on|off` and the like: one word for each value. */
export function words<Value extends string | boolean>(table: Readonly<Record<string, Value>>): Form<Value> {
  const all = Object.entries(table);
  return {
    read: (text) => all.find(([word]) => word === text)?.[1],
    write: (value) => all.find(([, known]) => known === value)?.[0] ?? String(value),
    possible: all.map(([word]) => word).join(', '),
  };
}

export const onOff = words({ on: true, off: false });
export const yesNo = words({ yes: true, no: false });

export const percent: Form<number> = {
  read: (text) => (/^\d{1,3}%?$/.test(text) && Number.parseInt(text, 10) <= 100 ? Number.parseInt(text, 10) : undefined),
  write: (value) => `${value} %`,
  possible: '0 to 100',
};

const UNITS: Readonly<Record<string, number>> = { '': 1, 'b': 1, 'kb': 1e3, 'mb': 1e6, 'gb': 1e9, 'tb': 1e12 };

export const size: Form<number> = {
  read(text) {
    const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?) ?([kmgt]?b?)$/i.exec(text) ?? [];
    const scale = UNITS[unit?.toLowerCase().replace(/^([kmgt])$/, '$1b') ?? ''];
    const bytes = amount === undefined || scale === undefined ? Number.NaN : Math.round(Number(amount) * scale);
    return Number.isSafeInteger(bytes) ? bytes : undefined;
  },
  write: formatBytes,
  possible: 'a size such as 200MB or 1.5GB',
};

/** A value, or a word for none. */
export const or = <Value>(word: string, form: Form<Value>): Form<Value | null> => ({
  read: (text) => (text === word ? null : form.read(text)),
  write: (value) => (value === null ? word : form.write(value)),
  possible: `${form.possible}, ${word}`,
});

const MINUTES_A_DAY = 24 * 60;

/** `22:00-06:00`, as the wall clock of this device shows it. */
export const span: Form<{ readonly fromMinute: number; readonly toMinute: number }> = {
  read(text) {
    const [, fromHour, from, toHour, to] = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(text) ?? [];
    const fromMinute = minute(fromHour, from);
    const toMinute = minute(toHour, to);
    return fromMinute === undefined || toMinute === undefined ? undefined : { fromMinute, toMinute: toMinute % MINUTES_A_DAY };
  },
  write: ({ fromMinute, toMinute }) => `${clock(fromMinute)}-${clock(toMinute)}`,
  possible: 'two times of day such as 22:00-06:00',
};

function minute(hour: string | undefined, rest: string | undefined): number | undefined {
  const at = Number(hour) * 60 + Number(rest);
  return Number(rest) < 60 && at <= MINUTES_A_DAY ? at : undefined;
}

const clock = (at: number): string => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
