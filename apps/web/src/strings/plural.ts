const rules = new Intl.PluralRules('en');
const figures = new Intl.NumberFormat('en');

export const figure = (value: number): string => figures.format(value);

/** `1 photo`, `2 photos`. */
export function counted(value: number, one: string, other: string): string {
  return `${figures.format(value)} ${rules.select(value) === 'one' ? one : other}`;
}

export const items = (value: number): string => counted(value, 'item', 'items');
export const photos = (value: number): string => counted(value, 'photo', 'photos');
