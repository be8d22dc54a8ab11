/** The people of the demo programme, one per role, all with one well-known password: never in somebody's own database unasked. */
import type { Kysely } from 'kysely';
import type { Pair, Role } from '../contract.ts';
import type { DB } from '../schema.ts';
import { hashPassword } from './passwords.ts';

export const DEMO_PASSWORD = 'evergreen-demo';

export interface DemoUser {
  email: string;
  name: Pair;
  role: Role;
  pii: boolean;
}

export const DEMO_USERS: readonly DemoUser[] = [
  { email: 'admin@evergreen.example', name: ['林知远', 'Lin Zhiyuan'], role: 'administrator', pii: true },
  { email: 'operator@evergreen.example', name: ['周晓棠', 'Zhou Xiaotang'], role: 'operator', pii: false },
  { email: 'reviewer@evergreen.example', name: ['沈一诺', 'Shen Yinuo'], role: 'reviewer', pii: false },
  { email: 'service@evergreen.example', name: ['何佳宁', 'He Jianing'], role: 'customer_service', pii: false },
  { email: 'manager@evergreen.example', name: ['顾南舟', 'Gu Nanzhou'], role: 'manager', pii: false },
  { email: 'analyst@evergreen.example', name: ['程予安', 'Cheng Yuan'], role: 'analyst', pii: false },
  { email: 'viewer@evergreen.example', name: ['方思齐', 'Fang Siqi'], role: 'viewer', pii: false },
];

/** Adds those of the demo people whose address is free; existing ones are left as they are. */
export async function addDemoUsers(db: Kysely<DB>): Promise<void> {
  // One hash for all seven: the password is printed on the sign-in page anyway.
  const password_hash = await hashPassword(DEMO_PASSWORD);
  await db
    .insertInto('app.users')
    .values(
      DEMO_USERS.map(({ email, name, role, pii }) => ({ email, name: name[0], roles: [role], pii, password_hash })),
    )
    .onConflict((conflict) => conflict.column('email').doNothing())
    .execute();
}
