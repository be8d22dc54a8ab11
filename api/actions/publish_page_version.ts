/** A draft goes live, with what carries a data-hm id in it written down. */
import { publishPageVersion } from '../campaign-pages/publish.ts';
import type { ActionHandler } from '../records/action.ts';
import { announce } from '../records/announce.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  const answer = await publishPageVersion(trx, {
    id: id!,
    user_id: writer.caller.id,
    share_rate: (input.share_rate ?? null) as string | null,
  });
  announce(deps, 'pages', [], trx);
  announce(deps, 'page_versions', [], trx);
  return answer;
};
