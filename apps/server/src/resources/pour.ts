import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { withSecurity } from '../http/security-headers.ts';

/** Whoever asked went away, or stood still until the connection was closed. */
class ReaderLeft extends Error {
  override readonly name = 'ReaderLeft';
}

/**
 * Answers with what `pour` gives, on the Node response itself: through the Fetch one, each piece costs an
 * allocation and several promises more. `failed` hears of an error of the source. What was announced by
 * Content-Length is then not reached and the connection is cut, so no reader takes a part for the whole.
 */
export async function pourInto(
  outgoing: ServerResponse,
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  pour: (take: (piece: Uint8Array) => Promise<void>) => Promise<void>,
  failed: (error: unknown) => void,
): Promise<Response> {
  let leave: (() => void) | undefined;
  outgoing.once('close', () => leave?.());
  outgoing.writeHead(status, withSecurity(headers));
  try {
    await pour(
      async (piece) =>
        await new Promise<void>((resolve, reject) => {
          leave = () => reject(new ReaderLeft());
          if (outgoing.destroyed) leave();
          // Called when the system has taken all of it: then the piece may be written over.
          else outgoing.write(piece, (error) => (error ? reject(new ReaderLeft()) : resolve()));
        }),
    );
    outgoing.end();
  } catch (error) {
    if (!(error instanceof ReaderLeft)) failed(error);
    outgoing.destroy();
  }
  return RESPONSE_ALREADY_SENT;
}
