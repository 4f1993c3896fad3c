/**
 * Finds the slot of an id. Ids are uniformly random bits, so their first four bytes are the hash; a
 * `Map` of a million strings would take ten times the memory.
 */
export class IdTable {
  readonly #idAt: (slot: number) => Uint8Array;
  #slots: Int32Array<ArrayBuffer>;
  #used = 0;

  /**
   * @param idAt the 16 bytes of the id in a slot.
   * @param expected so many are about to be added: it need not grow for them.
   */
  constructor(idAt: (slot: number) => Uint8Array, expected: number) {
    this.#idAt = idAt;
    this.#slots = new Int32Array(2 ** Math.max(10, Math.ceil(Math.log2(expected * 2 + 1)))).fill(FREE);
  }

  /** -1: there is none. */
  find(id: Uint8Array): number {
    for (let at = this.#begin(id); ; at = (at + 1) & (this.#slots.length - 1)) {
      const slot = this.#slots[at] ?? FREE;
      if (slot === FREE) return FREE;
      if (slot !== GONE && equal(this.#idAt(slot), id)) return slot;
    }
  }

  /** The id is not in it. */
  add(slot: number): void {
    if (this.#used * 2 >= this.#slots.length) this.#grow();
    this.#put(slot);
    this.#used += 1;
  }

  remove(id: Uint8Array): void {
    for (let at = this.#begin(id); this.#slots[at] !== FREE; at = (at + 1) & (this.#slots.length - 1)) {
      const slot = this.#slots[at] ?? FREE;
      if (slot === GONE || !equal(this.#idAt(slot), id)) continue;
      this.#slots[at] = GONE;
      return;
    }
  }

  #put(slot: number): void {
    let at = this.#begin(this.#idAt(slot));
    while ((this.#slots[at] ?? FREE) !== FREE) at = (at + 1) & (this.#slots.length - 1);
    this.#slots[at] = slot;
  }

  #grow(): void {
    const kept = this.#slots.filter((slot) => slot >= 0);
    this.#slots = new Int32Array(this.#slots.length * 2).fill(FREE);
    this.#used = kept.length;
    for (const slot of kept) this.#put(slot);
  }

  #begin(id: Uint8Array): number {
    return (((id[0] ?? 0) << 24) | ((id[1] ?? 0) << 16) | ((id[2] ?? 0) << 8) | (id[3] ?? 0)) & (this.#slots.length - 1);
  }
}

const FREE = -1;
/** Something stood here; what was put behind it is still found. */
const GONE = -2;

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < 16; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
