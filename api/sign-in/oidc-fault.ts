/** Why somebody who came from the identity provider is not let in; the sign-in page has a sentence for each. */
export const OIDC_FAULTS = [
  'oidc_cancelled',
  'oidc_expired',
  'oidc_refused',
  'oidc_invalid',
  'oidc_away',
  'oidc_no_email',
  'oidc_domain',
  'oidc_unknown',
  'oidc_other_person',
  'oidc_disabled',
  'oidc_no_role',
] as const;
export type OidcFaultKey = (typeof OIDC_FAULTS)[number];

export class OidcFault extends Error {
  readonly key: OidcFaultKey;
  /** @param detail for the log */
  constructor(key: OidcFaultKey, detail = '') {
    super(detail ? `${key}: ${detail}` : key);
    this.name = 'OidcFault';
    this.key = key;
  }
}
