/**
 * A load generator that costs little: keep-alive sockets, each sending its next request when the answer to the last is
 * complete. It reads no more of an answer than its status, length and ETag.
 */
import { connect, type Socket } from 'node:net';

export interface Request {
  method: string;
  path: string;
  headers?: { [name: string]: string };
  body?: string;
}
export interface Measured {
  requests: number;
  seconds: number;
  /** Of each answer, in milliseconds, in no order. */
  latencies: number[];
  statuses: { [status: string]: number };
}

export interface Load {
  port: number;
  connections: number;
  seconds: number;
  /** The request to send next; called once for each. */
  next: () => Request;
}

export async function load({ port, connections, seconds, next }: Load): Promise<Measured> {
  const measured: Measured = { requests: 0, seconds: 0, latencies: [], statuses: {} };
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, () => converse(port, until, next, measured)));
  measured.seconds = (performance.now() - started) / 1000;
  return measured;
}

/** Asks one request after the other over one kept connection, or a new one where the server closed it. @throws when an answer is not 200 */
export function openAsker(port: number): { ask: (request: Request) => Promise<void>; close: () => void } {
  let socket: Socket | undefined;
  let done: (answer: string | Error) => void = () => {};
  const open = async () => {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true });
    const answer = reader();
    await new Promise<void>((connected, failed) => opened.once('connect', connected).once('error', failed));
    opened.on('error', (error) => done(error));
    opened.on('close', () => {
      if (socket === opened) socket = undefined;
      done(new Error('the server closed the connection'));
    });
    opened.on('data', (chunk) => {
      const status = answer(chunk);
      if (status) done(status);
    });
    return opened;
  };
  return {
    async ask(request) {
      socket ??= await open();
      const to = socket;
      const status = await new Promise<string | Error>((answered) => {
        done = answered;
        write(to, request, port);
      });
      if (status === '200') return;
      throw status instanceof Error ? status : new Error(`${request.method} ${request.path} was answered ${status}`);
    },
    close: () => socket?.destroy(),
  };
}

/** @param share 0.5 is the median */
export function percentile(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function converse(port: number, until: number, next: () => Request, measured: Measured): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const answer = reader();
    let sent = 0;
    const send = () => {
      const now = performance.now();
      if (now >= until) {
        socket.destroy();
        return resolve();
      }
      sent = now;
      write(socket, next(), port);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', () =>
      performance.now() < until ? reject(new Error('the server closed a connection')) : resolve(),
    );
    socket.on('data', (chunk) => {
      const status = answer(chunk);
      if (!status) return;
      measured.requests++;
      measured.latencies.push(performance.now() - sent);
      measured.statuses[status] = (measured.statuses[status] ?? 0) + 1;
      send();
    });
  });
}

function write(socket: Socket, { method, path, headers = {}, body }: Request, port: number): void {
  let head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  if (body !== undefined) head += `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  socket.write(`${head}\r\n${body ?? ''}`);
}

/** Takes chunks; gives the status of an answer when that is complete, else nothing. */
function reader(): (chunk: Buffer) => string | undefined {
  let head: Buffer = Buffer.alloc(0);
  let status = '';
  let left = -1;
  let chunked = false;
  return (chunk) => {
    if (left < 0 && !chunked) {
      head = head.length ? Buffer.concat([head, chunk]) : chunk;
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      const text = head.toString('latin1', 0, end).toLowerCase();
      status = text.slice(9, 12);
      const length = /content-length: (\d+)/.exec(text)?.[1];
      chunked = length === undefined && text.includes('transfer-encoding: chunked');
      left = Number(length ?? 0) - (head.length - end - 4);
    } else left -= chunk.length;
    const complete = chunked ? chunk.toString('latin1').endsWith('0\r\n\r\n') : left <= 0;
    if (!complete) return undefined;
    head = Buffer.alloc(0);
    left = -1;
    chunked = false;
    return status;
  };
}
