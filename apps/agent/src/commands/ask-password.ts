import password from '@inquirer/password';
import type { Context } from './context.ts';

/**
 * A password from the environment, or asked for where there is a terminal; undefined where neither.
 * Never an argument: other people of the machine can read those.
 */
export async function askPassword({ env, signal }: Context, variable: string, message: string): Promise<string | undefined> {
  if (env[variable]) return env[variable];
  if (!process.stdin.isTTY) return undefined;
  return password({ message, mask: true }, { signal, output: process.stderr });
}
