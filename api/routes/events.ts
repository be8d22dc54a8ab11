/**
 * What changed, as server-sent events: saved report files of this process, and whatever was announced by
 * `notify evergreen_events` from any process. One LISTEN connection, held while somebody listens.
 */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { callerOfRequest } from '../auth.ts';
import type { Deps, Env } from '../context.ts';
import type { ServerEvent } from '../contract.ts';
import { problem } from '../errors.ts';
import { hearEvents } from '../event-listener.ts';
import { heardEvent } from '../records/heard-events.ts';
import { reportStore } from '../report/store.ts';

/** Ends the streams of each open application, by its pool. */
const ends = new WeakMap<object, () => void>();

/** An endless answer would hold the server's stop: ends them all. Browsers open theirs again by themselves. */
export function endEvents({ pool }: Pick<Deps, 'pool'>): void {
  ends.get(pool)?.();
}

/** Proxies close a connection on which nothing is said. */
const HEARTBEAT_MS = 25_000;
/** Of one person: tabs, not floods. */
const STREAMS_MAX = 50;
/** Events that somebody has not taken yet; whoever lets more pile up is cut off, and asks for everything anew. */
const WAITING_MAX = 200;

export function eventsRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  const listeners = new Set<(event: ServerEvent) => void>();
  const streams = new Set<() => void>();
  /** How many each person has open. */
  const open = new Map<number, number>();
  ends.set(deps.pool, () => {
    for (const end of streams) end();
  });
  const tell = (event: ServerEvent) => {
    for (const listener of listeners) listener(event);
  };
  let stop: (() => void) | null = null;
  const start = () => {
    const stops = [reportStore(deps).onChange((slug) => tell({ type: 'report', slug })), hearEvents(deps, { tell })];
    return () => {
      for (const end of stops) end();
    };
  };

  app.get('/api/_events', (c) => {
    const { id } = c.var.user;
    const others = open.get(id) ?? 0;
    if (others >= STREAMS_MAX) throw problem(429, 'too_many_streams', { max: STREAMS_MAX });
    open.set(id, others + 1);
    return streamSSE(c, async (stream) => {
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      let before = Promise.resolve();
      let waiting = 0;
      // Who listens is looked up with each event: signed out or with other roles, they no longer hear what they did.
      const write = async (event: ServerEvent) => {
        const caller = await callerOfRequest(deps, c).catch(() => null);
        if (!caller) return end();
        const heard = await heardEvent(deps, caller, event);
        if (heard) await stream.writeSSE({ data: JSON.stringify(heard) });
        // Everybody has the definitions, also who may not see the records that they are made of.
        if (event.type === 'resource' && deps.definitions.reads.has(event.name))
          await stream.writeSSE({ data: JSON.stringify({ type: 'definitions' } satisfies ServerEvent) });
      };
      const listener = (event: ServerEvent) => {
        if (++waiting > WAITING_MAX) return cutOff();
        before = before
          .then(() => write(event))
          .catch((error: unknown) => deps.log.debug({ error }, 'an event is lost'))
          .finally(() => waiting--);
      };
      // The answer cannot be ended in order: what is to come before the end is what nobody takes.
      const cutOff = () => {
        listeners.delete(listener);
        const { outgoing } = (c.env ?? {}) as { outgoing?: { destroy(): void } };
        outgoing?.destroy();
        stream.abort();
        end();
      };
      listeners.add(listener);
      stop ??= start();
      streams.add(end);
      stream.onAbort(end);
      const heartbeat = setInterval(() => void stream.write(': \n\n'), HEARTBEAT_MS);
      heartbeat.unref();
      await stream.write('retry: 2000\n\n');
      await ended;
      clearInterval(heartbeat);
      streams.delete(end);
      listeners.delete(listener);
      const left = open.get(id)! - 1;
      if (left > 0) open.set(id, left);
      else open.delete(id);
      if (listeners.size === 0) {
        stop?.();
        stop = null;
      }
    });
  });
  return app;
}
