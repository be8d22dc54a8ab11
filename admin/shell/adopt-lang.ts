import type { Lang } from '../../api/contract.ts';
import { send } from '../refine/http.ts';
import { queryClient } from '../refine/query-client.ts';

/** Tells the account which language was chosen; then what the server says in words (titles, errors) is asked again. */
export async function adoptLang(lang: Lang): Promise<void> {
  await send('PATCH', '/api/auth/me', { body: { lang } }).catch(() => undefined);
  // Not what an open form was read from: it stays as it is until it is saved.
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== 'form' });
}
