/**
 * What happened, line by line. The hash of all lines is what I14 compares; the lines themselves are
 * kept only where somebody will read them.
 */
export class Trace {
  readonly lines: string[] = [];
  readonly #keeps: boolean;
  #low = 0x811c9dc5;
  #high = 0x01234567;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  note(at: number, who: string, what: string): void {
    const line = `${at} ${who} ${what}`;
    // Two 32-bit FNV-1a with different bases: cheap, and 64 bits tell any two runs apart.
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < line.length; index += 1) {
      const code = line.charCodeAt(index);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x0100019d);
    }
    this.#low = low;
    this.#high = high;
    if (this.#keeps) this.lines.push(`${clock(at)} ${who.padEnd(9)} ${what}`);
  }

  get hash(): string {
    return (this.#high >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0');
  }
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(5, 23).replace('T', ' ');
}
