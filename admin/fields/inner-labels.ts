/** Titles of what the rows of a field name, by column and id: "lines.owner_id" is the column owner_id of lines. */
import type { RelationLabels } from '../../api/contract.ts';

export function innerLabels(
  name: string,
  labels: RelationLabels | undefined,
): { [column: string]: { [id: string]: string } } {
  const mine = Object.entries(labels ?? {}).filter(([path]) => path.startsWith(`${name}.`));
  return Object.fromEntries(
    mine.flatMap(([path, label]) => (typeof label === 'object' ? [[path.slice(name.length + 1), label]] : [])),
  );
}
