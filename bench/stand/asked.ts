import { once } from 'node:events';
import type { Answer } from './own-cpu.ts';
import { type Measured, start, type StartOptions } from './processes.ts';

/** A process that does its work when it is asked (own-cpu.ts). */
export type Asked = Measured<unknown>;

export const startAsked = (file: string, words: readonly string[], options: StartOptions = {}): Promise<Asked> => start(file, words, { flags: [], ...options });

/** @throws if it ends instead */
export async function ask({ child }: Asked): Promise<Answer> {
  const ended = new AbortController();
  try {
    const answered = once(child, 'message', { signal: ended.signal });
    const gone = once(child, 'exit', { signal: ended.signal }).then(([code]) => Promise.reject(new Error(`${child.spawnargs.slice(1).join(' ')} ended with ${code}`)));
    child.send('once');
    const [answer] = (await Promise.race([answered, gone])) as [Answer];
    return answer;
  } finally {
    ended.abort();
  }
}
