import type { Progress } from '@everroll/engine';
import { createLogUpdate } from 'log-update';
import { bar } from './bar.ts';
import { formatBytes, formatCount, formatSpan } from './format.ts';
import { tone } from './terminal.ts';

/** Without a terminal a line is printed this often: logs are read later. */
const PLAIN_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 150;
/** Counting a large library takes a while: at most this share of the time goes into showing it. */
const SHARE = 0.02;
const BAR_WIDTH = 24;
const TRANSFERS_SHOWN = 4;

/**
 * Shows a run until the returned function is called: drawn in place on a terminal, and removed in
 * the end so that the result stands alone; else now and then a line.
 */
export function showProgress(stream: NodeJS.WriteStream, progress: () => Progress): () => void {
  const { show, end } = stream.isTTY ? drawn(stream) : printed(stream);
  const everyMs = stream.isTTY ? DRAW_EVERY_MS : PLAIN_EVERY_MS;
  let timer = setTimeout(tick, everyMs);
  function tick(): void {
    const began = performance.now();
    show(progress());
    timer = setTimeout(tick, Math.max(everyMs, (performance.now() - began) / SHARE));
  }
  return () => {
    clearTimeout(timer);
    end();
  };
}

interface Display {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
}

function drawn(stream: NodeJS.WriteStream): Display {
  const draw = createLogUpdate(stream);
  return {
    show: (progress) => draw([summary(progress, true), ...progress.active.slice(0, TRANSFERS_SHOWN).map(transferLine)].join('\n')),
    end() {
      draw.clear();
      draw.done();
    },
  };
}

function printed(stream: NodeJS.WriteStream): Display {
  let lastLine = '';
  return {
    show(progress) {
      const line = summary(progress, false);
      if (line !== lastLine) stream.write(`${line}\n`);
      lastLine = line;
    },
    end: () => undefined,
  };
}

export function summary({ items, bytes, bytesPerSecond, secondsLeft }: Progress, withBar: boolean): string {
  const parts = [
    `${formatCount(items.done)} of ${formatCount(items.total)} items`,
    `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}`,
    ...(bytesPerSecond > 0 ? [`${formatBytes(bytesPerSecond)}/s`] : []),
    ...(secondsLeft !== null && secondsLeft > 0 ? [`${formatSpan(secondsLeft * 1000)} left`] : []),
  ];
  return `${withBar ? `${bar(bytes.total === 0 ? 1 : bytes.done / bytes.total, BAR_WIDTH)}  ` : ''}${parts.join(' · ')}`;
}

function transferLine({ name, direction, bytes, done }: Progress['active'][number]): string {
  return tone(`  ${direction === 'up' ? '↑' : '↓'} ${name}  ${formatBytes(done)} of ${formatBytes(bytes)}`, 'quiet');
}
