/**
 * The same stream; `failed` hears of an error in it. What was announced by Content-Length is then
 * not reached and the connection is cut, so no reader takes a part for the whole.
 */
export function watched(stream: ReadableStream<Uint8Array>, failed: (error: unknown) => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  let left = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (left) return;
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (left) return;
          failed(error);
          controller.error(error);
        }
      },
      cancel: (reason) => {
        left = true;
        return reader.cancel(reason);
      },
    },
    // The inner stream reads ahead already.
    { highWaterMark: 0 },
  );
}
