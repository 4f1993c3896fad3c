import { keepCompiled } from '../../../scripts/compiled.ts';

/** The command line `everroll`. */
keepCompiled();

/** One press of Ctrl-C reaches this process twice, from the terminal and from what started it. */
const SAME_PRESS_MS = 500;

const stop = new AbortController();
let stoppedAt = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks a second time does not want to wait for a clean end. Nothing is lost by that.
    if (stop.signal.aborted && performance.now() - stoppedAt > SAME_PRESS_MS) process.exit(130);
    stoppedAt = performance.now();
    stop.abort();
  });
}
// What started this process was killed: it would otherwise go on unseen.
if (process.channel) {
  process.once('disconnect', () => {
    if (process.exitCode === undefined) process.exit(1);
  });
  process.channel.unref();
}
const { buildProgram } = await import('./program.ts');
process.exitCode = await buildProgram(process.env, stop.signal)(process.argv.slice(2));
process.disconnect?.();
