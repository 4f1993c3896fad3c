import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** More requests than any honest client sends before it reads the first answer. */
const WAITING_MAX = 100;

/**
 * Of the requests that a client sends on one connection without waiting for answers (RFC 9112 section 9.3.2)
 * the next is begun when the answer before has gone out. Node begins them all at once and keeps every answer
 * until its turn comes: a client that asks for hundreds of pages and reads none would fill the memory.
 */
export function oneAtATime(answer: Answer): Answer {
  const waiting = new WeakMap<Socket, (() => void)[]>();
  return (incoming, outgoing) => {
    const { socket } = incoming;
    const begin = (): void => {
      outgoing.once('close', () => next(socket));
      answer(incoming, outgoing);
    };
    const queue = waiting.get(socket);
    if (queue === undefined) {
      waiting.set(socket, []);
      begin();
    } else if (queue.length < WAITING_MAX) queue.push(begin);
    else socket.destroy();
  };

  function next(socket: Socket): void {
    const begin = waiting.get(socket)?.shift();
    // A connection that is gone wants no answers.
    if (begin === undefined || socket.destroyed) waiting.delete(socket);
    else begin();
  }
}
