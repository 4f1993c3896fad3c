import type { CallName, Calls, Question, Reply, WatchName, Watches } from './surface.ts';

/** The asking side: turns functions and subscriptions into messages. */
export class Asker {
  readonly #send: (question: Question) => void;
  readonly #calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #watches = new Map<number, (value: unknown) => void>();
  #lastId = 0;

  constructor(send: (question: Question) => void) {
    this.#send = send;
  }

  call<Name extends CallName>(name: Name, ...args: Parameters<Calls[Name]>): Promise<Awaited<ReturnType<Calls[Name]>>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#send({ say: 'call', id, name, args });
    });
  }

  /** @returns ends it. */
  watch<Name extends WatchName>(name: Name, args: Watches[Name]['args'], onValue: (value: Watches[Name]['value']) => void): () => void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#watches.set(id, onValue as (value: unknown) => void);
    this.#send({ say: 'watch', id, name, args });
    return () => {
      if (this.#watches.delete(id)) this.#send({ say: 'end', id });
    };
  }

  take(reply: Reply): void {
    switch (reply.say) {
      case 'value':
        this.#watches.get(reply.id)?.(reply.value);
        return;
      case 'answer':
        this.#calls.get(reply.id)?.resolve(reply.value);
        break;
      case 'defect':
        this.#calls.get(reply.id)?.reject(new Error(reply.text));
        break;
    }
    this.#calls.delete(reply.id);
  }
}
