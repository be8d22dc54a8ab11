/** Those who are sent to: a real HTTP server that can fail, hang and answer late, and a real mail server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Posted {
  headers: IncomingMessage['headers'];
  body: string;
  json: { [key: string]: unknown };
}
export interface HttpReceiver {
  url: string;
  posted: Posted[];
  /** What it does from now on: an answer's status, and its body; nothing: it never answers. */
  answers(how: (request: Posted, count: number) => Promise<[number, string?] | null> | [number, string?] | null): void;
  close(): Promise<void>;
}

export async function httpReceiver(): Promise<HttpReceiver> {
  let how: Parameters<HttpReceiver['answers']>[0] = () => [200];
  const posted: Posted[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const body = Buffer.concat(parts).toString('utf8');
      const one = { headers: request.headers, body, json: JSON.parse(body) as Posted['json'] };
      posted.push(one);
      const answer = await how(one, posted.length);
      if (answer) response.writeHead(answer[0]).end(answer[1] ?? '');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    posted,
    answers: (next) => {
      how = next;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export interface MailReceiver {
  port: number;
  mails: string[];
  /** Recipients it refuses for good, or for now. */
  refuses: { [address: string]: number };
  close(): Promise<void>;
}

/** @param options.password asked of the user "evergreen" when given */
export async function mailReceiver({ password }: { password?: string } = {}): Promise<MailReceiver> {
  const mails: string[] = [];
  const refuses: { [address: string]: number } = {};
  const server = new SMTPServer({
    authOptional: password === undefined,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disabledCommands: password === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    onAuth: (auth, _session, done) => {
      if (auth.username === 'evergreen' && auth.password === password) return done(null, { user: 'evergreen' });
      done(new Error('Invalid username or password'));
    },
    onRcptTo: ({ address }, _session, done) => {
      const code = refuses[address];
      if (!code) return done();
      done(Object.assign(new Error('No such mailbox'), { responseCode: code }));
    },
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString('utf8'));
        done(null, `queued as ${mails.length}`);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuses,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
