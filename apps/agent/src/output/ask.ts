import input from '@inquirer/input';

/** Yes or no; undefined where there is no terminal to ask on. */
export async function askYesNo(question: string, signal: AbortSignal): Promise<boolean | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const answer = await input({ message: `${question} (yes/no)`, default: 'no' }, { signal, output: process.stderr });
  return /^y(?:es)?$/i.test(answer.trim());
}
