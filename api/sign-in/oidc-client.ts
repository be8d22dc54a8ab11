/**
 * Talking to the identity provider: OpenID Connect, authorization code with PKCE, state and nonce. What comes back is
 * believed only when the ID token's signature, issuer, audience, times and nonce are right.
 */
import * as oauth from 'oauth4webapi';
import type { OidcConfig } from '../config.ts';
import { OidcFault } from './oidc-fault.ts';

/** What the browser keeps between going to the provider and coming back, in a cookie of its own. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  /** Where they were going, a path of ours. */
  to: string;
}

export interface Claims {
  issuer: string;
  subject: string;
  email: string | null;
  email_verified: boolean;
  name: string | null;
  /** Everything the provider said, for the mapping of roles. */
  all: { [claim: string]: unknown };
}

const TIMEOUT_MS = 8_000;
const DISCOVERED_MS = 3_600_000;
const discovered = new Map<string, { server: oauth.AuthorizationServer; until: number }>();

/** @returns where to send the browser, and what it must bring back. @throws OidcFault `oidc_away` */
export async function beginSignIn(
  config: OidcConfig,
  { redirect_uri, to }: { redirect_uri: string; to: string },
): Promise<{ address: string; attempt: Attempt }> {
  const server = await discover(config);
  if (!server.authorization_endpoint) throw new OidcFault('oidc_away', 'the provider names no authorization_endpoint');
  const attempt = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    to,
  };
  const address = new URL(server.authorization_endpoint);
  const params = {
    client_id: config.client_id,
    redirect_uri,
    response_type: 'code',
    scope: 'openid email profile',
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(params)) address.searchParams.set(name, value);
  return { address: address.href, attempt };
}

/** @param answer the query the browser came back with. @throws OidcFault */
export async function finishSignIn(
  config: OidcConfig,
  { answer, attempt, redirect_uri }: { answer: URLSearchParams; attempt: Attempt; redirect_uri: string },
): Promise<Claims> {
  const server = await discover(config);
  const client: oauth.Client = { client_id: config.client_id };
  const options = optionsOf(config);
  try {
    const checked = oauth.validateAuthResponse(server, client, answer, attempt.state);
    const authentication = config.client_secret
      ? (server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']).includes('client_secret_basic')
        ? oauth.ClientSecretBasic(config.client_secret)
        : oauth.ClientSecretPost(config.client_secret)
      : oauth.None();
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      checked,
      redirect_uri,
      attempt.verifier,
      options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: attempt.nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, options);
    const token = oauth.getValidatedIdTokenClaims(tokens)!;
    const more = await userInfo(config, server, client, tokens.access_token, token);
    return claimsOf(token, { ...more, ...token });
  } catch (error) {
    throw faultOf(error);
  }
}

/** Some providers tell the address only when asked for it. */
async function userInfo(
  config: OidcConfig,
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  access_token: string,
  token: oauth.IDToken,
): Promise<{ [claim: string]: unknown }> {
  if (typeof token.email === 'string' || !server.userinfo_endpoint) return {};
  const response = await oauth.userInfoRequest(server, client, access_token, optionsOf(config));
  return { ...(await oauth.processUserInfoResponse(server, client, token.sub, response)) };
}

function claimsOf(token: oauth.IDToken, all: { [claim: string]: unknown }): Claims {
  const text = (name: string) => {
    const value = all[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  return {
    issuer: token.iss,
    subject: token.sub,
    email: text('email')?.toLowerCase() ?? null,
    email_verified: all.email_verified === true,
    name: text('name') ?? text('preferred_username'),
    all,
  };
}

async function discover(config: OidcConfig): Promise<oauth.AuthorizationServer> {
  const known = discovered.get(config.issuer);
  if (known && known.until > Date.now()) return known.server;
  const issuer = new URL(config.issuer);
  try {
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...optionsOf(config) });
    const server = await oauth.processDiscoveryResponse(issuer, response);
    discovered.set(config.issuer, { server, until: Date.now() + DISCOVERED_MS });
    return server;
  } catch (error) {
    throw new OidcFault('oidc_away', describe(error));
  }
}

function optionsOf({ issuer }: OidcConfig) {
  return {
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
    // Plain http is taken by the configuration from this machine alone.
    [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
  };
}

function faultOf(error: unknown): OidcFault {
  if (error instanceof OidcFault) return error;
  if (error instanceof oauth.AuthorizationResponseError) {
    return new OidcFault(error.error === 'access_denied' ? 'oidc_cancelled' : 'oidc_refused', describe(error));
  }
  if (error instanceof oauth.ResponseBodyError) return new OidcFault('oidc_refused', describe(error));
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return new OidcFault('oidc_invalid', describe(error));
  }
  return new OidcFault('oidc_away', describe(error));
}

/** For the log: never a token or a code. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, error: said } = error as { code?: unknown; error?: unknown };
  return [error.message, code, said].filter((part) => typeof part === 'string').join(', ');
}
