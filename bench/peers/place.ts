/** Where a program brings files from one device to another. */
export interface Place {
  /** For all that the program keeps; it is removed afterwards. */
  readonly folder: string;
  /** What the first device has. */
  readonly source: string;
  /** Empty, of the second device. */
  readonly target: string;
  readonly files: number;
}
