/** `waiting`: someone waits for the result. `backlog`: work that has to be done some time. */
export type Priority = 'waiting' | 'backlog'

/** A bounded queue: what someone waits for goes first, and each kind in the order of arrival. */
export class JobQueue<Entry> {
  readonly #entries: Record<Priority, Entry[]> = { waiting: [], backlog: [] }
  readonly #bound: number

  constructor(bound: number) {
    this.#bound = bound
  }

  get length(): number {
    return this.#entries.waiting.length + this.#entries.backlog.length
  }

  /** The entry that found no place: in a full queue the newest of the backlog gives way to what someone waits for. */
  add(entry: Entry, priority: Priority): Entry | null {
    const full = this.length >= this.#bound
    if (!full) {
      this.#entries[priority].push(entry)
      return null
    }
    const displaced = priority === 'waiting' ? this.#entries.backlog.pop() : undefined
    if (displaced === undefined) return entry
    this.#entries.waiting.push(entry)
    return displaced
  }

  take(): Entry | undefined {
    return this.#entries.waiting.shift() ?? this.#entries.backlog.shift()
  }

  /** Whether it was there. */
  remove(entry: Entry): boolean {
    return Object.values(this.#entries).some((entries) => {
      const index = entries.indexOf(entry)
      if (index >= 0) entries.splice(index, 1)
      return index >= 0
    })
  }
}
