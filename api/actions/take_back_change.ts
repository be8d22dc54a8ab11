/** Proposes the opposite of a change that was applied; at once where nobody's consent is needed. */
import type { Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import type { ActionHandler } from '../records/action.ts';
import { moveOn } from '../records/change-course.ts';
import { storeProposal } from '../records/change-requests.ts';
import { readCurrent } from '../records/read-current.ts';

export const act: ActionHandler['act'] = async (deps, { id, writer, trx }) => {
  const done = await trx.selectFrom('app.change_requests').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const resource = deps.resources.get(done.resource);
  if (!resource) throw problem(404, 'not_found');
  if (!accessOf(writer.caller, resource).edit) throw problem(403, 'forbidden_edit', { resource: resource.label });
  const current = await readCurrent(deps, resource, done.record_id!, writer);
  if (!current) throw problem(409, 'change_record_gone');
  const opposite = await storeProposal(
    deps,
    resource,
    {
      ...{ action: 'update', id: done.record_id, base: done.changes as Row, changes: done.base as Row },
      ...{ base_version: current.version as number, reverts_id: done.id },
    },
    writer,
  );
  const request = await trx
    .selectFrom('app.change_requests')
    .selectAll()
    .where('id', '=', opposite)
    .executeTakeFirstOrThrow();
  const target = { resource: 'change_requests', id: opposite };
  if ((await moveOn(deps, trx, request, writer)) === 'waits')
    return { message: ['回滚申请已提交审批', 'Sent for consent'], ...target };
  return { message: ['已回滚', 'Rolled back'], ...target };
};
