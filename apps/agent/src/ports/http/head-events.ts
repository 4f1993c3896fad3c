import { DeviceEvent, HeadEvent, PlanEvent } from '@everroll/protocol';
import { discard, isHtml } from '@everroll/engine/http';
import { createParser } from 'eventsource-parser';
import type { Connection } from './connection.ts';

/** Between two tries to hold the stream: doubled each time, with jitter, so that a server that comes back is not met by all at once. */
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 60_000;
/** The server sends a comment more often than this. A stream that says nothing is held by something in between. */
const SILENCE_MAX_MS = 60_000;

export interface HeadListener {
  /** A library has moved to this head. */
  onHead(head: HeadEvent): void;
  /** The account's storage plan may have room that it had not (rule Q5). */
  onPlan(): void;
  /** How another device stands, or what is set for any, has changed. */
  onDevice(event: DeviceEvent): void;
  /**
   * The head may have moved unseen: the stream was opened anew, or cannot be held. It is called at
   * each try, which makes it a poll whose pause grows to a minute where a network lets no stream through.
   */
  onUnknown(): void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  fraction(): number;
}

/** Holds `GET /events` until `signal` aborts. Never rejects for a fault of the connection. */
export async function listenForHeads(connection: Connection, listener: HeadListener, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const heard = await hold(connection, listener, signal);
    if (signal.aborted) return;
    failures = heard ? 0 : failures + 1;
    const pause = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** failures);
    await listener.sleep(pause * (0.5 + listener.fraction() / 2), signal);
    if (!heard && !signal.aborted) listener.onUnknown();
  }
}

/** One stream, from its opening to its end. Whether anything was heard on it. */
async function hold(connection: Connection, listener: HeadListener, signal: AbortSignal): Promise<boolean> {
  let heard = false;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      heard = true;
      const read = parseJson(data);
      const head = event === 'head' ? HeadEvent.safeParse(read).data : undefined;
      const device = event === 'device' ? DeviceEvent.safeParse(read).data : undefined;
      if (head !== undefined) listener.onHead(head);
      else if (device !== undefined) listener.onDevice(device);
      else if (event === 'plan' && PlanEvent.safeParse(read).success) listener.onPlan();
    },
    onComment: () => {
      heard = true;
    },
  });
  try {
    const answer = await connection.call({ method: 'GET', path: '/api/v1/events', headers: { accept: 'text/event-stream' }, signal, bodyMs: SILENCE_MAX_MS });
    if (!answer.ok) return false;
    const { statusCode, headers, body } = answer.value;
    if (statusCode !== 200 || isHtml(headers) || !String(headers['content-type']).startsWith('text/event-stream')) {
      discard(answer.value);
      return false;
    }
    listener.onUnknown();
    const decoder = new TextDecoder();
    for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
  } catch {
    // The stream broke or fell silent; the loop above opens the next.
  }
  return heard;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
