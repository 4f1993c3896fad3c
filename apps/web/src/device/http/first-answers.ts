import { protocolHeaders } from '@everroll/engine/http';

/** As long as a connection waits for an answer to begin (http/connection.ts). */
const WITHIN_MS = 120_000;

/** What was asked of the server before the program was loaded, which asks the same: it is given these answers. */
export class FirstAnswers {
  readonly #kept = new Map<string, Promise<Response>>();

  /** Rejects as `fetch` does. */
  async ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const answer = fetch(path, { headers: { ...protocolHeaders, ...headers }, signal: AbortSignal.timeout(WITHIN_MS), redirect: 'manual', credentials: 'same-origin' });
    const kept = answer.then((response) => response.clone());
    // Told to whoever takes it, if anybody does.
    kept.catch(() => undefined);
    this.#kept.set(path, kept);
    return answer;
  }

  /** Once: whoever asks again wants to know anew. */
  take(path: string): Promise<Response> | undefined {
    const kept = this.#kept.get(path);
    this.#kept.delete(path);
    return kept;
  }
}
