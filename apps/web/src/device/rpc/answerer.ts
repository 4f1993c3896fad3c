import type { Calls, Question, Reply, WatchName, Watches } from './surface.ts';

/** Begins a watch; the function that it gives ends it. */
export type Watchers = { readonly [Name in WatchName]: (args: Watches[Name]['args'], tell: (value: Watches[Name]['value']) => void, asker: { readonly isOwn: boolean }) => () => void };

export interface Service {
  readonly calls: Calls;
  readonly watches: Watchers;
}

/** The answering side, for one asker. */
export class Answerer {
  readonly #service: Service;
  readonly #isOwn: boolean;
  readonly #send: (reply: Reply) => void;
  readonly #ends = new Map<number, () => void>();

  /** @param isOwn the asker is the page of this very worker. */
  constructor(service: Service, isOwn: boolean, send: (reply: Reply) => void) {
    this.#service = service;
    this.#isOwn = isOwn;
    this.#send = send;
  }

  async take(question: Question): Promise<void> {
    const { id } = question;
    try {
      if (question.say === 'end') {
        this.#ends.get(id)?.();
        this.#ends.delete(id);
      } else if (question.say === 'watch') {
        const begin = this.#service.watches[question.name] as (args: readonly unknown[], tell: (value: unknown) => void, asker: { isOwn: boolean }) => () => void;
        this.#ends.get(id)?.();
        this.#ends.set(id, begin(question.args, (value) => this.#send({ say: 'value', id, value }), { isOwn: this.#isOwn }));
      } else {
        const call = this.#service.calls[question.name] as (...args: readonly unknown[]) => unknown;
        this.#send({ say: 'answer', id, value: await call(...question.args) });
      }
    } catch (error) {
      this.#send({ say: 'defect', id, text: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) });
    }
  }

  /** The asker is gone. */
  end(): void {
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }
}
