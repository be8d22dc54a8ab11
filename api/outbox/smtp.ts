/** E-mail by SMTP. One pool of connections for each mail server as it is configured now. */
import { createTransport, type Transporter } from 'nodemailer';
import type { Outcome, Parcel } from './parcel.ts';
import { asHtml } from './render.ts';

export interface MailServer {
  id: number;
  version: number;
  host: string | null;
  port: number | null;
  security: string | null;
  username: string | null;
  from_name: string | null;
  from_address: string | null;
  reply_to: string | null;
  timeout_seconds: number;
  parallel: number;
}

/** What goes out, however it was written. */
export interface Letter {
  /** Names it in its Message-ID, the same at each attempt. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  pictures?: { filename: string; content: Buffer; cid: string }[];
  headers?: { [name: string]: string };
}

/** Hands a message of a customer to the mail server. */
export function sendMail(
  pools: MailPools,
  server: MailServer,
  password: string | null,
  parcel: Parcel,
): Promise<Outcome> {
  return sendLetter(pools, server, password, {
    id: `message-${parcel.id}`,
    to: parcel.to!,
    subject: parcel.subject ?? '',
    text: parcel.body,
    html: asHtml(parcel.body),
    headers: { 'X-Evergreen-Message': String(parcel.id) },
  });
}

/**
 * Hands a letter to the mail server. Its Message-ID is the same at each attempt, so that a receiver who looks at it shows a
 * letter once that was sent again because its first answer was lost.
 */
export async function sendLetter(
  pools: MailPools,
  server: MailServer,
  password: string | null,
  letter: Letter,
): Promise<Outcome> {
  const from = { name: server.from_name ?? '', address: server.from_address! };
  const domain = server.from_address!.split('@')[1];
  try {
    const sent = await within(
      pools.of(server, password).sendMail({
        from,
        // As an address alone: nothing in it is read as a list of several.
        to: { name: '', address: letter.to },
        ...(server.reply_to ? { replyTo: server.reply_to } : {}),
        subject: letter.subject,
        text: letter.text,
        html: letter.html,
        attachments: letter.pictures ?? [],
        messageId: `<${letter.id}@${domain}>`,
        headers: { ...letter.headers, 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      }),
      server.timeout_seconds * 2,
    );
    return { outcome: 'sent', said: String(sent.response ?? '').slice(0, 300), number: null };
  } catch (error) {
    const { responseCode = 0, command = '', message } = error as { responseCode?: number; command?: string } & Error;
    const said = (password ? message.replaceAll(password, '***') : message).slice(0, 300);
    // 5xx about the recipient or the message is an answer; about the sign-in it is a fault to be mended.
    if (responseCode >= 500 && /^(RCPT TO|DATA|MAIL FROM)/.test(command))
      return { outcome: 'refused', said, number: null };
    const clear = responseCode >= 400 || /^(CONN|EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO)/.test(command);
    return { outcome: clear ? 'unsent' : 'unclear', said, number: null };
  }
}

export interface MailPools {
  of(server: MailServer, password: string | null): Transporter;
  close(): void;
}

export function mailPools(): MailPools {
  const pools = new Map<number, { key: string; transport: Transporter }>();
  return {
    of: (server, password) => {
      const key = JSON.stringify([server, password]);
      const known = pools.get(server.id);
      if (known?.key === key) return known.transport;
      known?.transport.close();
      const wait = server.timeout_seconds * 1000;
      const transport = createTransport({
        pool: true,
        maxConnections: server.parallel,
        host: server.host!,
        port: server.port!,
        secure: server.security === 'tls',
        requireTLS: server.security === 'starttls',
        ignoreTLS: server.security === 'none',
        ...(server.username ? { auth: { user: server.username, pass: password ?? '' } } : {}),
        connectionTimeout: wait,
        greetingTimeout: wait,
        socketTimeout: wait,
        dnsTimeout: wait,
      }) as unknown as Transporter;
      pools.set(server.id, { key, transport });
      return transport;
    },
    close: () => {
      for (const { transport } of pools.values()) transport.close();
      pools.clear();
    },
  };
}

async function within<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
