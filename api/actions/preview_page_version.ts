/** A signed address by which a draft can be looked at without an account, for a week. */
import { signToken } from '../campaign-pages/signed-token.ts';
import { readVersion } from '../campaign-pages/store.ts';
import { problem } from '../errors.ts';
import type { ActionHandler } from '../records/action.ts';

const DAYS = 7;

export const act: ActionHandler['act'] = async ({ config }, { id, trx }) => {
  const version = await readVersion(trx, { id: id! });
  if (!version) throw problem(404, 'not_found');
  const token = signToken(config, 'page preview', version.id, DAYS);
  return {
    message: [`预览链接，${DAYS} 天内有效`, `Preview link, for ${DAYS} days`],
    secret: `${config.public_url ?? ''}/p/${version.code}/preview/${token}`,
  };
};
