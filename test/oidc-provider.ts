/** A small OpenID Connect provider on 127.0.0.1 with a real signing key. It does what the protocol says, unless told to misbehave. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CLIENT_ID = 'evergreen';
export const CLIENT_SECRET = 'between provider & console';

export interface Behaviour {
  /** Who signs in at the provider. */
  claims: { [claim: string]: unknown };
  /** What is different about the ID token. */
  token?: { [claim: string]: unknown };
  /** Signs with a key that is not in the JWKS. */
  forged?: boolean;
  /** Answers the browser with this error instead of a code. */
  error?: string;
  /** Sends the browser back with another state. */
  state?: string;
  /** Tells name and address at the userinfo endpoint only. */
  shy?: boolean;
  /** The token endpoint says 500. */
  broken?: boolean;
}

export interface OidcProvider {
  issuer: string;
  behave: Behaviour;
  /** What browsers asked at the authorization endpoint. */
  asked: URLSearchParams[];
  stop(): Promise<void>;
}

interface Grant {
  nonce: string;
  challenge: string;
  redirect_uri: string;
}

export async function startOidcProvider(): Promise<OidcProvider> {
  const real = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OidcProvider = {
    issuer,
    behave: { claims: {} },
    asked: [],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return provider;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          code_challenge_methods_supported: ['S256'],
        });
      case '/jwks':
        return json(response, 200, {
          keys: [{ ...real.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
        });
      case '/authorize':
        return authorize(url.searchParams, response);
      case '/token':
        return json(response, ...token(request, new URLSearchParams(await textOf(request))));
      case '/userinfo':
        return json(response, 200, provider.behave.claims);
      default:
        return json(response, 404, {});
    }
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    provider.asked.push(asked);
    const { error, state } = provider.behave;
    const back = new URL(asked.get('redirect_uri')!);
    back.searchParams.set('state', state ?? asked.get('state')!);
    if (error) back.searchParams.set('error', error);
    else {
      const code = randomBytes(16).toString('hex');
      grants.set(code, {
        nonce: asked.get('nonce')!,
        challenge: asked.get('code_challenge')!,
        redirect_uri: asked.get('redirect_uri')!,
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  function token(request: IncomingMessage, form: URLSearchParams): [status: number, body: object] {
    const { claims, token: changed, forged, shy, broken } = provider.behave;
    if (broken) return [500, {}];
    const grant = grants.get(form.get('code') ?? '');
    // A code is good once.
    grants.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const basic = Buffer.from(`${encodeURIComponent(CLIENT_ID)}:${formEncoded(CLIENT_SECRET)}`).toString('base64');
    if (request.headers.authorization !== `Basic ${basic}`) return [401, { error: 'invalid_client' }];
    if (!grant || grant.challenge !== challenge || grant.redirect_uri !== form.get('redirect_uri'))
      return [400, { error: 'invalid_grant' }];
    const now = Math.floor(Date.now() / 1000);
    const said = shy ? { sub: claims.sub } : claims;
    const body = { iss: issuer, aud: CLIENT_ID, iat: now, exp: now + 300, nonce: grant.nonce, ...said, ...changed };
    const id_token = jwt(body, forged ? other.privateKey : real.privateKey);
    return [200, { access_token: randomBytes(8).toString('hex'), token_type: 'Bearer', id_token }];
  }
}

function jwt(body: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'one' })}.${part(body)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

/** As application/x-www-form-urlencoded writes it, which is what the specification asks of client secrets. */
function formEncoded(text: string): string {
  return new URLSearchParams({ _: text }).toString().slice(2);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
