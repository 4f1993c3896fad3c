/** A mistake of the kind that people make, as a small change of text. */
export interface PlantedBug {
  readonly name: string;
  /** What is wrong, in one line. */
  readonly what: string;
  readonly patches: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
}
