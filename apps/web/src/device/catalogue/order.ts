import { type Columns, SlotState } from './columns.ts';

/** Newest first; of one moment, by id, so that every device shows the same order. */
function before({ data }: Columns, a: number, b: number): number {
  const difference = (data.orderedBy[b] ?? 0) - (data.orderedBy[a] ?? 0);
  if (difference !== 0) return difference;
  for (let at = 0; at < 16; at += 1) {
    const byId = (data.ids[a * 16 + at] ?? 0) - (data.ids[b * 16 + at] ?? 0);
    if (byId !== 0) return byId;
  }
  return 0;
}

export function sortSlots(columns: Columns, slots: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  return slots.toSorted((a, b) => before(columns, a, b));
}

/** All slots of a state, in order. */
export function orderOf(columns: Columns, state: number): Uint32Array<ArrayBuffer> {
  const slots: number[] = [];
  for (let slot = 0; slot < columns.end; slot += 1) if (columns.data.states[slot] === state) slots.push(slot);
  return sortSlots(columns, Uint32Array.from(slots));
}

/**
 * The order after some slots changed: those are taken out and put where they belong now, the others
 * stay as they are. One pass, whatever the size of the library.
 */
export function reorder(columns: Columns, order: Uint32Array, state: number, changed: ReadonlySet<number>): Uint32Array<ArrayBuffer> {
  const incoming = sortSlots(columns, Uint32Array.from([...changed].filter((slot) => columns.data.states[slot] === state)));
  const merged = new Uint32Array(order.length + incoming.length);
  let [length, next] = [0, 0];
  for (const slot of order) {
    if (changed.has(slot)) continue;
    while (next < incoming.length && before(columns, incoming[next] ?? 0, slot) < 0) merged[length++] = incoming[next++] ?? 0;
    merged[length++] = slot;
  }
  while (next < incoming.length) merged[length++] = incoming[next++] ?? 0;
  return merged.slice(0, length);
}

export const liveOrder = (columns: Columns): Uint32Array<ArrayBuffer> => orderOf(columns, SlotState.live);
