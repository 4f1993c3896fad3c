/** A value and who follows it. What is equal to the value before (as JSON) is not told. */
export class Value<T> {
  #value: T;
  #text: string;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
    this.#text = JSON.stringify(value);
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    const text = JSON.stringify(value);
    if (text === this.#text) return;
    this.#value = value;
    this.#text = text;
    for (const listener of this.#listeners) listener(value);
  }

  get isFollowed(): boolean {
    return this.#listeners.size > 0;
  }

  /** Tells the value now and whenever another one takes its place. @returns ends it. */
  follow(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#value);
    return () => void this.#listeners.delete(listener);
  }
}
