/** What all measures are given. */
export interface Options {
  /** 1: the numbers of files and rows that docs/performance.md speaks of; a tenth for a quick look. */
  readonly scale: number;
}

/** What a measure found: it is printed, kept as JSON and put into docs/performance.md. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
  /** What goes into the table of aims, by the key of its row (document/aims.ts). */
  readonly figures?: Readonly<Record<string, string>>;
  /** The same at several sizes of the library, for the plots. */
  readonly growth?: readonly Growth[];
}

export interface Growth {
  readonly operation: string;
  readonly unit: string;
  /** Assets of the library, and what it took. */
  readonly points: readonly (readonly [assets: number, value: number])[];
  /** `constant`: it must not depend on the size; `linear`: it must not grow faster. */
  readonly aim: 'constant' | 'linear';
}

export type Measure = (options: Options) => Promise<Table>;

/** So many at this scale, and at least one. */
export const scaled = (count: number, { scale }: Options): number => Math.max(1, Math.round(count * scale));
