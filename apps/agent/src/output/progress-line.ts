import type { Progress } from '@everroll/engine';
import { formatBytes, formatCount, formatSpan } from './format.ts';
import { tone, widthOf } from './terminal.ts';

/** Without a terminal a line is printed at most this often: logs are read later. */
const PLAIN_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 100;
const BAR_WIDTH = 24;

export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Removes what is drawn, so that the result stands alone. */
  end(): void;
}

export const silent: ProgressDisplay = { show: () => undefined, end: () => undefined };

/** Shows a run on standard error: drawn in place on a terminal, else now and then a line. */
export function progressDisplay(stream: NodeJS.WriteStream, now: () => number = () => performance.now()): ProgressDisplay {
  let drawn = 0;
  // The first plain line comes when there is something to say; most runs are over by then.
  let lastAt = stream.isTTY ? Number.NEGATIVE_INFINITY : now();
  let lastLine = '';
  const erase = (): void => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  return {
    show(progress) {
      const isDone = progress.items.done === progress.items.total;
      if (now() - lastAt < (stream.isTTY ? DRAW_EVERY_MS : PLAIN_EVERY_MS)) return;
      if (stream.isTTY) {
        erase();
        const lines = [summary(progress, true), ...progress.active.slice(0, 4).map(transferLine)].map((line) => fit(line, stream.columns));
        stream.write(`${lines.join('\n')}\n`);
        drawn = lines.length;
      } else {
        const line = summary(progress, false);
        if (line === lastLine || (isDone && progress.active.length === 0)) return;
        stream.write(`${line}\n`);
        lastLine = line;
      }
      lastAt = now();
    },
    end: erase,
  };
}

export function summary({ items, bytes, bytesPerSecond, secondsLeft }: Progress, withBar: boolean): string {
  const parts = [
    `${formatCount(items.done)} of ${formatCount(items.total)} items`,
    `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}`,
    ...(bytesPerSecond > 0 ? [`${formatBytes(bytesPerSecond)}/s`] : []),
    ...(secondsLeft !== null && secondsLeft > 0 ? [`${formatSpan(secondsLeft * 1000)} left`] : []),
  ];
  return `${withBar ? `${bar(bytes.total === 0 ? 1 : bytes.done / bytes.total)}  ` : ''}${parts.join(' · ')}`;
}

function bar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * BAR_WIDTH);
  return `${tone('━'.repeat(full), 'good')}${tone('━'.repeat(BAR_WIDTH - full), 'quiet')}`;
}

function transferLine({ name, direction, bytes, done }: Progress['active'][number]): string {
  return tone(`  ${direction === 'up' ? '↑' : '↓'} ${name}  ${formatBytes(done)} of ${formatBytes(bytes)}`, 'quiet');
}

/** A line that wraps could not be erased. */
function fit(line: string, columns: number): string {
  return widthOf(line) < columns ? line : `${line.slice(0, Math.max(1, columns - 2)).toWellFormed()}…\u001b[0m`;
}
