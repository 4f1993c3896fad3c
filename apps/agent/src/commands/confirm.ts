import input from '@inquirer/input';
import type { Context } from './context.ts';

/** Whether a person says yes; undefined where there is nobody to ask. */
export async function confirm({ signal }: Context, question: string): Promise<boolean | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const answer = await input({ message: `${question} (yes/no)` }, { signal, output: process.stderr });
  return ['y', 'yes'].includes(answer.trim().toLowerCase());
}
