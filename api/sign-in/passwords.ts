/**
 * Passwords: hashed with argon2id, at most two at once so that a flood of sign-ins can take neither the memory
 * (19 MiB a hash) nor both cores. Nothing here logs or stores a password.
 */
import { hash, verify } from '@node-rs/argon2';
import { problem } from '../errors.ts';
import { tooGuessable } from './guessable-passwords.ts';

export const PASSWORD_MIN = 10;
/** A passphrase fits; a megabyte meant to keep the hash busy does not. */
export const PASSWORD_MAX = 256;

/** OWASP's memory for argon2id with one lane, and twice its passes: about 20 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 4, parallelism: 1 };
const AT_ONCE = 2;
const WAITING_MAX = 100;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * @returns the PHC string to store, e.g. "$argon2id$v=19$m=19456,t=2,p=1$…".
 * @throws Problem 503 `busy` when a hundred others wait already.
 */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(spelled(password), COST));
}

/**
 * Whether the password is the one behind the stored hash. Without a hash (no such person) it hashes against a decoy,
 * so that the answer takes as long.
 * @throws Problem 503 `busy`, as hashPassword
 */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const against = stored ?? (await decoy());
  const matches = await inTurn(() => verify(against, spelled(password)));
  return matches && stored !== null;
}

/**
 * Why a new password is refused, as a message key with its parameters; null when it will do.
 * @param about what an attacker would try first: the person's e-mail and name
 */
export function passwordProblem(
  password: string,
  about: readonly string[] = [],
): { key: string; params?: { [name: string]: number } } | null {
  const length = [...spelled(password)].length;
  if (length < PASSWORD_MIN) return { key: 'password_too_short', params: { min: PASSWORD_MIN } };
  if (password.length > PASSWORD_MAX) return { key: 'password_too_long', params: { max: PASSWORD_MAX } };
  if (tooGuessable(spelled(password), about)) return { key: 'password_too_common' };
  return null;
}

/** One spelling of what two keyboards may send differently (composed or decomposed accents, full-width letters). */
function spelled(password: string): string {
  return password.normalize('NFKC');
}

let decoyHash: Promise<string> | undefined;

function decoy(): Promise<string> {
  // Not through the queue: it is made once, and a first unknown e-mail must not wait twice.
  decoyHash ??= hash('nobody has this password', COST);
  return decoyHash;
}

/** Made at start so that the first unknown e-mail is not slower than the second. */
export async function prepareDecoy(): Promise<void> {
  await decoy();
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX) throw problem(503, 'busy', { seconds: 2 });
    // The one that ends hands its place over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
