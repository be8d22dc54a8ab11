/**
 * Posts JSON to an address that staff gave. It never goes to this machine or a private network unless the configuration allows
 * it: the address is looked at when the connection is made, so that no name leads elsewhere a moment later. Nothing is followed.
 */
import { lookup as resolve } from 'node:dns';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivate } from './private-address.ts';

export interface Answer {
  status: number;
  /** At most 16 kB of it. */
  body: string;
  /** Seconds that the receiver asks to be left alone. */
  retry_after: number | null;
}
/** `sure`: nothing can have arrived. */
export class Unreached extends Error {
  override name = 'Unreached';
  readonly sure: boolean;
  constructor(message: string, sure: boolean) {
    super(message);
    this.sure = sure;
  }
}

const READ_AT_MOST = 16 * 1024;

/** @throws Unreached when there was no answer in time, or the address is not allowed */
export function post(
  url: string,
  {
    body,
    headers,
    timeout_seconds,
    allow_private,
    signal,
  }: {
    body: string;
    headers: { [name: string]: string };
    timeout_seconds: number;
    allow_private: boolean;
    signal?: AbortSignal;
  },
): Promise<Answer> {
  return new Promise((done, failed) => {
    const to = new URL(url);
    const host = to.hostname.replace(/^\[|\]$/g, '');
    if (to.protocol !== 'https:' && !(allow_private && to.protocol === 'http:'))
      return failed(new Unreached('only https is allowed', true));
    if (!allow_private && isIP(host) && isPrivate(host)) return failed(new Unreached('the address is private', true));
    let connected = false;
    const ended = AbortSignal.timeout(timeout_seconds * 1000);
    const request = (to.protocol === 'https:' ? secure : plain)(to, {
      method: 'POST',
      agent: false,
      lookup: allow_private ? undefined : publicOnly,
      signal: signal ? AbortSignal.any([ended, signal]) : ended,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Evergreen',
        ...headers,
      },
    });
    request.on('socket', (socket) => {
      const mark = () => {
        connected = true;
      };
      if (to.protocol === 'https:') socket.once('secureConnect', mark);
      else socket.once('connect', mark);
    });
    request.on('error', (error) => {
      const words = ended.aborted ? `no answer within ${timeout_seconds} s` : error.message;
      failed(new Unreached(words, !connected));
    });
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      const finish = () => {
        const after = Number(response.headers['retry-after']);
        done({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).subarray(0, READ_AT_MOST).toString('utf8'),
          retry_after: Number.isFinite(after) && after > 0 ? Math.min(after, 21_600) : null,
        });
      };
      response.on('data', (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size > READ_AT_MOST) {
          finish();
          request.destroy();
        }
      });
      response.on('end', finish);
    });
    request.end(body);
  });
}

const publicOnly: LookupFunction = (name, options, done) => {
  resolve(name, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '', 0);
    const all = found as unknown as { address: string; family: number }[];
    if (all.length === 0 || all.some(({ address }) => isPrivate(address)))
      return done(new Error('the address is private'), '', 0);
    if (options.all) return (done as unknown as (error: null, all: object[]) => void)(null, all);
    done(null, all[0]!.address, all[0]!.family);
  });
};
