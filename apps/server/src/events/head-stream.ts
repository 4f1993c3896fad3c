import type { HeadEvent, LibraryId, PlanEvent } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import { librariesOf } from '../libraries/authorize.ts';

const nothing = (): void => undefined;

/** Proxies close a connection that is silent for 30 to 60 seconds. */
export const HEARTBEAT_MS = 25_000;

/**
 * Server-sent events with the heads of a session's libraries: one each at the beginning, then one
 * whenever a head moved; and a word whenever the account's plan may have room. What the reader has not
 * taken yet is kept as the latest head of each library and that one word, so a reader that stops
 * reading costs a few hundred bytes for ever.
 * It ends with the session.
 *
 * @param closed called once, however it ends
 */
export async function headStream(services: Pick<Services, 'db' | 'events' | 'timers'>, session: SessionIdentity, closed: () => void): Promise<ReadableStream<Uint8Array>> {
  const { db, events, timers } = services;
  const waiting = new Map<LibraryId, HeadEvent>();
  let own: ReadonlySet<LibraryId> | null = null;
  const text = new TextEncoder();
  let beat = false;
  let planMoved = false;
  let ended = false;
  let wake: () => void = nothing;

  const end = () => {
    if (ended) return;
    ended = true;
    closed();
    unsubscribe();
    stopBeating();
    wake();
  };
  // Subscribed before the heads are read, so that no change falls between.
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === 'closing') end();
    else if (event.kind === 'plan') {
      if (event.accountId !== session.accountId) return;
      planMoved = true;
      wake();
    } else if (event.kind === 'sessions_ended') {
      if (event.accountId === session.accountId && (event.deviceId === null || event.deviceId === session.deviceId)) end();
    } else if (own === null || own.has(event.head.library)) {
      waiting.set(event.head.library, event.head);
      wake();
    }
  });
  const stopBeating = timers.every(HEARTBEAT_MS, () => {
    beat = true;
    wake();
    // Another process may have ended the session; this one heard nothing of it.
    void isAlive(services, session).then((alive) => (alive ? undefined : end()), () => undefined);
  });

  try {
    const libraries = await librariesOf(db, session);
    const ids = new Set(libraries.map(({ id }) => id));
    for (const library of waiting.keys()) if (!ids.has(library)) waiting.delete(library);
    for (const { id, epoch, head } of libraries) if (!waiting.has(id)) waiting.set(id, { library: id, epoch, head });
    own = ids;
  } catch (error) {
    end();
    throw error;
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (waiting.size === 0 && !planMoved && !beat && !ended) await new Promise<void>((resolve) => (wake = resolve));
        if (ended) return controller.close();
        const lines = [...waiting.values().map((head) => eventText('head', head)), ...(planMoved ? [eventText('plan', { account: session.accountId } satisfies PlanEvent)] : [])];
        // A line that begins with a colon is a comment: https://html.spec.whatwg.org/multipage/server-sent-events.html
        controller.enqueue(text.encode(lines.join('') || ':\n\n'));
        waiting.clear();
        planMoved = false;
        beat = false;
      },
      cancel: end,
    },
    // Nothing is made before it is asked for: what waits is coalesced.
    { highWaterMark: 0 },
  );
}

function eventText(name: 'head' | 'plan', data: HeadEvent | PlanEvent): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function isAlive({ db }: Pick<Services, 'db'>, session: SessionIdentity): Promise<boolean> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select('account.disabled_at')
    .where('session.token_hash', '=', session.tokenHash)
    .executeTakeFirst();
  return row !== undefined && row.disabled_at === null;
}
