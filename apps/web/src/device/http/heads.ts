import { DeviceEvent, HeadEvent, PlanEvent } from '@everroll/protocol';

export interface HeadListener {
  /** A library has moved. */
  onHead(): void;
  /** The account's storage plan may have room that it had not (rule Q5). */
  onPlan(): void;
  /** A device of the account said something new of itself, or somebody set its settings. */
  onDevice(event: DeviceEvent): void;
  /** The stream was opened anew: what came meanwhile is not known. */
  onOpen(): void;
  /** It broke, or was refused; it is tried again by itself. */
  onBroken(): void;
}

/** The browser gives up where the server answers otherwise than with a stream: then it is opened anew after this long. */
const REFUSED_MS = 15_000;
/** The server sends a comment more often than this, which the browser hides; an event comes at least as often as a head moves. */
const CLOSED = 2;

/** Listens to `GET /events` until the returned function is called. */
export function listenForHeads(server: string, listener: HeadListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    const opened = new EventSource(`${server}/api/v1/events`, { withCredentials: true });
    source = opened;
    opened.addEventListener('open', () => listener.onOpen());
    opened.addEventListener('head', (event) => {
      if (HeadEvent.safeParse(parsed(event.data)).success) listener.onHead();
    });
    opened.addEventListener('plan', (event) => {
      if (PlanEvent.safeParse(parsed(event.data)).success) listener.onPlan();
    });
    opened.addEventListener('device', (event) => {
      const device = DeviceEvent.safeParse(parsed(event.data));
      if (device.success) listener.onDevice(device.data);
    });
    opened.addEventListener('error', () => {
      listener.onBroken();
      if (opened.readyState === CLOSED && source === opened) timer = setTimeout(open, REFUSED_MS);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
