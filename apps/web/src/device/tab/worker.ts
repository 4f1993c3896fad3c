import { type Early, readEarly } from '../catalogue/early.ts';
import type { Drawn, FromTab, ToTab } from '../rpc/tab-messages.ts';
import { hasDatabase } from '../sqlite/folder.ts';
import { loadSqlite } from '../sqlite/module.ts';
import { askEarly } from './ask-early.ts';
import { EarlyAnswers } from './early-answers.ts';
import { type Lead, takeLead } from './lead.ts';
import { workerScope } from './worker-scope.ts';

/** While the first photos are drawn, the page has the processor: the database is opened when they are, or so much later where one takes its time. */
const DRAWN_WITHIN_MS = 1_000;
/** A server that answers later than this is not waited for: SQLite and the program come beside it. */
const ANSWERED_WITHIN_MS = 3_000;
/** A page that asked for something and not for the timeline by then shows something else, of which the database alone can tell. */
const ASKED_WITHIN_MS = 400;
/** Without these files the database could not be opened sooner either. */
const LET_GO_MS = 20;
const LET_GO_TRIES = 15;

/**
 * The worker of one page: small, so that it listens at once, and shows the timeline from the file of columns where that
 * may be (catalogue/standing.ts). SQLite and the program come side by side.
 * What it is asked before it is ready it takes afterwards.
 */
const waiting: ToTab[] = [];
let take = (message: ToTab): void => void waiting.push(message);
const { promise: heard, resolve: onHeard } = Promise.withResolvers<void>();
const { promise: drawn, resolve: onDrawn } = Promise.withResolvers<void>();
workerScope.addEventListener('message', ({ data }: MessageEvent<ToTab | Drawn>) => {
  onHeard();
  if (data.say === 'drawn') onDrawn();
  else take(data);
});

const say = (message: FromTab): void => workerScope.postMessage(message);
say({ say: 'listening' });

void start();

async function start(): Promise<void> {
  // Whoever has the file of the note has it alone: it is read while the lead is asked for.
  const [lead, found, isKnown] = await Promise.all([takeLead(), readEarly().catch(() => null), hasDatabase()]);
  const kept = await shownBy(lead, found);
  const asked = lead !== null && !isKnown ? askEarly(self.location.origin) : null;
  const told = asked && (await Promise.race([asked.shown, pause(ANSWERED_WITHIN_MS).then(() => null)]));
  const shown = kept ?? told;
  const answers = shown && new EarlyAnswers(shown, say);
  if (answers !== null) {
    for (const message of waiting) answers.take(message);
    take = (message) => {
      answers.take(message);
      waiting.push(message);
    };
    // Until then the page's program is on its way.
    await heard;
    const isAsked = await Promise.race([answers.shown.then(() => true), pause(ASKED_WITHIN_MS).then(() => false)]);
    if (isAsked) await Promise.race([drawn, pause(DRAWN_WITHIN_MS)]);
  }
  // One that cannot be loaded is told where it is opened.
  if (lead !== null) void loadSqlite().catch(() => undefined);
  const { begin } = await import('./work.ts');
  const sayNew = (message: FromTab): void => {
    if (answers?.isTold(message) !== true) say(message);
  };
  take = await begin(sayNew, { lead, kept, told, answers: asked && asked.answers, drawn });
  for (const message of waiting) take(message);
}

/** Who leads opens the database; who does not needs no SQLite, and what it shows comes from the one that does. */
async function shownBy(lead: Lead | null, found: Early | 'held' | null): Promise<Early | null> {
  if (lead === null) {
    if (found !== 'held') found?.standing.close();
    return null;
  }
  let early = found;
  // A page that is loaded again leads a moment before the one that was here lets go of its files.
  for (let tried = 1; early === 'held' && tried <= LET_GO_TRIES; tried += 1) {
    await pause(LET_GO_MS);
    early = await readEarly().catch(() => null);
  }
  return early === 'held' ? null : early;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
