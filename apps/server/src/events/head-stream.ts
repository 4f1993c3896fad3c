import type { DeviceEvent, HeadEvent, LibraryId, PlanEvent } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import { newsIn, see, type Seen } from './seen.ts';

const nothing = (): void => undefined;

/** Proxies close a connection that is silent for 30 to 60 seconds. */
export const HEARTBEAT_MS = 25_000;

/**
 * Server-sent events with the heads of a session's libraries: one each at the beginning, then one
 * whenever a head moved; a word whenever the account's plan may have room; and what changed of the
 * account's devices, beginning with the settings of the reader's own where there are any. What the
 * reader has not taken yet is kept as the latest event of each library and device and that one word, so
 * a reader that stops reading costs a few hundred bytes for ever.
 * It ends with the session.
 *
 * @param closed called once, however it ends
 */
export async function headStream(services: Pick<Services, 'db' | 'events' | 'timers'>, session: SessionIdentity, closed: () => void): Promise<ReadableStream<Uint8Array>> {
  const { db, events, timers } = services;
  const waiting = new Map<LibraryId, HeadEvent>();
  const waitingDevices = new Map<string, DeviceEvent>();
  /** null: before the first look. */
  let seen: Seen | null = null;
  let isLooking = false;
  let isLookWanted = false;
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
    } else if (event.kind === 'device') {
      // A device knows how it stands itself.
      if (event.accountId !== session.accountId || (event.event.changed === 'status' && event.event.device === session.deviceId)) return;
      waitingDevices.set(keyOf(event.event), event.event);
      wake();
    } else if (event.kind === 'elsewhere') {
      void lookAgain().catch(nothing);
    } else if (seen === null || seen.heads.has(event.head.library)) {
      seen?.heads.set(event.head.library, event.head);
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

  /** What another process has changed is told as if it had been here. */
  const lookAgain = async (): Promise<void> => {
    isLookWanted = true;
    if (seen === null || isLooking) return;
    isLooking = true;
    try {
      while (isLookWanted) {
        isLookWanted = false;
        if (ended) return;
        if (!(await isAlive(services, session))) return end();
        const now = await see(db, session);
        const news = newsIn(seen, now, session.deviceId);
        seen = now;
        for (const head of news.heads) waiting.set(head.library, head);
        for (const device of news.devices) waitingDevices.set(keyOf(device), device);
        planMoved ||= news.hasRoom;
        if (news.heads.length + news.devices.length > 0 || news.hasRoom) wake();
      }
    } finally {
      isLooking = false;
    }
  };

  try {
    const first = await see(db, session);
    for (const library of waiting.keys()) if (!first.heads.has(library)) waiting.delete(library);
    for (const [id, head] of first.heads) if (!waiting.has(id)) waiting.set(id, head);
    const settings = first.devices.get(session.deviceId)?.settings;
    const ownSettings = keyOf({ device: session.deviceId, changed: 'settings' });
    if (settings && settings.version > 0 && !waitingDevices.has(ownSettings)) waitingDevices.set(ownSettings, { device: session.deviceId, changed: 'settings', ...settings });
    seen = first;
    if (isLookWanted) void lookAgain().catch(nothing);
  } catch (error) {
    end();
    throw error;
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (waiting.size + waitingDevices.size === 0 && !planMoved && !beat && !ended) await new Promise<void>((resolve) => (wake = resolve));
        if (ended) return controller.close();
        const lines = [
          ...waiting.values().map((head) => eventText('head', head)),
          ...(planMoved ? [eventText('plan', { account: session.accountId } satisfies PlanEvent)] : []),
          ...waitingDevices.values().map((device) => eventText('device', device)),
        ];
        // A line that begins with a colon is a comment: https://html.spec.whatwg.org/multipage/server-sent-events.html
        controller.enqueue(text.encode(lines.join('') || ':\n\n'));
        waiting.clear();
        waitingDevices.clear();
        planMoved = false;
        beat = false;
      },
      cancel: end,
    },
    // Nothing is made before it is asked for: what waits is coalesced.
    { highWaterMark: 0 },
  );
}

const keyOf = ({ device, changed }: Pick<DeviceEvent, 'device' | 'changed'>): string => `${device} ${changed}`;

function eventText(name: 'head' | 'plan' | 'device', data: HeadEvent | PlanEvent | DeviceEvent): string {
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
