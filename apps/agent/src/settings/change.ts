import type { Conditions } from '@everroll/engine';
import type { DeviceSettings } from '@everroll/protocol';
import { conditionNames, type Named, settingNames } from './names.ts';

export interface Change {
  readonly settings: Partial<DeviceSettings>;
  /** null: the device tells it again. */
  readonly conditions: Partial<Conditions>;
}

export type ParsedChange = { readonly ok: true; readonly change: Change } | { readonly ok: false; readonly sentence: string };

/** Takes a condition that was set by hand back. */
const AUTO = 'auto';

/** All of what was typed, or what is wrong with the first of it that is. */
export function parseChange(pairs: readonly string[]): ParsedChange {
  const settings: Record<string, unknown> = {};
  const conditions: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [name, text] = at < 0 ? [pair, undefined] : [pair.slice(0, at), pair.slice(at + 1)];
    const setting = named(settingNames, name);
    const condition = named(conditionNames, name);
    const known = setting ?? condition;
    if (known === undefined) return { ok: false, sentence: `There is no setting ${name}. The settings are: ${allNames()}.` };
    const value = text === undefined ? undefined : condition !== undefined && text === AUTO ? null : known.form.read(text);
    if (value === undefined) return { ok: false, sentence: `${name} takes: ${known.form.possible}${condition === undefined ? '' : `, ${AUTO}`}.` };
    (setting === undefined ? conditions : settings)[known.key] = value;
  }
  // What was read is of its key's type: each form reads its own.
  return { ok: true, change: { settings, conditions } };
}

/** The entries of a table of names, whatever each of them holds. */
export function entriesOf(table: Readonly<Record<string, object>>): Named<string, unknown>[] {
  return Object.values(table) as Named<string, unknown>[];
}

const named = (table: Readonly<Record<string, object>>, name: string): Named<string, unknown> | undefined => entriesOf(table).find((entry) => entry.name === name);

const allNames = (): string => [...entriesOf(settingNames), ...entriesOf(conditionNames)].map(({ name }) => name).join(', ');
