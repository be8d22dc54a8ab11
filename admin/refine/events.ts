/** The server's event stream, opened with the first listener and closed with the last. */
import type { ServerEvent } from '../../api/contract.ts';

const listeners = new Set<(event: ServerEvent) => void>();
let stream: EventSource | null = null;

/** @returns how to stop listening. */
export function onEvent(listener: (event: ServerEvent) => void): () => void {
  listeners.add(listener);
  if (!stream) open();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stream?.close();
    stream = null;
  };
}

function open(): void {
  stream = new EventSource('/api/_events');
  stream.onmessage = (message) => {
    let event: ServerEvent;
    try {
      event = JSON.parse(message.data as string) as ServerEvent;
    } catch {
      return;
    }
    for (const listener of listeners) listener(event);
  };
}
