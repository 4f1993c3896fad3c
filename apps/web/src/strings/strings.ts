import { en } from './en.ts';

/** The words of the interface. A further language is a further file of this shape. */
export type Strings = typeof en;
export const strings: Strings = en;
